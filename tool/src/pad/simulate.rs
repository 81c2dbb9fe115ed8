//! `vultus pad simulate`

mod depth;
mod infrared;

use super::args::SimulateArgs;
use super::record::{Age, Conditions as Noted, FrameRecord, LIVE, Label, Record};
use super::set::{
    HEAD_FILE, Head, MAX_PRESENTATIONS, Modality, Simulation, sidecar_name, write_json,
};
use crate::Outcome;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use serde_json::json;
use std::fs;
use std::path::Path;
use vultus::internals::model::sha256_hex;
use vultus_simulator::{Camera, Conditions, Rng, Species};

/// Capture time of the first frame of a presentation, and the time between two, in microseconds.
const TIME_US: u64 = 1_000_000;
const STEP_US: u64 = 100_000;

/// People and artefacts that rules are trained and tuned on have seeds without this bit.
const UNSEEN: u64 = 1 << 63;

/// Distances in millimetres, with a margin for noise at both ends of the range that is judged.
const DISTANCES: [[f32; 2]; 4] = [
    [310.0, 400.0],
    [400.0, 500.0],
    [500.0, 600.0],
    [600.0, 680.0],
];

/// Yaw in degrees: to the left, straight, to the right.
const YAWS: [[f32; 2]; 3] = [[-20.0, -7.5], [-7.5, 7.5], [7.5, 20.0]];

/// The camera of either kind of sensor, and of colours.
const CAMERA: Camera = Camera::VGA;

/// What a kind of sensor can tell apart.
fn species_of(modality: Modality) -> &'static [Species] {
    match modality {
        Modality::Depth => &depth::SPECIES,
        Modality::Ir => &infrared::SPECIES,
    }
}

/// Frames of a presentation, and a name of the light.
type Taken = (Vec<FrameRecord>, String);

pub(super) fn run(args: &SimulateArgs, output: &Output) -> CliResult<Outcome> {
    let species = chosen(args.modality, &args.species)?;
    let presentations = species.len() as u32 * args.count;
    if presentations > MAX_PRESENTATIONS {
        return Err(Failure::text(format!(
            "{presentations} presentations, a set has at most {MAX_PRESENTATIONS}"
        )));
    }
    fs::create_dir(&args.out).with_file(&args.out)?;
    let bar = output.progress("simulating", presentations as usize);
    let write = |number: u32| {
        let shot = Shot {
            modality: args.modality,
            species: species[(number / args.count) as usize],
            index: number % args.count,
            number,
            frames: args.frames,
        };
        shot.write(args.seed, &args.out)
    };
    let written: CliResult<Vec<()>> = (0..presentations)
        .into_par_iter()
        .progress_with(bar.clone())
        .map(write)
        .collect();
    bar.finish_and_clear();
    written?;
    let simulation = Simulation {
        simulator: vultus_simulator::NAME_AND_VERSION.to_owned(),
        sha256: fingerprint(args.modality),
        seed: args.seed,
    };
    // Last, so that a set that was broken off is none.
    write_json(
        &args.out,
        HEAD_FILE,
        &Head::new(args.modality, presentations, simulation),
    )?;
    let names: Vec<&str> = species.iter().map(|s| s.name()).collect();
    let json = json!({
        "set": args.out.display().to_string(),
        "modality": args.modality.name(),
        "presentations": presentations,
        "species": names,
        "seed": args.seed,
    });
    output.result(&json, || {
        format!(
            "{presentations} simulated presentations in {}, {} each of {}",
            args.out.display(),
            args.count,
            names.join(", ")
        )
    });
    Ok(Outcome::Yes)
}

fn chosen(modality: Modality, names: &[String]) -> CliResult<Vec<Species>> {
    let all = species_of(modality);
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let mut chosen = Vec::new();
    for name in names {
        let species = all.iter().copied().find(|s| s.name() == name);
        let species = species.ok_or_else(|| {
            let all: Vec<&str> = all.iter().map(|s| s.name()).collect();
            let modality = modality.name();
            Failure::text(format!(
                "no species {name} for --modality {modality}; there are {}",
                all.join(", ")
            ))
        })?;
        if chosen.contains(&species) {
            return Err(Failure::text(format!("species {name} is named twice")));
        }
        chosen.push(species);
    }
    Ok(chosen)
}

/// One presentation of the grid.
struct Shot {
    modality: Modality,
    species: Species,
    /// Among those of its species.
    index: u32,
    /// In the set.
    number: u32,
    /// Frames that are taken of it.
    frames: u32,
}

impl Shot {
    fn write(&self, seed: u64, folder: &Path) -> CliResult<()> {
        let streams = Rng::new(seed, self.species.name());
        let seed = streams.at(u64::from(self.index)) | UNSEEN;
        let mut conditions = self.conditions(seed);
        if self.modality == Modality::Ir {
            conditions = infrared::dress(self, conditions, seed);
        }
        let (frames, light) = match self.modality {
            Modality::Depth => depth::take(self, &conditions, seed, folder)?,
            Modality::Ir => infrared::take(self, &conditions, seed, folder)?,
        };
        let noted = self.noted(&conditions, light);
        let record = Record::new(Some(self.label(seed)), noted, frames);
        write_json(folder, &sidecar_name(self.number), &record)
    }

