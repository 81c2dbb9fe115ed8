//! Depth liveness on simulated presentations: the small version of the tables in `docs/liveness.md`, on
//! people and artefacts of its own, and inputs that are wrong in one way each.

use vultus::error::{Coded, Status};
use vultus::frame::{DepthFormat, DepthFrame, DepthLayout};
use vultus::geom::{Intrinsics, Point};
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::liveness::depth::{DepthFace, SensorClass, Subjects};
use vultus::liveness::{Liveness, Reason, Reasons};
use vultus_simulator::{Camera, Species, Wear};
use vultus_testkit::simulated::depth::{SHEETS_AND_SCREENS, Shot, geometry, layout, wearing};
use vultus_testkit::simulated::{TIME_US, distance_mm};

/// Seeds that neither training nor tuning nor the tables use.
const FROM: u64 = 4_000_000;

const GOOD: [SensorClass; 2] = [SensorClass::A, SensorClass::B];

fn verdict(shot: &Shot, class: SensorClass) -> Liveness {
    shot.assess(&geometry(class)).verdict
}

fn accepted(species: Species, count: u64, from: u64) -> usize {
    (0..count)
        .filter(|i| {
            let class = GOOD[*i as usize % 2];
            let shot = Shot::draw(species, class, distance_mm(from + i), from + i);
            verdict(&shot, class).is_live()
        })
        .count()
}

#[test]
fn sheets_and_screens_are_not_alive() {
    for (i, species) in SHEETS_AND_SCREENS.into_iter().enumerate() {
        let count = accepted(species, 16, FROM + i as u64 * 1000);
        assert_eq!(count, 0, "{}", species.name());
    }
}

#[test]
fn people_are_alive_with_and_without_glasses() {
    let from = FROM + 50_000;
    let mut refused = 0;
    for i in 0..60 {
        let seed = from + i;
        let wear = Wear {
            glasses: u64::is_multiple_of(i, 3),
            mask: false,
        };
        let class = GOOD[i as usize % 2];
        let shot = Shot::under(
            Species::Live,
            class,
            &wearing(distance_mm(seed), seed, wear),
            seed,
        );
        refused += usize::from(!verdict(&shot, class).is_live());
    }
    // 2 % of people may be refused: of 60 more than 5 with a probability below a thousandth.
    assert!(refused <= 5, "{refused} of 60 refused");
}

/// A face that is accepted when everything is right.
fn right() -> Shot {
    let shot = (0..20)
        .map(|i| Shot::draw(Species::Live, SensorClass::A, 500.0, FROM + 60_000 + i))
        .find(|shot| verdict(shot, SensorClass::A).is_live());
    shot.expect("one of twenty people is accepted")
}

fn with(
    shot: &Shot,
    layout: DepthLayout,
    change: impl Fn(usize, u16) -> u16,
    face: &DepthFace,
) -> Liveness {
    let samples = shot.picture.mm.iter().enumerate();
    let bytes: Vec<u8> = samples
        .flat_map(|(i, mm)| change(i, *mm).to_le_bytes())
        .collect();
    let frame = DepthFrame::new(layout, &bytes).expect("plausible in itself");
    let judge = geometry(SensorClass::A);
    let assessment = judge.assess(&mut Scratch::default(), &frame, face);
    assessment.expect("the same moment").verdict
}

fn inconclusive(reason: Reason) -> Liveness {
    Liveness::Inconclusive(Reasons::default().with(reason))
}

#[test]
fn every_wrong_input_has_its_name_and_is_never_live() {
    let shot = right();
    let good = layout(&Camera::VGA);
    let same = |_: usize, mm: u16| mm;
    assert_eq!(with(&shot, good, same, &shot.face), Liveness::Live);
    let unit = |unit_mm| DepthLayout { unit_mm, ..good };
    assert_eq!(
        with(&shot, unit(10.0), same, &shot.face),
        inconclusive(Reason::TooFar)
    );
    assert_eq!(
        with(&shot, unit(0.1), same, &shot.face),
        inconclusive(Reason::TooNear)
    );
    assert_eq!(
        with(&shot, good, |_, _| 0, &shot.face),
        inconclusive(Reason::NoDepth)
    );
    let confident = |i: usize, mm: u16| {
        if i.is_multiple_of(5) && mm != 0 {
            7 << 13 | mm
        } else {
            mm
        }
    };
    assert_eq!(
        with(&shot, good, confident, &shot.face),
        inconclusive(Reason::LooksLikeDepth16)
    );
    let android = DepthLayout {
        format: DepthFormat::Depth16,
        ..good
    };
    assert_eq!(with(&shot, android, confident, &shot.face), Liveness::Live);
    // Landmarks of the mirrored colour picture.
    let mut mirrored = shot.face;
    mirrored.landmarks = shot.face.landmarks.map(|p| Point::new(640.0 - p.x, p.y));
    let off = (shot.face.landmarks.nose.x - 320.0).abs();
    if off > 15.0 {
        assert!(!with(&shot, good, same, &mirrored).is_live());
    }
    // Depth of another moment: the person has left.
    assert!(
        !with(
            &shot,
            good,
            |_, mm| if mm < 700 { 0 } else { mm },
            &shot.face
        )
        .is_live()
    );
    let swapped = DepthLayout {
        intrinsics: Intrinsics {
            fx: 320.0,
            fy: 240.0,
            cx: 580.0,
            cy: 580.0,
        },
        ..good
    };
    let refused = DepthFrame::new(swapped, &[0; 640 * 480 * 2]).expect_err("swapped");
    assert_eq!(refused.status(), Status::SensorFrameInvalid);
}

#[test]
fn fifty_one_milliseconds_are_refused() {
    let shot = right();
    let judge = geometry(SensorClass::A);
    for (skew, status) in [(50_000, None), (51_000, Some(Status::FrameUnsynced))] {
        let face = DepthFace {
            timestamp_us: TIME_US + skew,
            ..shot.face
        };
        let result = judge.assess(&mut Scratch::default(), &shot.frame(), &face);
        assert_eq!(result.err().map(|e| e.status()), status);
    }
}

#[test]
fn children_need_their_policy() {
    let from = FROM + 70_000;
    let judged = |subjects| {
        (0..30)
            .filter(|i| {
                let seed = from + i;
                let class = GOOD[*i as usize % 2];
                let shot = Shot::draw(Species::Child, class, distance_mm(seed), seed);
                let judge = geometry(class).with_subjects(subjects);
                shot.assess(&judge).verdict.is_live()
            })
            .count()
    };
    let (adults, all) = (
        judged(Subjects::Adults),
        judged(Subjects::AdultsAndChildren),
    );
    println!("of 30 children {adults} pass the adults' rules and {all} their own");
    assert!(all >= 25 && adults < all, "{adults} {all}");
}
