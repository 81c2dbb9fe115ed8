//! What the network sees, and what its answer may change.

use super::super::*;
use super::{FACE, Made};
use crate::error::{Coded, Error, Status};
use crate::frame::{DepthFrame, DepthLayout};
use crate::geom::Landmarks5;
use crate::stages::liveness::{Check, Liveness, Reason, Reasons, RulesError};

const CELLS: ReliefCells = ReliefCells {
    side: 64,
    cell_mm: 2.5,
};

fn picture(made: &Made, bytes: &[u8]) -> Vec<[u8; 3]> {
    let frame = DepthFrame::new(made.layout(), bytes).expect("valid");
    let picture = ReliefPicture::of(CELLS, &frame, &made.landmarks()).expect("measured");
    assert_eq!(picture.image().size(), (64, 64));
    picture.image().pixels().as_chunks::<3>().0.to_vec()
}

fn at(picture: &[[u8; 3]], across_mm: f32, down_mm: f32) -> [u8; 3] {
    let cell = |mm: f32| (mm / CELLS.cell_mm + 32.0) as usize;
    picture[cell(down_mm) * 64 + cell(across_mm)]
}

#[test]
fn heights_are_in_their_steps_and_the_outside_is_not_measured() {
    let seen = picture(&FACE, &FACE.bytes());
    // The tip's cell is 32 mm over the plane of the landmarks, less the mean of the bell over the face, which the fitted
    // plane takes off: 32 · 2π · 12² over the ellipse's π · 54 · 74 mm², 2.3 mm.
    let [tip, over_quadric, measured] = at(&seen, 0.0, 3.0);
    let height = (f32::from(tip) - 128.0) / 2.0;
    assert!((27.5..31.0).contains(&height), "{height}");
    assert!(over_quadric > 240 && measured == 255, "{over_quadric}");
    // Away from the nose a plane remains, and the quadric is little off it.
    let [forehead, _, measured] = at(&seen, 0.0, -55.0);
    assert!((f32::from(forehead) - 128.0).abs() <= 8.0 && measured == 255);
    // Half axes of the ellipse: 0.85 and 1.15 distances of the eyes of 64 mm. The plane goes on beyond it.
    for (across, down, inside) in [
        (51.0, 0.0, true),
        (58.0, 0.0, false),
        (-58.0, 0.0, false),
        (0.0, 70.0, true),
        (0.0, 77.5, false),
        (45.0, 60.0, false),
    ] {
        let expected = if inside { 255 } else { 0 };
        assert_eq!(at(&seen, across, down)[2], expected, "{across} {down}");
    }
    let outside = seen.iter().filter(|[_, _, measured]| *measured == 0);
    assert!(outside.clone().count() > 1500);
    assert!(outside.into_iter().all(|p| *p == [128, 128, 0]));
}

#[test]
fn a_sheet_around_the_face_changes_nothing() {
    let bytes = FACE.bytes();
    // Everything further than 90 mm from the middle is 60 mm nearer, as the edges of a curled sheet would be.
    let curled: Vec<u8> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .enumerate()
        .flat_map(|(i, s)| {
            let (column, row) = ((i % 640) as i32, (i / 640) as i32);
            let far = (column - 320).abs() > 104 || (row - 240).abs() > 104;
            let raw = u16::from_le_bytes(*s);
            let nearer = if far { raw.saturating_sub(600) } else { raw };
            nearer.to_le_bytes()
        })
        .collect();
    assert_ne!(bytes, curled);
    assert_eq!(picture(&FACE, &bytes), picture(&FACE, &curled));
}

#[test]
fn a_plane_is_grey_and_holes_are_marked() {
    let flat = Made { nose: 0.0, ..FACE };
    let mut bytes = flat.bytes();
    for row in 220..235 {
        let from = (row * 640 + 330) * 2;
        bytes[from..from + 30].fill(0);
    }
    let seen = picture(&flat, &bytes);
    let measured = seen.iter().filter(|[_, _, measured]| *measured == 255);
    assert!(measured.into_iter().all(|[plane, quadric, _]| {
        (127..=129).contains(plane) && (126..=130).contains(quadric)
    }));
    assert_eq!(at(&seen, 15.0, -11.0), [128, 128, 0]);
}

