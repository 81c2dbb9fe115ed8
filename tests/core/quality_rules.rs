//! Quality control: every level on both sides of each border, and tables of rules.

use vultus::DetectOptions;
use vultus::MaskState;
use vultus::config::{MinFaceSize, QualityControl};
use vultus::error::{Coded, Error, Status};
use vultus::geom::Pose;
use vultus::quality::{
    Completeness, EyesOpen, MaskSeen, Measured, QualityRefused, QualityReport, QualityRules,
};
use vultus_testkit::{lite, photo};

fn best() -> QualityReport {
    QualityReport {
        total: 95.0,
        measured: Measured {
            sharpness: 95.0,
            blur: 2.5,
            brightness: 50.0,
            over_exposed: 0.0,
            under_exposed: 0.0,
            noise: 1.0,
            block_steps: 1.0,
            in_frame: 1.0,
            completeness: Completeness {
                eyebrows: 95.0,
                eyes: 95.0,
                nose: 95.0,
                cheeks: 95.0,
                mouth: 95.0,
                chin: 95.0,
            },
        },
        pose: Pose::default(),
        eye_distance_px: 90.0,
        face_px: 200.0,
        eyes: EyesOpen {
            apertures: [0.3, 0.3],
            by_network: true,
        },
        mask: None,
        learned: None,
    }
}

fn level(n: u8) -> QualityControl {
    QualityControl::new(n).unwrap()
}

/// The least level that refuses a report; 5 when none does.
fn refused_from(change: impl Fn(&mut QualityReport)) -> u8 {
    let mut report = best();
    change(&mut report);
    let rules = QualityRules::default();
    let refuses = |n: u8| rules.check(&report, level(n)).is_err();
    let first = (0..=4).find(|&n| refuses(n)).unwrap_or(5);
    // What a level refuses, every higher one does.
    assert!((first..=4).all(refuses));
    first
}

#[test]
fn level_1_refuses_great_blur_and_covered_eyes_nose_and_mouth() {
    assert_eq!(refused_from(|_| ()), 5);
    assert_eq!(refused_from(|r| r.measured.sharpness = 39.9), 1);
    assert_ne!(refused_from(|r| r.measured.sharpness = 40.0), 1);
    assert_eq!(refused_from(|r| r.measured.completeness.eyes = 79.9), 1);
    assert_eq!(refused_from(|r| r.measured.completeness.eyes = 80.0), 5);
    assert_eq!(refused_from(|r| r.measured.completeness.nose = 59.9), 1);
    assert_eq!(refused_from(|r| r.measured.completeness.nose = 60.0), 5);
    assert_eq!(refused_from(|r| r.measured.completeness.mouth = 49.9), 1);
    assert_eq!(refused_from(|r| r.measured.completeness.mouth = 50.0), 5);
    assert_eq!(refused_from(|r| r.measured.sharpness = f32::NAN), 1);
}

#[test]
fn one_gross_flaw_fails_every_level_but_0() {
    assert_eq!(refused_from(|r| r.measured.brightness = 4.9), 1);
    assert_ne!(refused_from(|r| r.measured.brightness = 5.0), 1);
    assert_eq!(refused_from(|r| r.measured.brightness = 95.1), 1);
    assert_ne!(refused_from(|r| r.measured.brightness = 95.0), 1);
    assert_eq!(refused_from(|r| r.total = 19.9), 1);
    assert_ne!(refused_from(|r| r.total = 20.0), 1);
}

#[test]
fn level_2_refuses_three_lesser_flaws_and_level_3_any() {
    type Change = fn(&mut QualityReport);
    // Each just across its border, and just on the right side of it.
    let flaws: [(Change, Change); 6] = [
        (
            |r| r.measured.brightness = 29.9,
            |r| r.measured.brightness = 35.0,
        ),
        (
            |r| r.measured.brightness = 70.1,
            |r| r.measured.brightness = 65.0,
        ),
        (
            |r| r.measured.sharpness = 79.9,
            |r| r.measured.sharpness = 80.0,
        ),
        (
            |r| r.measured.completeness.eyebrows = 79.9,
            |r| r.measured.completeness.eyebrows = 80.0,
        ),
        (
            |r| r.measured.completeness.cheeks = 69.9,
            |r| r.measured.completeness.cheeks = 70.0,
        ),
        (
            |r| r.measured.completeness.chin = 69.9,
            |r| r.measured.completeness.chin = 70.0,
        ),
    ];
    for (i, (wrong, right)) in flaws.iter().enumerate() {
        assert_eq!(refused_from(wrong), 3, "flaw {i}");
        assert_eq!(refused_from(right), 5, "flaw {i}");
    }
    for a in 0..6 {
        for b in a + 1..6 {
            let two = |r: &mut QualityReport| {
                flaws[a].0(r);
                flaws[b].0(r);
            };
            assert_eq!(refused_from(two), 3, "{a} {b}");
            for (c, third) in flaws.iter().enumerate().skip(b + 1) {
                // Too dark and too bright at once is one flaw, the later one.
                let expected = if (a, b) == (0, 1) { 3 } else { 2 };
                let three = |r: &mut QualityReport| {
                    two(r);
                    third.0(r);
                };
                assert_eq!(refused_from(three), expected, "{a} {b} {c}");
            }
        }
    }
}

