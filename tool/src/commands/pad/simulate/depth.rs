//! Presentations to a structured-light sensor.

use super::presentation::{CAMERA, Presentation, Taken, write_frame};
use crate::datasets::presentations::{DepthRecord, FoundLandmarks, FrameRecord};
use crate::failure::Result;
use std::path::Path;
use vultus::frame::{DepthFormat, DepthLayout};
use vultus::geom::{Intrinsics, Orientation};
use vultus::liveness::depth::SensorClass;
use vultus_simulator::{Conditions, DepthPicture, DepthSensor, Detail, Scene, Species};

/// Species that differ for a depth sensor, which sees no ink.
pub(super) const SPECIES: [Species; 15] = [
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

/// Classes of sensors.
pub(super) const CLASSES: usize = SensorClass::ALL.len();

/// Takes and writes a presentation's frames.
pub(super) fn take(
    one: &Presentation,
    conditions: &Conditions,
    seed: u64,
    folder: &Path,
) -> Result<Taken> {
    let class = SensorClass::ALL[one.index as usize % CLASSES];
    let sensor = sensor(class);
    let scene = Scene::draw(one.species, conditions, seed, Detail::Shape);
    let frames = one.shots(seed).map(|shot| {
        let picture = bytes(&sensor.take(&scene, shot.seed));
        let file = write_frame(folder, format!("{}.z16", shot.name), &picture)?;
        let landmarks = FoundLandmarks {
            points: scene.found_landmarks(&sensor.camera, shot.seed),
            timestamp_us: shot.time_us,
        };
        let record = DepthRecord::new(file, class, &layout(shot.time_us), landmarks);
        Ok(FrameRecord::Depth(record))
    });
    Ok(Taken {
        frames: frames.collect::<Result<_>>()?,
        light: "indoor".to_owned(),
    })
}

/// What the simulator draws of a species.
pub(super) fn picture(species: Species, conditions: &Conditions) -> Vec<u8> {
    let scene = Scene::draw(species, conditions, 1, Detail::Shape);
    bytes(&sensor(SensorClass::B).take(&scene, 1))
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

fn layout(timestamp_us: u64) -> DepthLayout {
    let [cx, cy] = CAMERA.centre();
    DepthLayout {
        format: DepthFormat::Z16,
        width: CAMERA.width as u32,
        height: CAMERA.height as u32,
        stride: CAMERA.width * 2,
        unit_mm: 1.0,
        intrinsics: Intrinsics {
            fx: CAMERA.focal,
            fy: CAMERA.focal,
            cx,
            cy,
        },
        orientation: Orientation::default(),
        timestamp_us,
    }
}
