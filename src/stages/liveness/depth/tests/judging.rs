//! What the rules make of measures.

use super::super::*;
use crate::stages::liveness::{Check, Liveness, Reason, Reasons};

/// Measures in the middle of what people have.
fn usual() -> DepthMeasures {
    DepthMeasures {
        distance_mm: 500.0,
        valid: 0.98,
        eye_distance_mm: 65.0,
        nose_mm: 33.0,
        prominence_mm: 20.0,
        plane_rms_mm: 8.0,
        quadric_rms_mm: 4.0,
        skew_mm: 0.5,
    }
}

fn reasons(judge: &Geometry, measures: DepthMeasures) -> Reasons {
    match judge.judge(measures).verdict {
        Liveness::Live => Reasons::default(),
        Liveness::Spoof(reasons) => reasons,
        Liveness::Inconclusive(_) => panic!("measures were made"),
    }
}

#[test]
fn both_sides_of_every_threshold() {
    let [adults, all] = [Subjects::Adults, Subjects::AdultsAndChildren]
        .map(|subjects| Geometry::new(DepthRules::default(), SensorClass::A, subjects));
    let eyes = |mm| DepthMeasures {
        eye_distance_mm: mm,
        ..usual()
    };
    let nose = |mm| DepthMeasures {
        nose_mm: mm,
        ..usual()
    };
    for (judge, low, high) in [(&adults, 52.0, 80.0), (&all, 44.0, 80.0)] {
        for (mm, refused) in [
            (low, false),
            (low - 0.1, true),
            (high, false),
            (high + 0.1, true),
        ] {
            let refusal = reasons(judge, eyes(mm)).contains(Reason::FaceSize);
            assert_eq!(refusal, refused, "{mm}");
        }
    }
    for (judge, low) in [(&adults, 18.0), (&all, 12.0)] {
        for (mm, flat, high) in [
            (low, false, false),
            (low - 0.1, true, false),
            (50.0, false, false),
            (50.1, false, true),
        ] {
            let refusal = reasons(judge, nose(mm));
            assert_eq!(refusal.contains(Reason::NoseTooFlat), flat, "{mm}");
            assert_eq!(refusal.contains(Reason::NoseTooHigh), high, "{mm}");
        }
    }
    // The relief's threshold: where the score crosses it, the verdict does.
    let mut crossed = 0;
    let mut before = None;
    for step in 0..4000 {
        let measures = DepthMeasures {
            prominence_mm: step as f32 * 0.01 - 10.0,
            ..usual()
        };
        let assessment = adults.judge(measures);
        let score = assessment.score.expect("scored");
        let passes = score >= DepthRules::default().threshold(SensorClass::A, Subjects::Adults);
        assert_eq!(assessment.verdict.is_live(), passes);
        assert_eq!(assessment.evidence.contains(Check::Relief), passes);
        crossed += u32::from(before.is_some_and(|before| before != passes));
        before = Some(passes);
    }
    assert_eq!(crossed, 1);
}

#[test]
fn no_number_is_never_live() {
    let judge = Geometry::new(DepthRules::default(), SensorClass::A, Subjects::Adults);
    for broken in [
        DepthMeasures {
            eye_distance_mm: f32::NAN,
            ..usual()
        },
        DepthMeasures {
            prominence_mm: f32::NAN,
            ..usual()
        },
        DepthMeasures {
            quadric_rms_mm: f32::NAN,
            ..usual()
        },
    ] {
        assert!(!judge.judge(broken).verdict.is_live(), "{broken:?}");
    }
    let nose = DepthMeasures {
        nose_mm: f32::NAN,
        ..usual()
    };
    assert!(!judge.judge(nose).verdict.is_live());
}
