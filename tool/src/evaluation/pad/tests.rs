use super::*;
use crate::datasets::presentations::{Age, Label};
use crate::statistics::Share;
use vultus::liveness::{Evidence, Liveness, Reason, Reasons};

fn reasons(reason: Reason) -> Reasons {
    Reasons::default().with(reason)
}

fn judged(
    species: &str,
    subject: &str,
    verdict: Option<Liveness>,
    score: Option<f32>,
) -> JudgedPresentation {
    JudgedPresentation {
        number: 0,
        label: Label {
            species: species.to_owned(),
            subject: subject.to_owned(),
            artefact: (species != "live").then(|| format!("of-{subject}")),
        },
        conditions: JudgedConditions {
            class: Some("A"),
            distance_mm: Some(300.0),
            yaw_deg: Some(-7.6),
            light: None,
            wearing: vec!["glasses".to_owned()],
            age: Age::Adult,
        },
        answer: Answer {
            verdict,
            score,
            evidence: Evidence::default(),
            measures: Vec::new(),
        },
    }
}

const LIVE: Option<Liveness> = Some(Liveness::Live);

fn spoof() -> Option<Liveness> {
    Some(Liveness::Spoof(reasons(Reason::Relief)))
}

fn unclear() -> Option<Liveness> {
    Some(Liveness::Inconclusive(reasons(Reason::TooFar)))
}

#[test]
fn an_artefact_counts_once_and_by_its_best_attempt() {
    let set = [
        judged("flat", "a", spoof(), Some(0.1)),
        judged("flat", "a", LIVE, Some(0.9)),
        judged("flat", "a", unclear(), None),
        judged("flat", "b", unclear(), None),
        judged("flat", "c", None, None),
        judged("mask", "a", spoof(), Some(0.2)),
    ];
    let tally = Tally::of(&set);
    let flat = tally.species["flat"];
    assert_eq!((flat.n(), flat.accepted, flat.refused), (3, 1, 0));
    assert_eq!((flat.inconclusive, flat.no_face), (1, 1));
    // Both conventions: of everything, and of what was decided.
    assert_eq!(flat.apcer(), Share { hits: 1, total: 3 });
    assert_eq!(flat.apcer_decided(), Share { hits: 1, total: 1 });
    assert_eq!(
        tally.worst(Counts::apcer),
        Some(("flat", Share { hits: 1, total: 3 }))
    );
    assert!(tally.conditions.is_empty());
}

#[test]
fn a_person_counts_once_and_by_the_worst_attempt_under_every_condition() {
    let set = [
        judged("live", "a", LIVE, Some(0.9)),
        judged("live", "a", spoof(), Some(0.1)),
        judged("live", "b", unclear(), None),
        judged("live", "b", LIVE, Some(0.8)),
        judged("live", "c", LIVE, Some(0.8)),
    ];
    let tally = Tally::of(&set);
    let names: Vec<&str> = tally.conditions.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "adult",
            "adult, 300-400 mm",
            "adult, sensor A",
            "adult, sensor A, 300-400 mm",
            "adult, turned left",
            "adult, wearing glasses"
        ]
    );
    for counts in tally.conditions.values() {
        assert_eq!(counts.bpcer(), Share { hits: 1, total: 3 });
        assert_eq!(counts.outside(), Share { hits: 2, total: 3 });
    }
    assert!(tally.species.is_empty() && tally.worst(Counts::apcer).is_none());
}

#[test]
fn of_equal_rates_the_less_certain_one_is_the_worst() {
    let mut set: Vec<JudgedPresentation> = (0..20)
        .map(|i| judged("many", &i.to_string(), spoof(), None))
        .collect();
    set.push(judged("few", "a", spoof(), None));
    assert_eq!(
        Tally::of(&set).worst(Counts::apcer),
        Some(("few", Share { hits: 0, total: 1 }))
    );
}

#[test]
fn no_threshold_lets_in_what_another_check_refuses() {
    let high = Reasons::default()
        .with(Reason::Relief)
        .with(Reason::FaceSize);
    let set = [
        judged("live", "a", LIVE, Some(0.9)),
        judged("live", "b", spoof(), Some(0.3)),
        judged("live", "c", unclear(), None),
        judged("flat", "a", spoof(), Some(0.4)),
        judged("phone", "a", Some(Liveness::Spoof(high)), Some(0.99)),
    ];
    let curve = TradeOff::of(&set, Age::Adult).expect("both kinds");
    let third = 1.0 / 3.0;
    let expected = [[1.0, third], [1.0, 2.0 * third], [0.0, 2.0 * third]];
    assert_eq!(curve.points.len(), expected.len());
    for (point, expected) in curve.points.iter().zip(expected) {
        for (a, b) in point.iter().zip(expected) {
            assert!((a - b).abs() < 1e-9, "{:?}", curve.points);
        }
    }
    assert!(TradeOff::of(&set[..3], Age::Adult).is_none());
    assert!(TradeOff::of(&set, Age::Child).is_none());
}
