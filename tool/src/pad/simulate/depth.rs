//! Presentations to a structured-light sensor.

use super::{CAMERA, Shot, Taken, write};
use crate::failure::CliResult;
use crate::pad::record::{DepthRecord, FoundLandmarks, FrameRecord};
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
    shot: &Shot,
    conditions: &Conditions,
    seed: u64,
    folder: &Path,
) -> CliResult<Taken> {
    let class = SensorClass::ALL[shot.index as usize % CLASSES];
    let sensor = sensor(class);
    let scene = Scene::draw(shot.species, conditions, seed, Detail::Shape);
    let frames = (0..shot.frames).map(|frame| {
        let (seed, name, time_us) = shot.frame(seed, frame);
        let file = write(
            folder,
            format!("{name}.z16"),
            &bytes(&sensor.take(&scene, seed)),
        )?;
        let landmarks = FoundLandmarks {
            points: scene.found_landmarks(&sensor.camera, seed),
            timestamp_us: time_us,
        };
        let record = DepthRecord::new(file, class, &layout(time_us), landmarks);
        Ok(FrameRecord::Depth(record))
    });
    Ok((frames.collect::<CliResult<_>>()?, "indoor".to_owned()))
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
