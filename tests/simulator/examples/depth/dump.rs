//! Training pictures of stage B in one file.

use super::parallel::parallel;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use vultus::internals::stages::liveness::depth::{Geometry, ReliefCells, ReliefPicture};
use vultus::liveness::depth::{DepthRules, SensorClass, Subjects};
use vultus_simulator::{Conditions, Rng, Species, Wear};
use vultus_testkit::simulated::depth::Shot;
use vultus_testkit::simulated::distance_mm;

/// First and last seed: the half of the training seeds that stage A was not fitted to.
pub(crate) const TRAIN: [u64; 2] = [1_500_000, 1_999_999];

/// Who is drawn how often. Which of them are trained on is for `models/train/depth.py` to say.
const DRAWN: [(Species, u64); 15] = [
    (Species::Live, 4000),
    (Species::Child, 1000),
    (Species::CutEyes, 1600),
    (Species::CutEyesNose, 700),
    (Species::Flat, 60),
    (Species::CurvedUpright, 80),
    (Species::CurvedAcross, 80),
    (Species::Folded, 200),
    (Species::Crumpled, 80),
    (Species::BentCrumpled, 80),
    (Species::Phone, 30),
    (Species::Tablet, 30),
    (Species::Monitor, 30),
    (Species::Fabric, 300),
    (Species::RigidMask, 300),
];

/// What `models/train/depth.py` and the manifest of the pack say too.
const CELLS: ReliefCells = ReliefCells {
    side: 64,
    cell_mm: 2.5,
};

/// People wear masks now and then.
pub(crate) fn conditions(species: Species, seed: u64) -> Conditions {
    let drawn = Conditions::draw(distance_mm(seed), seed);
    let mask = species.is_live() && Rng::new(seed, "mask").chance(0.12);
    Conditions {
        wear: Wear { mask, ..drawn.wear },
        ..drawn
    }
}

/// Class, what stage A says by either policy, and the picture; nothing of what cannot be measured.
fn record(species: Species, number: usize, seed: u64) -> Option<Vec<u8>> {
    let class = SensorClass::ALL[(seed % 3) as usize];
    let shot = Shot::under(species, class, &conditions(species, seed), seed);
    let geometry = |subjects| Geometry::new(DepthRules::default(), class, subjects);
    let first = geometry(Subjects::Adults).assess(&shot.frame(), &shot.face.landmarks);
    let all = geometry(Subjects::AdultsAndChildren);
    let passes = all.judge(first.measures?).verdict.is_live();
    let picture = ReliefPicture::of(CELLS, &shot.frame(), &shot.face.landmarks).ok()?;
    let flags = u8::from(first.verdict.is_live()) | u8::from(passes) << 1;
    let mut record = vec![number as u8, class as u8, flags];
    for plane in 0..3 {
        record.extend(picture.image().pixels().iter().skip(plane).step_by(3));
    }
    Some(record)
}

/// Writes a line of names, then records: number of the species, class, flags (1: stage A calls it live; 2: it does where
/// children are allowed), and the planes red, green and blue.
pub(crate) fn dump(file: &Path, share: f64) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(File::create(file)?);
    let names: Vec<&str> = DRAWN.iter().map(|(s, _)| s.name()).collect();
    writeln!(out, "vultus-depth-1 {} {}", CELLS.side, names.join(" "))?;
    let mut from = TRAIN[0];
    for (number, (species, count)) in DRAWN.into_iter().enumerate() {
        let count = (count as f64 * share).ceil() as u64;
        let drawn = parallel(count, |i| record(species, number, from + i));
        let kept = drawn.iter().flatten().count();
        for record in drawn.iter().flatten() {
            out.write_all(record)?;
        }
        println!("{}: {kept} of {count}", species.name());
        from += 10_000;
    }
    Ok(out.flush()?)
}