#[test]
fn what_cannot_be_laid_out_says_why() {
    let (layout, bytes, landmarks) = (FACE.layout(), FACE.bytes(), FACE.landmarks());
    let why = |layout: DepthLayout, bytes: &[u8], landmarks: &Landmarks5| {
        let frame = DepthFrame::new(layout, bytes).expect("valid");
        ReliefPicture::of(CELLS, &frame, landmarks).err()
    };
    let nothing = vec![0; bytes.len()];
    assert_eq!(
        why(layout, &nothing, &landmarks),
        Some(Reason::LandmarksUnmeasured)
    );
    let mut lost = landmarks;
    lost.nose.x = f32::NAN;
    assert_eq!(
        why(layout, &bytes, &lost),
        Some(Reason::LandmarksImplausible)
    );
}

#[test]
fn the_network_may_refuse_and_never_accept() {
    let live = FACE.assess();
    assert_eq!(live.verdict, Liveness::Live);
    assert_eq!(live.networks.first(), None);
    for (living, threshold, passes) in [
        (0.5, 0.5, true),
        (0.499, 0.5, false),
        (1.0, 0.99, true),
        (f32::NAN, 0.01, false),
    ] {
        let seen = live.clone().after_network(living, threshold);
        let answers: Vec<u32> = seen.networks.iter().map(|v| v.to_bits()).collect();
        assert_eq!(answers, [living.to_bits()]);
        assert_eq!(seen.evidence.contains(Check::DepthLook), passes);
        assert_eq!(seen.score, live.score);
        let refused = Liveness::Spoof(Reasons::default().with(Reason::DepthLook));
        let expected = if passes { Liveness::Live } else { refused };
        assert_eq!(seen.verdict, expected, "{living} {threshold}");
    }
}

const DEFAULT: &str = include_str!("../../../../../models/liveness/depth.toml");

/// The shipped rules with thresholds of this network alone.
fn with_thresholds(network: &str) -> String {
    let (before, rest) = DEFAULT.split_once("[face]").expect("it has the table");
    let before = before
        .split_once("[look]")
        .map_or(before, |(before, _)| before);
    format!(
        "{before}[look]\nnetwork = \"{network}\"\nadults = [0.1, 0.2, 0.3]\nchildren = [0.4, 0.5, 0.6]\nspecies = []\n\n[face]{rest}"
    )
}

#[test]
fn thresholds_belong_to_one_network_and_rules_without_any_ask_none() {
    let own = "0123456789abcdef".repeat(4);
    let text = with_thresholds(&own);
    let rules = DepthRules::parse(&text).expect("valid");
    let asked = |rules: &DepthRules, sha256: &str, class, subjects| {
        rules.check_network(Some(sha256))?;
        Ok::<_, RulesError>(rules.network_threshold(class, subjects))
    };
    for (i, class) in SensorClass::ALL.into_iter().enumerate() {
        for (subjects, thresholds) in [
            (Subjects::Adults, [0.1, 0.2, 0.3]),
            (Subjects::AdultsAndChildren, [0.4, 0.5, 0.6]),
        ] {
            let threshold = asked(&rules, &own, class, subjects);
            assert_eq!(threshold, Ok(Some(thresholds[i])));
        }
    }
    let other = asked(&rules, &"0".repeat(64), SensorClass::A, Subjects::Adults);
    let error = other.expect_err("another network's");
    assert_eq!(error.status(), Status::LivenessRulesInvalid);
    assert_eq!(Error::from(error).status(), Status::LivenessRulesInvalid);

    let (before, rest) = text.split_once("[look]").expect("it has the table");
    let (_, after) = rest.split_once("[face]").expect("the next table");
    let geometry = DepthRules::parse(&format!("{before}[face]{after}")).expect("valid");
    let none = asked(&geometry, &own, SensorClass::A, Subjects::Adults);
    assert_eq!(none, Ok(None));

    for (from, to, named) in [
        ("network = \"", "network = \"g", "look.network"),
        ("adults = [0.1,", "adults = [1.5,", "look.adults is 1.5"),
        ("children = [0.4,", "children = [nan,", "look.children"),
        ("[look]", "[look]\nmore = 1", "more"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let error = DepthRules::parse(&changed).expect_err("refused");
        assert!(error.to_string().contains(named), "{error}");
    }
}
