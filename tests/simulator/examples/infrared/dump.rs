//! Training pictures in one file.

use super::parallel::parallel;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use vultus::geom::Point;
use vultus::internals::stages::liveness::infrared::{Cut, FacePicture, check_light, measure};
use vultus::liveness::infrared::{InfraredFrames, InfraredRules};
use vultus_simulator::{Camera, Conditions, Detail, Rng, Scene, Species, Wear};
use vultus_testkit::simulated::distance_mm;
use vultus_testkit::simulated::infrared::{NirShot, ambient};

/// First and last seed. Tuning begins at 12,000,000, the test at 16,000,000.
pub(crate) const TRAIN: [u64; 2] = [11_000_000, 11_999_999];

/// Who is drawn how often. Vinyl and rigid masks are held out. Screens are too dark for the network to be asked about them.
pub(crate) const SEEN: [(Species, u64); 9] = [
    (Species::Live, 2000),
    (Species::Child, 80),
    (Species::Inkjet, 180),
    (Species::Laser, 140),
    (Species::PhotoPaper, 140),
    (Species::NirReprint, 320),
    (Species::CutEyes, 140),
    (Species::CutEyesNose, 140),
    (Species::Fabric, 140),
];

/// A little coarser than those of tuning and test: a picture is 80 pixels wide, and drawing is what training waits for.
const CAMERA: Camera = Camera {
    width: 480,
    height: 360,
    focal: 435.0,
};

/// Inks that are seen, for masks of paper.
const INKS: [Species; 4] = [
    Species::Inkjet,
    Species::Laser,
    Species::PhotoPaper,
    Species::NirReprint,
];

/// Shapes that a print is drawn in.
const SHAPES: [Species; 6] = [
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
];

/// Side of a picture, and where landmarks lie in it: those of `models/train/infrared.py`.
const SIDE: u32 = 80;
const TEMPLATE: [Point; 5] = [
    Point::new(25.5, 30.0),
    Point::new(54.5, 30.0),
    Point::new(40.0, 46.5),
    Point::new(28.0, 63.5),
    Point::new(52.0, 63.5),
];

fn scene(species: Species, conditions: &Conditions, seed: u64) -> Scene {
    let mut rng = Rng::new(seed, "training");
    let shape = SHAPES[rng.below(SHAPES.len())];
    let ink = INKS[rng.below(INKS.len())];
    match species {
        Species::CutEyes | Species::CutEyesNose => {
            Scene::print(ink, species, conditions, seed, Detail::Full)
        }
        _ if species.is_paper() => Scene::print(species, shape, conditions, seed, Detail::Full),
        _ => Scene::draw(species, conditions, seed, Detail::Full),
    }
}

/// Of the pair and of the lit frame alone; nothing where the rules would not ask the network.
fn pictures(species: Species, seed: u64) -> Option<[FacePicture; 2]> {
    let mut conditions = Conditions::draw(distance_mm(seed), seed);
    if species.is_live() {
        conditions.wear = Wear {
            mask: Rng::new(seed, "mask").chance(0.12),
            ..conditions.wear
        };
    }
    let scene = scene(species, &conditions, seed);
    let shot = NirShot::of(&scene, CAMERA, &conditions, ambient(seed), seed);
    let pair = picture(&shot, &shot.pair())?;
    Some([pair, picture(&shot, &shot.lit_alone())?])
}

fn picture(shot: &NirShot, frames: &InfraredFrames<'_>) -> Option<FacePicture> {
    let rules = InfraredRules::default();
    let measures = measure(frames, &shot.face.in_infrared, &rules).ok()?;
    check_light(&measures, &rules).ok()?;
    let cut = Cut {
        side: SIDE,
        template: TEMPLATE,
    };
    FacePicture::cut(&cut, &shot.colour(), frames, &shot.face, &measures).ok()
}

/// Writes a line of names, then records: number of the species, and the four planes lamp, luminance, room and lit alone.
pub(crate) fn dump(file: &Path, share: f64) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(file)?);
    let names: Vec<&str> = SEEN.iter().map(|(s, _)| s.name()).collect();
    writeln!(out, "vultus-infrared-1 {SIDE} {}", names.join(" "))?;
    let mut from = TRAIN[0];
    for (number, (species, count)) in SEEN.into_iter().enumerate() {
        let count = (count as f64 * share).ceil() as u64;
        let drawn = parallel(count, |i| pictures(species, from + i));
        let mut kept = 0;
        for [pair, alone] in drawn.iter().flatten() {
            out.write_all(&[number as u8])?;
            for (picture, plane) in [(pair, 0), (pair, 1), (pair, 2), (alone, 0)] {
                let bytes = picture.image().pixels().iter().skip(plane).step_by(3);
                out.write_all(&bytes.copied().collect::<Vec<u8>>())?;
            }
            kept += 1;
        }
        println!("{}: {kept} of {count}", species.name());
        from += 10_000;
    }
    Ok(out.flush()?)
}
