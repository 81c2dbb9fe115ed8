//! One presentation of the grid, whatever the sensor.

use crate::datasets::presentations::{
    Age, Conditions as Noted, FrameRecord, LIVE, Label, Record, sidecar_name, write_json,
};
use crate::failure::{Result, WithFile};
use std::fs;
use std::path::Path;
use vultus_simulator::{Camera, Conditions, Rng, Species};

/// Capture time of the first frame of a presentation, and the time between two, in microseconds.
const TIME_US: u64 = 1_000_000;
const STEP_US: u64 = 100_000;

/// People and artefacts that rules are trained and tuned on have seeds without this bit.
const UNSEEN: u64 = 1 << 63;

/// Distances in millimetres, with a margin for noise at both ends of the range that is judged.
pub(super) const DISTANCES: [[f32; 2]; 4] = [
    [310.0, 400.0],
    [400.0, 500.0],
    [500.0, 600.0],
    [600.0, 680.0],
];

/// Yaw in degrees: to the left, straight, to the right.
pub(super) const YAWS: [[f32; 2]; 3] = [[-20.0, -7.5], [-7.5, 7.5], [7.5, 20.0]];

/// The camera of either kind of sensor, and of colours.
pub(super) const CAMERA: Camera = Camera::VGA;

/// Who or what is presented, and how often it is taken.
pub(super) struct Presentation {
    pub(super) species: Species,
    /// Among those of its species.
    pub(super) index: u32,
    /// In the set.
    pub(super) number: u32,
    /// Frames that are taken of it.
    pub(super) frames: u32,
}

/// One frame that is to be taken.
pub(super) struct Shot {
    /// Decides the sensor's noise and the errors of landmarks.
    pub(super) seed: u64,
    /// The beginning of its files' names.
    pub(super) name: String,
    /// Capture time in microseconds.
    pub(super) time_us: u64,
}

/// What was taken of a presentation.
pub(super) struct Taken {
    pub(super) frames: Vec<FrameRecord>,
    /// A name of the light.
    pub(super) light: String,
}

impl Presentation {
    /// Decides everything about it, in a set of this seed.
    pub(super) fn seed(&self, set: u64) -> u64 {
        Rng::new(set, self.species.name()).at(u64::from(self.index)) | UNSEEN
    }

    /// Its frames. They differ in the sensor's noise and in the errors of landmarks: nothing moves.
    pub(super) fn shots(&self, seed: u64) -> impl Iterator<Item = Shot> {
        let number = self.number;
        (0..self.frames).map(move |frame| {
            let (seed, name) = match frame {
                0 => (seed, format!("{number:06}")),
                _ => (
                    Rng::new(seed, "frames").at(u64::from(frame)),
                    format!("{number:06}-{frame}"),
                ),
            };
            Shot {
                seed,
                name,
                time_us: TIME_US + u64::from(frame) * STEP_US,
            }
        })
    }

    /// Its conditions, where there are so many kinds of sensors or lights. These change fastest, then distances, then yaws,
    /// so that every number of presentations is spread evenly.
    pub(super) fn conditions(&self, seed: u64, kinds: usize) -> Conditions {
        let index = self.index as usize / kinds;
        let mut rng = Rng::new(seed, "grid");
        let [near, far] = DISTANCES[index % DISTANCES.len()];
        let distance_mm = rng.uniform(near, far);
        let mut conditions = Conditions::draw(distance_mm, seed);
        let [least, most] = YAWS[index / DISTANCES.len() % YAWS.len()];
        conditions.pose[0] = rng.uniform(least, most);
        conditions
    }

    /// Writes the sidecar.
    pub(super) fn write(
        &self,
        seed: u64,
        conditions: &Conditions,
        taken: Taken,
        folder: &Path,
    ) -> Result<()> {
        let noted = self.noted(conditions, taken.light);
        let record = Record::new(Some(self.label(seed)), noted, taken.frames);
        write_json(folder, &sidecar_name(self.number), &record)
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
pub(super) fn write_frame(folder: &Path, name: String, bytes: &[u8]) -> Result<String> {
    let path = folder.join(&name);
    fs::write(&path, bytes).with_file(&path)?;
    Ok(name)
}
