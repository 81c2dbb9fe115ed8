use super::*;
use proptest::prelude::*;

fn source() -> CurveSource {
    CurveSource {
        set: "test".into(),
        images: 0,
        people: 0,
        failed_to_detect: 0,
        impostor_pairs: 0,
    }
}

/// Cosines spread evenly over `0..1`: the FMR at cosine `c` is `1 - c`.
fn uniform(n: usize) -> Curve {
    let impostors = (0..n).map(|i| (i as f32 + 0.5) / n as f32).collect();
    Curve::measure("test@1", source(), impostors).expect("enough pairs")
}

#[test]
fn score_is_the_rarity_among_impostors() {
    let curve = uniform(1_000_000);
    for (cosine, score) in [(0.9, 20.0), (0.99, 30.0), (0.999, 40.0)] {
        let found = curve.score(cosine).score.get();
        assert!((found - score).abs() < 0.06, "{cosine}: {found}");
        let back = curve
            .cosine_at(Score::from_curve(score))
            .expect("supported");
        assert!((back - f64::from(cosine)).abs() < 2e-3);
    }
}

#[test]
fn thirty_errors_are_the_limit() {
    let curve = uniform(300_000);
    assert!((curve.limit().get() - 50.0).abs() < 0.011);
    let top = curve.score(1.0);
    assert_eq!((top.score, top.at_limit), (curve.limit(), true));
    assert_eq!(curve.cosine_at(Score::from_curve(50.1)), None);
    let least = Curve::measure("t@1", source(), vec![0.0; 299]);
    assert!(least.expect_err("too few").contains("at least 300"));
}

#[test]
fn survives_a_round_trip_and_refuses_a_falling_curve() {
    let curve = uniform(5_000);
    let text = toml_text(&curve);
    assert_eq!(Curve::parse(&text).expect("a curve"), curve);
    assert!(Curve::parse(&text.replacen("format = 2", "format = 1", 1)).is_ok());
    let broken = text
        .replacen("cosines = [", "cosines = [0.99, ", 1)
        .replacen("scores = [", "scores = [9.0, ", 1);
    assert!(Curve::parse(&broken).is_err());
    assert!(Curve::parse(&text.replacen("format = 2", "format = 3", 1)).is_err());
}

/// An exponential tail of mean 0.03 above 0.2.
fn exponential(n: usize) -> Curve {
    let quantile = |i: usize| 0.2 - 0.03 * ((i as f64 + 0.5) / n as f64).ln();
    let impostors = (0..n).map(|i| quantile(i) as f32).collect();
    Curve::measure("test@1", source(), impostors).expect("enough pairs")
}

#[test]
fn decibels_between_two_cosines_go_on_beyond_both_ends_of_the_curve() {
    // FMR at cosine c is 1 - c: from 0.9 to 0.99 it falls to a tenth.
    let within = uniform(1_000_000).decibels_between(0.99, 0.9);
    assert!((within - 10.0).abs() < 0.1, "{within}");
    // On the tail every 0.03 · ln 10 is 10 dB, however far beyond the last score.
    let curve = exponential(300_000);
    let step = 0.03 * 10.0_f32.ln();
    for low in [0.6, 0.7, 0.8] {
        assert!(curve.score(low).at_limit);
        let step_up = curve.decibels_between(low + step, low);
        assert!((step_up - 10.0).abs() < 0.5, "{low}: {step_up}");
        assert!((step_up + curve.decibels_between(low, low + step)).abs() < 1e-9);
    }
    assert_eq!(curve.decibels_between(0.9, 0.9), 0.0);
    // Below the first knot, where every score is 10, by the slope of the first two: 0.5 dB in 0.03 · ln 10 / 20.
    let below = curve.decibels_between(0.1, 0.1 - step);
    assert!((below - 10.0).abs() < 0.5, "{below}");
    // Without a tail by the slope of the last knots.
    let mut short = exponential(300_000);
    short.tail = None;
    let beyond = short.decibels_between(0.9, 0.9 - step);
    assert!((beyond - 10.0).abs() < 2.0, "{beyond}");
}

#[test]
fn a_search_goes_on_along_the_tail_to_the_last_impostor() {
    let curve = exponential(300_000);
    let (limit, reach) = (curve.limit().get(), curve.search_limit().get());
    assert!((reach - limit - 14.77).abs() < 0.02, "{limit} {reach}");
    let at = |fmr: f64| (0.2 - 0.03 * fmr.ln()) as f32;
    for score in [45.0, 52.0, 58.0, 64.0] {
        let cosine = at(Score::from_curve(score).fmr());
        let found = curve.search_score(cosine).get();
        assert!((found - score).abs() < 0.3, "{score}: {found}");
        assert!(curve.score(cosine).score <= curve.limit());
    }
    assert_eq!(curve.search_score(1.0).get(), reach);
    let far = Score::from_curve(60.0);
    let bound = curve.search_fmr(far) / far.fmr();
    assert!(bound > 1.6 && bound < 2.4, "{bound}");
    assert_eq!(curve.search_fmr(curve.limit()), curve.limit().fmr());
}

#[test]
fn a_curve_without_a_tail_ends_a_search_where_it_ends_itself() {
    let curve = uniform(5_000);
    assert_eq!((curve.tail, curve.search_limit()), (None, curve.limit()));
    assert_eq!(curve.search_score(1.0), curve.limit());
}

