//! From the simulator's depth pictures to the SDK's frames.

use super::scene::{TIME_US, intrinsics, landmarks};
use vultus::frame::{DepthFormat, DepthFrame, DepthLayout};
use vultus::geom::Orientation;
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::liveness::depth::{DepthAssessment, DepthFace, DepthLiveness, SensorClass};
use vultus_simulator::{
    Camera, Conditions, DepthPicture, DepthSensor, Detail, Scene, Species, Wear,
};

/// Attacks without a nose: what stage A is for.
pub const SHEETS_AND_SCREENS: [Species; 9] = [
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
    Species::Phone,
    Species::Tablet,
    Species::Monitor,
];

/// Judges by geometry alone, without a network.
pub fn geometry(class: SensorClass) -> DepthLiveness {
    DepthLiveness::new(class, []).expect("no network is needed")
}

/// A presentation of a species to a depth sensor, and where its landmarks were found.
pub struct Shot {
    pub picture: DepthPicture,
    pub face: DepthFace,
    bytes: Vec<u8>,
}

impl Shot {
    /// Draws conditions, scene, noise and errors of landmarks from one seed.
    pub fn draw(species: Species, class: SensorClass, distance_mm: f32, seed: u64) -> Self {
        Self::under(species, class, &Conditions::draw(distance_mm, seed), seed)
    }

    pub fn under(species: Species, class: SensorClass, conditions: &Conditions, seed: u64) -> Self {
        Self::moment(species, class, conditions, seed, seed)
    }

    /// One of several frames of a presentation: `seed` is of who and what is shown, `noise` of the sensor's and the
    /// landmarks' errors.
    pub fn moment(
        species: Species,
        class: SensorClass,
        conditions: &Conditions,
        seed: u64,
        noise: u64,
    ) -> Self {
        let scene = Scene::draw(species, conditions, seed, Detail::Shape);
        Self::of(&scene, class, noise)
    }

    /// A scene before a sensor.
    pub fn of(scene: &Scene, class: SensorClass, noise: u64) -> Self {
        let sensor = DepthSensor::of(match class {
            SensorClass::A => vultus_simulator::SensorClass::A,
            SensorClass::B => vultus_simulator::SensorClass::B,
            SensorClass::C => vultus_simulator::SensorClass::C,
        });
        let picture = sensor.take(scene, noise);
        let found = scene.found_landmarks(&sensor.camera, noise);
        let landmarks = landmarks(found);
        let bytes = picture.mm.iter().flat_map(|mm| mm.to_le_bytes()).collect();
        Self {
            picture,
            face: DepthFace {
                landmarks,
                timestamp_us: TIME_US,
            },
            bytes,
        }
    }

    /// The frame's samples as a sensor hands them over.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn frame(&self) -> DepthFrame<'_> {
        DepthFrame::new(layout(&self.picture.camera), &self.bytes).expect("a valid frame")
    }

    /// What a judge says of it.
    pub fn assess(&self, judge: &DepthLiveness) -> DepthAssessment {
        let assessment = judge.assess(&mut Scratch::default(), &self.frame(), &self.face);
        assessment.expect("the same moment")
    }
}

/// The layout of the simulator's depth pictures.
pub fn layout(camera: &Camera) -> DepthLayout {
    DepthLayout {
        format: DepthFormat::Z16,
        width: camera.width as u32,
        height: camera.height as u32,
        stride: camera.width * 2,
        unit_mm: 1.0,
        intrinsics: intrinsics(camera),
        orientation: Orientation::default(),
        timestamp_us: TIME_US,
    }
}

/// Conditions with what a living person wears.
pub fn wearing(distance_mm: f32, seed: u64, wear: Wear) -> Conditions {
    Conditions {
        wear,
        ..Conditions::draw(distance_mm, seed)
    }
}
