//! From the simulator's pictures to the SDK's frames.
#![allow(dead_code)]

use vultus::frame::{DepthFormat, DepthFrame, DepthLayout};
use vultus::geom::{Intrinsics, Landmarks5, Orientation, Point};
use vultus::liveness::depth::{DepthAssessment, DepthFace, DepthLiveness, SensorClass};
use vultus_simulator::{
    Camera, Conditions, DepthPicture, DepthSensor, Detail, Rng, Scene, Species, Wear,
};

/// Capture time of simulated frames in microseconds.
pub(crate) const TIME_US: u64 = 1_000_000;

/// Attacks without a nose: what stage A is for.
pub(crate) const SHEETS_AND_SCREENS: [Species; 9] = [
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

/// A presentation of a species to a depth sensor, and where its landmarks were found.
pub(crate) struct Shot {
    pub(crate) picture: DepthPicture,
    pub(crate) face: DepthFace,
    bytes: Vec<u8>,
}

impl Shot {
    /// Draws conditions, scene, noise and errors of landmarks from one seed.
    pub(crate) fn draw(species: Species, class: SensorClass, distance_mm: f32, seed: u64) -> Self {
        Self::under(species, class, &Conditions::draw(distance_mm, seed), seed)
    }

    pub(crate) fn under(
        species: Species,
        class: SensorClass,
        conditions: &Conditions,
        seed: u64,
    ) -> Self {
        Self::moment(species, class, conditions, seed, seed)
    }

    /// One of several frames of a presentation: `seed` is of who and what is shown, `noise` of the sensor's and the
    /// landmarks' errors.
    pub(crate) fn moment(
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
    pub(crate) fn of(scene: &Scene, class: SensorClass, noise: u64) -> Self {
        let sensor = DepthSensor::of(match class {
            SensorClass::A => vultus_simulator::SensorClass::A,
            SensorClass::B => vultus_simulator::SensorClass::B,
            SensorClass::C => vultus_simulator::SensorClass::C,
        });
        let picture = sensor.take(scene, noise);
        let found = scene.found_landmarks(&sensor.camera, noise);
        let landmarks = Landmarks5::from_array(found.map(|[x, y]| Point::new(x, y)));
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
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn frame(&self) -> DepthFrame<'_> {
        DepthFrame::new(layout(&self.picture.camera), &self.bytes).expect("a valid frame")
    }

    /// What a judge says of it.
    pub(crate) fn assess(&self, judge: DepthLiveness) -> DepthAssessment {
        let assessment = judge.assess(&self.frame(), &self.face);
        assessment.expect("the same moment")
    }
}

/// The layout of the simulator's depth pictures.
pub(crate) fn layout(camera: &Camera) -> DepthLayout {
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
        timestamp_us: TIME_US,
    }
}

/// A distance between 300 and 700 mm, by the seed, leaving a margin for noise at both ends.
pub(crate) fn distance_mm(seed: u64) -> f32 {
    Rng::new(seed, "distance").uniform(310.0, 680.0)
}

/// Conditions with what a living person wears.
pub(crate) fn wearing(distance_mm: f32, seed: u64, wear: Wear) -> Conditions {
    Conditions {
        wear,
        ..Conditions::draw(distance_mm, seed)
    }
}
