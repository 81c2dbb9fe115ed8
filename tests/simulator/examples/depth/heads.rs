//! Living people of another model of heads than the simulator's own, which both stages were fitted to.

use super::evaluate::{Judges, rate};
use super::parallel::parallel;
use super::tally::Tally;
use std::error::Error;
use std::path::Path;
use vultus::liveness::depth::{SensorClass, Subjects};
use vultus_simulator::{Conditions, HeadMesh, Scene, Wear};
use vultus_testkit::simulated::depth::Shot;
use vultus_testkit::simulated::distance_mm;

/// First seed of distances, poses and noise.
const FROM: u64 = 43_000_000;

/// What `models/train/heads.py` wrote: a line `vultus-heads-1 HEADS POINTS TRIANGLES`, the triangles of all heads, then
/// landmarks and points of each head; numbers of 32 bits, millimetres.
struct Heads {
    faces: Vec<[u32; 3]>,
    /// Five landmarks, then points.
    heads: Vec<Vec<[f32; 3]>>,
}

impl Heads {
    fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = std::fs::read(file)?;
        let end = bytes.iter().position(|&b| b == b'\n').ok_or("no line")?;
        let line = std::str::from_utf8(&bytes[..end])?;
        let counts = line.strip_prefix("vultus-heads-1 ").ok_or("no heads")?;
        let counts: Vec<usize> = counts
            .split(' ')
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        let [_, points, faces] = counts[..] else {
            return Err("three counts".into());
        };
        let words: Vec<[u8; 4]> = bytes[end + 1..].as_chunks().0.to_vec();
        let (first, rest) = words.split_at(faces * 3);
        let first: Vec<u32> = first.iter().map(|&word| u32::from_le_bytes(word)).collect();
        let rest: Vec<f32> = rest.iter().map(|&word| f32::from_le_bytes(word)).collect();
        let heads = rest.as_chunks::<3>().0.chunks_exact(5 + points);
        Ok(Self {
            faces: first.as_chunks().0.to_vec(),
            heads: heads.map(<[_]>::to_vec).collect(),
        })
    }

    fn head(&self, number: usize) -> HeadMesh {
        let (landmarks, points) = self.heads[number].split_at(5);
        HeadMesh {
            points: points.to_vec(),
            faces: self.faces.clone(),
            landmarks: landmarks.try_into().expect("five"),
        }
    }
}

/// Prints the table: every head before a sensor of each class.
pub(crate) fn evaluate(judges: &Judges, file: &Path) -> Result<(), Box<dyn Error>> {
    let heads = Heads::read(file)?;
    let count = heads.heads.len() as u64;
    println!("SIMULATED sensors, {count} heads of {}", file.display());
    println!("| class | n | stage A refuses | both refuse, BPCER (to 95 %) | inconclusive | why |");
    println!("|---|---|---|---|---|---|");
    for (i, class) in SensorClass::ALL.into_iter().enumerate() {
        let from = FROM + i as u64 * 10_000;
        let drawn = parallel(count, |k| {
            let seed = from + k;
            let conditions = Conditions {
                wear: Wear::default(),
                ..Conditions::draw(distance_mm(seed), seed)
            };
            let scene = Scene::of_head(heads.head(k as usize), &conditions, seed);
            judges.verdicts(&Shot::of(&scene, class, seed), class, Subjects::Adults)
        });
        let [first, both] = [0, 1].map(|which| Tally::of(drawn.iter().map(|v| v[which])));
        println!(
            "| {class:?} | {count} | {} | {} | {} | {} |",
            first.spoof,
            rate(both.spoof, count),
            both.inconclusive,
            both.why(),
        );
    }
    Ok(())
}