#[test]
fn level_4_lets_one_slight_flaw_pass() {
    type Change = fn(&mut QualityReport);
    let slight: [(Change, Change); 8] = [
        (|r| r.total = 69.9, |r| r.total = 70.0),
        (
            |r| r.measured.brightness = 34.9,
            |r| r.measured.brightness = 35.0,
        ),
        (
            |r| r.measured.over_exposed = 0.051,
            |r| r.measured.over_exposed = 0.05,
        ),
        (
            |r| r.measured.in_frame = 0.979,
            |r| r.measured.in_frame = 0.98,
        ),
        (|r| r.pose.yaw = 20.1, |r| r.pose.yaw = 19.9),
        (
            |r| r.eyes.apertures[1] = 0.124,
            |r| r.eyes.apertures[1] = 0.126,
        ),
        (|r| r.measured.noise = 6.1, |r| r.measured.noise = 6.0),
        (|r| r.eye_distance_px = 29.9, |r| r.eye_distance_px = 30.0),
    ];
    for (i, (wrong, _)) in slight.iter().enumerate() {
        assert_eq!(refused_from(wrong), 5, "{i}: one is let pass");
        for (j, (other, right)) in slight.iter().enumerate() {
            if i != j {
                let both = |r: &mut QualityReport| {
                    wrong(r);
                    other(r);
                };
                assert_eq!(refused_from(both), 4, "{i} {j}");
                let one = |r: &mut QualityReport| {
                    wrong(r);
                    right(r);
                };
                assert_eq!(refused_from(one), 5, "{i} {j}");
            }
        }
    }
}

#[test]
fn a_mask_is_no_flaw_of_what_it_covers() {
    let covered = |worn: bool| {
        move |r: &mut QualityReport| {
            r.mask = Some(MaskSeen {
                worn,
                probability: if worn { 0.9 } else { 0.1 },
            });
            let parts = &mut r.measured.completeness;
            (parts.nose, parts.mouth, parts.chin, parts.cheeks) = (5.0, 0.0, 0.0, 30.0);
        }
    };
    assert_eq!(refused_from(covered(false)), 1);
    assert_eq!(refused_from(covered(true)), 5);
    let glasses_too = |r: &mut QualityReport| {
        covered(true)(r);
        r.measured.completeness.eyes = 20.0;
    };
    assert_eq!(refused_from(glasses_too), 1);
}

#[test]
fn the_refusal_says_what_is_wrong_and_by_how_much() {
    let mut report = best();
    report.measured.sharpness = 31.5;
    report.measured.completeness.nose = 12.0;
    let refused = QualityRules::default()
        .check(&report, level(1))
        .unwrap_err();
    assert_eq!(refused.status(), Status::FaceQualityNotQualified);
    let text = refused.to_string();
    assert_eq!(
        text,
        "quality control 1 refuses: very_blurred (sharpness 31.5 is below 40), \
         nose_covered (nose 12.0 is below 60)"
    );
    let error = Error::from(refused);
    assert_eq!(error.detail::<QualityRefused>().unwrap().reasons.len(), 2);
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let flaw = "[[flaw]]\nname = \"dark\"\ncomponent = \"brightness\"\nbelow = 30.0\n";
    let refusal = "[[refusal]]\nlevel = 1\nat_least = 1\nof = [\"dark\"]\n";
    assert!(QualityRules::parse(&format!("{flaw}{refusal}")).is_ok());
    for (from, to, named) in [
        ("level = 1", "level = 5", "level is 5"),
        ("at_least = 1", "at_least = 2", "at_least is 2"),
        ("at_least = 1", "at_least = 0", "at_least is 0"),
        ("of = [\"dark\"]", "of = [\"dim\"]", "no flaw dim"),
        ("below = 30.0", "", "either below or above"),
        ("below = 30.0", "below = nan", "no number"),
        (
            "below = 30.0",
            "below = 30.0\nabove = 3.0",
            "either below or above",
        ),
        ("brightness", "beauty", "beauty"),
        (
            "[[refusal]]",
            "[[flaw]]\nname = \"dark\"\ncomponent = \"eyes\"\nbelow = 1.0\n[[refusal]]",
            "two flaws",
        ),
    ] {
        let text = format!("{flaw}{refusal}").replacen(from, to, 1);
        let error = QualityRules::parse(&text).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
        assert_eq!(error.status(), Status::InvalidParameter);
    }
}

#[test]
fn size_stays_an_error_of_its_own_and_comes_first() {
    let picture = photo("people/barack_obama/portrait.jpg");
    let options = DetectOptions {
        min_face: MinFaceSize::new(1000).unwrap(),
        rotate: false,
    };
    let error = lite()
        .session()
        .unwrap()
        .largest_face(&picture.frame(), &options)
        .unwrap_err();
    assert_eq!(error.status(), Status::FaceSizeTooSmall);
}

#[test]
fn a_capability_that_the_pack_lacks_is_named() {
    let picture = photo("people/barack_obama/portrait.jpg");
    let (frame, mut session) = (picture.frame(), lite().session().unwrap());
    let face = session
        .largest_face(&frame, &DetectOptions::default())
        .unwrap();
    assert_eq!(session.quality(&frame, &face).unwrap().mask, None);
    let error = session.mask(&frame, &face).unwrap_err();
    assert_eq!(error.status(), Status::FeatureNotAvailable);
    let error = lite().curve(MaskState::WORN).unwrap_err();
    assert_eq!(error.status(), Status::CalibrationMissing);
    assert_eq!(
        lite().curve(MaskState::BARE).unwrap().model_id(),
        &**lite().pack().model_id()
    );
}
