//! `vultus pad simulate`

use super::args::SimulateArgs;
use super::record::{
    Age, Conditions as Noted, DepthRecord, FoundLandmarks, FrameRecord, LIVE, Label, Record,
};
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
use vultus::frame::{DepthFormat, DepthLayout};
use vultus::geom::{Intrinsics, Orientation};
use vultus::liveness::depth::SensorClass;
use vultus::model::sha256_hex;
use vultus_simulator::{
    Camera, Conditions, DepthPicture, DepthSensor, Detail, Rng, Scene, Species,
};

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

/// Species that differ for a depth sensor, which sees no ink.
const DEPTH_SPECIES: [Species; 15] = [
    Species::Live,
    Species::Child,
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
    Species::Phone,
    Species::Tablet,
    Species::Monitor,
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Fabric,
    Species::RigidMask,
];

pub(super) fn run(args: &SimulateArgs, output: &Output) -> CliResult<Outcome> {
    if args.modality == Modality::Ir {
        return Err(Failure::text(
            "this version does not judge infrared frames yet, and simulates none; --modality depth",
        ));
    }
    let species = chosen(&args.species)?;
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
        sha256: fingerprint(),
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

fn chosen(names: &[String]) -> CliResult<Vec<Species>> {
    if names.is_empty() {
        return Ok(DEPTH_SPECIES.to_vec());
    }
    let mut chosen = Vec::new();
    for name in names {
        let species = DEPTH_SPECIES.into_iter().find(|s| s.name() == name);
        let species = species.ok_or_else(|| {
            let all: Vec<&str> = DEPTH_SPECIES.iter().map(|s| s.name()).collect();
            Failure::text(format!("no species {name}; there are {}", all.join(", ")))
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
        let class = SensorClass::ALL[self.index as usize % 3];
        let conditions = self.conditions(seed);
        let scene = Scene::draw(self.species, &conditions, seed, Detail::Shape);
        let frames = (0..self.frames).map(|frame| self.frame(&scene, class, seed, frame, folder));
        let frames = frames.collect::<CliResult<Vec<_>>>()?;
        let record = Record::new(Some(self.label(seed)), self.noted(&conditions), frames);
        write_json(folder, &sidecar_name(self.number), &record)
    }

    /// Frames of one scene differ in the sensor's noise and in the errors of landmarks: nothing moves.
    fn frame(
        &self,
        scene: &Scene,
        class: SensorClass,
        seed: u64,
        frame: u32,
        folder: &Path,
    ) -> CliResult<FrameRecord> {
        let (seed, file) = match frame {
            0 => (seed, format!("{:06}.z16", self.number)),
            _ => {
                let seed = Rng::new(seed, "frames").at(u64::from(frame));
                (seed, format!("{:06}-{frame}.z16", self.number))
            }
        };
        let sensor = sensor(class);
        let picture = sensor.take(scene, seed);
        let path = folder.join(&file);
        fs::write(&path, bytes(&picture)).with_file(&path)?;
        let layout = layout(&sensor.camera, TIME_US + u64::from(frame) * STEP_US);
        let landmarks = FoundLandmarks {
            points: scene.found_landmarks(&sensor.camera, seed),
            timestamp_us: layout.timestamp_us,
        };
        let frame = DepthRecord::new(file, class, &layout, landmarks);
        Ok(FrameRecord::Depth(frame))
    }

    /// Sensors change fastest, then distances, then yaws, so that every number of presentations is spread evenly.
    fn conditions(&self, seed: u64) -> Conditions {
        let index = self.index as usize;
        let mut rng = Rng::new(seed, "grid");
        let [near, far] = DISTANCES[index / 3 % DISTANCES.len()];
        let distance_mm = rng.uniform(near, far);
        let mut conditions = Conditions::draw(distance_mm, seed);
        let [least, most] = YAWS[index / 12 % YAWS.len()];
        conditions.pose[0] = rng.uniform(least, most);
        conditions
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

    fn noted(&self, conditions: &Conditions) -> Noted {
        // Only living people are dressed by the conditions.
        let worn = [
            ("glasses", conditions.wear.glasses),
            ("mask", conditions.wear.mask),
        ];
        let worn = worn.into_iter().filter(|w| w.1 && self.species.is_live());
        Noted {
            distance_mm: Some(conditions.distance_mm),
            yaw_deg: Some(conditions.pose[0]),
            light: Some("indoor".to_owned()),
            wearing: worn.map(|(name, _)| name.to_owned()).collect(),
            age: if self.species == Species::Child {
                Age::Child
            } else {
                Age::Adult
            },
        }
    }
}

fn sensor(class: SensorClass) -> DepthSensor {
    DepthSensor::of(match class {
        SensorClass::A => vultus_simulator::SensorClass::A,
        SensorClass::B => vultus_simulator::SensorClass::B,
        SensorClass::C => vultus_simulator::SensorClass::C,
    })
}

fn bytes(picture: &DepthPicture) -> Vec<u8> {
    picture.mm.iter().flat_map(|mm| mm.to_le_bytes()).collect()
}

fn layout(camera: &Camera, timestamp_us: u64) -> DepthLayout {
    let [cx, cy] = camera.centre();
    DepthLayout {
        format: DepthFormat::Z16,
        width: camera.width as u32,
        height: camera.height as u32,
        stride: camera.width * 2,
        unit_mm: 1.0,
        intrinsics: Intrinsics {
            fx: camera.focal,
            fy: camera.focal,
            cx,
            cy,
        },
        orientation: Orientation::default(),
        timestamp_us,
    }
}

/// SHA-256 of one picture of each species: what the simulator draws, whatever it calls itself.
fn fingerprint() -> String {
    let pictures: Vec<Vec<u8>> = DEPTH_SPECIES
        .into_par_iter()
        .map(|species| {
            let conditions = Conditions::draw(450.0, 1);
            let scene = Scene::draw(species, &conditions, 1, Detail::Shape);
            bytes(&sensor(SensorClass::B).take(&scene, 1))
        })
        .collect();
    sha256_hex(&pictures.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_is_walked_evenly_and_people_are_unseen() {
        let mut cells = std::collections::BTreeMap::new();
        for index in 0..72 {
            let shot = Shot {
                species: Species::Flat,
                index,
                number: 0,
                frames: 1,
            };
            let seed = Rng::new(7, "flat").at(u64::from(index)) | UNSEEN;
            let conditions = shot.conditions(seed);
            let band = DISTANCES
                .iter()
                .position(|[a, b]| (*a..*b).contains(&conditions.distance_mm));
            let yaw = YAWS
                .iter()
                .position(|[a, b]| (*a..*b).contains(&conditions.pose[0]));
            *cells.entry((index % 3, band, yaw)).or_insert(0) += 1;
            assert!(seed > 10_000_000);
        }
        assert_eq!(cells.len(), 36);
        assert!(cells.values().all(|n| *n == 2), "{cells:?}");
    }

    #[test]
    fn an_unknown_species_is_answered_with_those_there_are() {
        let unknown = chosen(&["flat".into(), "waxwork".into()]).expect_err("refused");
        let text = unknown.to_string();
        assert!(text.contains("waxwork") && text.contains("rigid-mask"));
        assert!(chosen(&["flat".into(), "flat".into()]).is_err());
        let two = chosen(&["rigid-mask".into(), "live".into()]).expect("known");
        assert_eq!(two, [Species::RigidMask, Species::Live]);
    }
}