#[test]
fn a_tail_survives_a_round_trip_and_a_forged_one_is_refused() {
    let curve = exponential(300_000);
    let text = toml::to_string(&curve).expect("text");
    assert_eq!(Curve::parse(&text).expect("a curve"), curve);
    for (from, to) in [
        ("exceedances = 100", "exceedances = 3001"),
        ("mean_excess = 0.0", "mean_excess = -0.0"),
        ("format = 2", "format = 1"),
    ] {
        let forged = text.replacen(from, to, 1);
        assert_ne!(text, forged);
        assert!(
            Curve::parse(&forged)
                .expect_err("refused")
                .to_string()
                .contains("tail")
        );
    }
}

/// Enough of a TOML writer for the test; the tool writes real files with toml_edit.
fn toml_text(curve: &Curve) -> String {
    let s = &curve.source;
    format!(
        "format = {}\nmodel_id = \"{}\"\nscore_limit = {:?}\nscores = {:?}\ncosines = {:?}\n[source]\nset = \"{}\"\nimages = {}\npeople = {}\nfailed_to_detect = {}\nimpostor_pairs = {}\n",
        curve.format,
        curve.model_id,
        curve.score_limit,
        curve.scores,
        curve.cosines,
        s.set,
        s.images,
        s.people,
        s.failed_to_detect,
        s.impostor_pairs
    )
}

#[test]
fn equal_impostors_never_flatter_a_score() {
    let same = Curve::measure("t@1", source(), vec![0.5; 3_000]).expect("enough");
    assert!((same.score(0.5).score.fmr() - 1.0).abs() < 1e-9);
    let impostors: Vec<f32> = (0..3_000).map(|i| (i / 300) as f32 / 10.0).collect();
    let curve = Curve::measure("t@1", source(), impostors.clone()).expect("enough");
    for &cosine in &impostors {
        let reached = impostors.iter().filter(|&&other| other >= cosine).count();
        let fmr = curve.score(cosine).score.fmr();
        assert!(fmr >= reached as f64 / 3_000.0 - 1e-3, "{cosine}: {fmr}");
    }
}

#[test]
fn a_forged_curve_cannot_promise_more_than_its_counts() {
    let text = toml_text(&uniform(5_000));
    let forged = text.replacen("impostor_pairs = 5000", "impostor_pairs = 100", 1);
    assert_ne!(text, forged);
    assert!(
        Curve::parse(&forged)
            .expect_err("refused")
            .to_string()
            .contains("support")
    );
}

/// What is done to a good curve.
type Change<'a> = &'a dyn Fn(&mut Curve);

/// One thing is wrong at a time, and on both sides of each limit.
#[test]
fn each_thing_that_a_curve_must_be_is_asked_for() {
    let good = || Curve {
        format: 2,
        model_id: "t@1".into(),
        source: CurveSource {
            impostor_pairs: 300_000,
            ..source()
        },
        score_limit: 40.0,
        scores: vec![10.0, 20.0, 30.0, 40.0],
        cosines: vec![-1.01, 0.2, 0.2, 1.01],
        tail: None,
    };
    let parsed = |change: Change| {
        let mut curve = good();
        change(&mut curve);
        Curve::parse(&toml_text(&curve))
    };
    assert!(
        parsed(&|_| ()).is_ok(),
        "equal cosines are allowed, and so are both ends"
    );
    assert!(
        parsed(&|c| c.scores[3] = 50.0).is_err(),
        "ends elsewhere than at its limit"
    );
    let shapeless: [(&str, Change); 9] = [
        ("equal scores", &|c| c.scores[2] = 20.0),
        ("falling scores", &|c| c.scores[2] = 15.0),
        ("falling cosines", &|c| c.cosines[1] = 0.21),
        ("a cosine above 1.01", &|c| c.cosines[3] = 1.0101),
        ("a cosine below -1.01", &|c| c.cosines[0] = -1.0101),
        ("a cosine without a score", &|c| c.cosines.push(1.01)),
        ("a score without a cosine", &|c| c.cosines.truncate(3)),
        ("one knot", &|c| {
            (c.scores, c.cosines, c.score_limit) = (vec![10.0], vec![0.0], 10.0);
        }),
        ("no knot", &|c| (c.scores, c.cosines) = (vec![], vec![])),
    ];
    for (what, change) in shapeless {
        let refused = parsed(change).expect_err(what).to_string();
        assert!(refused.contains("rise together"), "{what}: {refused}");
    }
    let end_at = |limit: f64| move |c: &mut Curve| (c.scores[3], c.score_limit) = (limit, limit);
    assert!(
        parsed(&end_at(50.0)).is_ok(),
        "30 errors of 300,000 pairs support 50"
    );
    let unsupported: [(&str, Change); 3] = [
        ("more than its pairs support", &end_at(50.01)),
        ("begins above 10", &|c| c.scores[0] = 11.0),
        ("begins below 10", &|c| c.scores[0] = 9.0),
    ];
    for (what, change) in unsupported {
        let refused = parsed(change).expect_err(what).to_string();
        assert!(refused.contains("support"), "{what}: {refused}");
    }
    for (format, allowed) in [(0, false), (1, true), (2, true), (3, false)] {
        let parsed = parsed(&|c| c.format = format);
        assert_eq!(parsed.is_ok(), allowed, "format {format}");
    }
    assert!(parsed(&|c| (c.scores[3], c.score_limit) = (101.0, 101.0)).is_err());
}

proptest! {
    #[test]
    fn a_higher_cosine_never_scores_lower(mut a in -1.0_f32..1.0, mut b in -1.0_f32..1.0, ties in 1_usize..50) {
        if a > b { std::mem::swap(&mut a, &mut b); }
        let impostors = (0..3_000).map(|i| ((i / ties) as f32 / 1_500.0 * 0.7).sin()).collect();
        let curve = Curve::measure("t@1", source(), impostors).expect("enough");
        prop_assert!(curve.score(a).score <= curve.score(b).score);
    }
}
