//! From the simulator's infrared and colour pictures to the SDK's frames.
#![allow(dead_code)]

use vultus::frame::{
    Emitter, Frame, FrameLayout, InfraredFormat, InfraredFrame, InfraredLayout, PixelFormat,
};
use vultus::geom::{Intrinsics, Landmarks5, Orientation, Point};
use vultus::liveness::infrared::{InInfrared, InfraredFace, InfraredFrames};
use vultus_simulator::{
    Camera, ColourCamera, Conditions, Detail, NirCamera, Picture, Rng, Scene, Species, View,
};

/// Capture time of simulated frames in microseconds.
pub(crate) const TIME_US: u64 = 1_000_000;

/// Both cameras of tests.
pub(crate) const CAMERA: Camera = Camera::VGA;

/// A presentation to a colour and an infrared camera in one place, and where its landmarks were found.
pub(crate) struct NirShot {
    pub(crate) lit: Vec<u8>,
    pub(crate) unlit: Vec<u8>,
    pub(crate) colour: Picture,
    pub(crate) face: InfraredFace,
    camera: Camera,
}

/// A distance between 300 and 700 mm, by the seed.
pub(crate) fn distance_mm(seed: u64) -> f32 {
    Rng::new(seed, "distance").uniform(310.0, 680.0)
}

/// The room's infrared light on a face over the lamp's, by the seed: up to a half.
pub(crate) fn ambient(seed: u64) -> f32 {
    Rng::new(seed, "ambient").uniform(0.0, 0.5)
}

impl NirShot {
    /// Draws conditions, scene, light, noise and errors of landmarks from one seed.
    pub(crate) fn draw(species: Species, seed: u64) -> Self {
        let conditions = Conditions::draw(distance_mm(seed), seed);
        Self::under(species, &conditions, ambient(seed), seed)
    }

    pub(crate) fn under(
        species: Species,
        conditions: &Conditions,
        ambient: f32,
        seed: u64,
    ) -> Self {
        let scene = Scene::draw(species, conditions, seed, Detail::Full);
        Self::of(&scene, CAMERA, conditions, ambient, seed)
    }

    /// `ambient` is the room's light on a white surface at the face's distance over the lamp's.
    pub(crate) fn of(
        scene: &Scene,
        camera: Camera,
        conditions: &Conditions,
        ambient: f32,
        seed: u64,
    ) -> Self {
        let mut rng = Rng::new(seed, "nir camera");
        let infrared = NirCamera::draw(camera, conditions.distance_mm, ambient, &mut rng);
        let colour = ColourCamera::draw(camera, &mut rng);
        let view = View::of(scene, camera);
        let [lit, unlit] = infrared.take_pair(&view, seed);
        Self {
            lit: lit.bytes(),
            unlit: unlit.bytes(),
            colour: colour.expose(&view, seed),
            face: InfraredFace {
                in_colour: landmarks(scene.found_landmarks(&camera, seed)),
                in_infrared: landmarks(scene.found_landmarks(&camera, !seed)),
                timestamp_us: TIME_US,
                found: InInfrared::NotAsked,
            },
            camera,
        }
    }

    pub(crate) fn lit_alone(&self) -> InfraredFrames<'_> {
        InfraredFrames::lit_alone(frame(&self.lit, layout(&self.camera, Emitter::On, TIME_US)))
    }

    pub(crate) fn pair(&self) -> InfraredFrames<'_> {
        let lit = frame(&self.lit, layout(&self.camera, Emitter::On, TIME_US));
        let unlit = frame(
            &self.unlit,
            layout(&self.camera, Emitter::Off, TIME_US + 33_000),
        );
        InfraredFrames::pair(lit, unlit).expect("a pair of one camera")
    }

    pub(crate) fn colour(&self) -> Frame<'_> {
        let (width, height) = (self.camera.width as u32, self.camera.height as u32);
        let layout = FrameLayout::packed(PixelFormat::Rgb8, width, height);
        Frame::new(layout, &self.colour.rgb).expect("a valid frame")
    }
}

fn landmarks(points: [[f32; 2]; 5]) -> Landmarks5 {
    Landmarks5::from_array(points.map(|[x, y]| Point::new(x, y)))
}

/// The layout of the simulator's infrared pictures.
pub(crate) fn layout(camera: &Camera, emitter: Emitter, timestamp_us: u64) -> InfraredLayout {
    let [cx, cy] = camera.centre();
    InfraredLayout {
        format: InfraredFormat::Y10,
        width: camera.width as u32,
        height: camera.height as u32,
        stride: camera.width * 2,
        emitter,
        intrinsics: Some(Intrinsics {
            fx: camera.focal,
            fy: camera.focal,
            cx,
            cy,
        }),
        orientation: Orientation::default(),
        timestamp_us,
    }
}

pub(crate) fn frame(bytes: &[u8], layout: InfraredLayout) -> InfraredFrame<'_> {
    InfraredFrame::new(layout, bytes).expect("a valid frame")
}