    /// The seed of a frame, the beginning of its files' names, and its time. Frames of one presentation differ in the
    /// sensor's noise and in the errors of landmarks: nothing moves.
    fn frame(&self, seed: u64, frame: u32) -> (u64, String, u64) {
        let time_us = TIME_US + u64::from(frame) * STEP_US;
        let number = self.number;
        match frame {
            0 => (seed, format!("{number:06}"), time_us),
            _ => {
                let seed = Rng::new(seed, "frames").at(u64::from(frame));
                (seed, format!("{number:06}-{frame}"), time_us)
            }
        }
    }

    /// Sensors or lights change fastest, then distances, then yaws, so that every number of presentations is spread evenly.
    fn conditions(&self, seed: u64) -> Conditions {
        let index = self.index as usize / self.fastest();
        let mut rng = Rng::new(seed, "grid");
        let [near, far] = DISTANCES[index % DISTANCES.len()];
        let distance_mm = rng.uniform(near, far);
        let mut conditions = Conditions::draw(distance_mm, seed);
        let [least, most] = YAWS[index / DISTANCES.len() % YAWS.len()];
        conditions.pose[0] = rng.uniform(least, most);
        conditions
    }

    /// How many sensors or lights there are.
    fn fastest(&self) -> usize {
        match self.modality {
            Modality::Depth => depth::CLASSES,
            Modality::Ir => infrared::lights(self.species).len(),
        }
    }

    fn label(&self, seed: u64) -> Label {
        let id = format!("{seed:016x}");
        let live = self.species.is_live();
        Label {
            species: if live { LIVE } else { self.species.name() }.to_owned(),
            artefact: (!live).then(|| id.clone()),
            subject: id,
        }
    }

    fn noted(&self, conditions: &Conditions, light: String) -> Noted {
        // Only living people are dressed by the conditions.
        let worn = [
            ("glasses", conditions.wear.glasses),
            ("mask", conditions.wear.mask),
        ];
        let worn = worn.into_iter().filter(|w| w.1 && self.species.is_live());
        Noted {
            distance_mm: Some(conditions.distance_mm),
            yaw_deg: Some(conditions.pose[0]),
            light: Some(light),
            wearing: worn.map(|(name, _)| name.to_owned()).collect(),
            age: if self.species == Species::Child {
                Age::Child
            } else {
                Age::Adult
            },
        }
    }
}

/// Writes a file of a frame and gives its name.
fn write(folder: &Path, name: String, bytes: &[u8]) -> CliResult<String> {
    let path = folder.join(&name);
    fs::write(&path, bytes).with_file(&path)?;
    Ok(name)
}

/// SHA-256 of one picture of each species: what the simulator draws, whatever it calls itself.
fn fingerprint(modality: Modality) -> String {
    let pictures: Vec<Vec<u8>> = species_of(modality)
        .par_iter()
        .map(|species| {
            let conditions = Conditions::draw(450.0, 1);
            match modality {
                Modality::Depth => depth::picture(*species, &conditions),
                Modality::Ir => infrared::picture(*species, &conditions),
            }
        })
        .collect();
    sha256_hex(&pictures.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn shot(modality: Modality, species: Species, index: u32) -> Shot {
        Shot {
            modality,
            species,
            index,
            number: 0,
            frames: 1,
        }
    }

    #[test]
    fn the_grid_is_walked_evenly_and_people_are_unseen() {
        for (modality, species, fastest) in [
            (Modality::Depth, Species::Flat, 3),
            (Modality::Ir, Species::Laser, 2),
            (Modality::Ir, Species::Live, 6),
        ] {
            let mut cells = BTreeMap::new();
            for index in 0..24 * fastest {
                let shot = shot(modality, species, index);
                let seed = Rng::new(7, species.name()).at(u64::from(index)) | UNSEEN;
                let conditions = shot.conditions(seed);
                let band = DISTANCES
                    .iter()
                    .position(|[a, b]| (*a..*b).contains(&conditions.distance_mm));
                let yaw = YAWS
                    .iter()
                    .position(|[a, b]| (*a..*b).contains(&conditions.pose[0]));
                *cells.entry((index % fastest, band, yaw)).or_insert(0) += 1;
                assert!(seed > 100_000_000);
            }
            assert_eq!(cells.len() as u32, 12 * fastest);
            assert!(cells.values().all(|n| *n == 2), "{cells:?}");
        }
    }

    #[test]
    fn an_unknown_species_is_answered_with_those_there_are() {
        let chosen = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
            chosen(Modality::Depth, &names)
        };
        let unknown = chosen(&["flat", "waxwork"]).expect_err("refused");
        let text = unknown.to_string();
        assert!(text.contains("waxwork") && text.contains("rigid-mask"));
        // Depth sensors see no ink.
        assert!(chosen(&["laser"]).is_err());
        assert!(chosen(&["flat", "flat"]).is_err());
        let two = chosen(&["rigid-mask", "live"]).expect("known");
        assert_eq!(two, [Species::RigidMask, Species::Live]);
    }
}
