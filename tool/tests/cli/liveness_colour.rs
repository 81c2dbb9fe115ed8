//! What the standard pack says of the few colour pictures there are, and where it keeps quiet.

use crate::common::standard;
use std::fs;
use vultus::frame::{Frame, FrameLayout, Photo, PixelFormat};
use vultus::licensing::licence::LivenessKinds;
use vultus::liveness::{Check, Liveness, Reason};
use vultus::{DetectOptions, Session};
use vultus_testkit::{fixture, licensed, root, shared};

const PICTURE: &str = "people/barack_obama/portrait.jpg";

const MONOCULAR: LivenessKinds = LivenessKinds {
    monocular: true,
    ..LivenessKinds::NONE
};

fn reasons(verdict: Liveness) -> Vec<Reason> {
    match verdict {
        Liveness::Live => Vec::new(),
        Liveness::Spoof(reasons) | Liveness::Inconclusive(reasons) => reasons.iter().collect(),
    }
}

/// Nine pictures prove wiring, not a rate: the table of docs/liveness.md is what this prints.
#[test]
fn the_few_pictures_there_are_come_out_as_documented() {
    let (Some(folder), Some(pack)) = (shared("data/antispoof_rgb"), standard()) else {
        return;
    };
    let sdk = licensed(pack, MONOCULAR);
    let mut session = sdk.session().unwrap();
    let judge = sdk.liveness_colour().unwrap();
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 9);
    let table = fs::read_to_string(root().join("docs/liveness.md")).unwrap();
    for file in files {
        let photo = Photo::decode(&fs::read(&file).unwrap()).unwrap();
        let face = session
            .largest_face(&photo.frame(), &DetectOptions::default())
            .unwrap();
        let said = session
            .liveness_colour(&judge, &photo.frame(), &face)
            .unwrap();
        let (word, why) = match said.verdict {
            Liveness::Live => ("live", String::new()),
            Liveness::Spoof(_) => ("spoof", String::new()),
            Liveness::Inconclusive(reasons) => ("inconclusive", format!(": {reasons}")),
        };
        let name = file.file_name().unwrap().to_str().unwrap();
        let score = said.score.map_or("–".to_owned(), |s| format!("{s:.3}"));
        let row = format!("| {name} | {word}{why} | {score} |");
        println!("{row} {:?} {:?}", said.networks, said.measures);
        assert!(table.contains(&row), "docs/liveness.md does not have {row}");
        assert_eq!(
            said.networks.len(),
            if said.score.is_some() { 2 } else { 0 }
        );
        // The authors' own three: one of a person, two of pictures.
        if name.starts_with("minivision") && said.score.is_some() {
            assert_eq!(said.verdict.is_live(), name.contains("_T"), "{name}");
            assert_eq!(
                said.evidence.contains(Check::NoRecapture),
                said.verdict.is_live()
            );
        }
    }
}

/// The pixels of a photograph, changed one by one.
fn changed(photo: &Photo, change: impl Fn([u8; 3]) -> [u8; 3]) -> Vec<u8> {
    let pixels = photo.image().pixels().as_chunks::<3>().0;
    pixels.iter().flat_map(|p| change(*p)).collect()
}

#[test]
fn outside_the_conditions_nothing_is_said() {
    let Some(pack) = standard() else { return };
    let sdk = licensed(pack, MONOCULAR);
    let mut session = sdk.session().unwrap();
    let judge = sdk.liveness_colour().unwrap();
    let photo = Photo::decode(&fs::read(fixture(PICTURE)).unwrap()).unwrap();
    let (width, height) = photo.image().size();
    let face = session
        .largest_face(&photo.frame(), &DetectOptions::default())
        .unwrap();
    let judged = |session: &mut Session, bytes: &[u8]| {
        let frame = Frame::new(FrameLayout::packed(PixelFormat::Rgb8, width, height), bytes);
        let said = session
            .liveness_colour(&judge, &frame.unwrap(), &face)
            .unwrap();
        assert!(said.score.is_none() || !reasons(said.verdict).contains(&Reason::NoColour));
        (said.verdict, said.score.is_some())
    };
    let grey = changed(&photo, |[r, g, b]| {
        [((u16::from(r) + u16::from(g) + u16::from(b)) / 3) as u8; 3]
    });
    let dark = changed(&photo, |p| p.map(|v| v / 8));
    let flat = changed(&photo, |p| p.map(|v| 120 + v / 16));
    for (bytes, reason) in [
        (grey, Reason::NoColour),
        (dark, Reason::BadlyLit),
        (flat, Reason::LowContrast),
    ] {
        let (verdict, asked) = judged(&mut session, &bytes);
        assert!(matches!(verdict, Liveness::Inconclusive(_)) && !asked);
        assert!(reasons(verdict).contains(&reason), "{verdict:?}");
    }
}
