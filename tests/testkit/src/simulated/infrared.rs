//! From the simulator's infrared and colour pictures to the SDK's frames.

use super::scene::{TIME_US, distance_mm, intrinsics, landmarks};
use vultus::frame::{
    Emitter, Frame, FrameLayout, InfraredFormat, InfraredFrame, InfraredLayout, PixelFormat,
};
use vultus::geom::Orientation;
use vultus::liveness::infrared::{InInfrared, InfraredFace, InfraredFrames};
use vultus_simulator::{
    Camera, ColourCamera, Conditions, Detail, NirCamera, Picture, Rng, Scene, Species, View,
};

/// Both cameras of tests.
pub const CAMERA: Camera = Camera::VGA;

/// A presentation to a colour and an infrared camera in one place, and where its landmarks were found.
pub struct NirShot {
    pub lit: Vec<u8>,
    pub unlit: Vec<u8>,
    pub colour: Picture,
    pub face: InfraredFace,
    camera: Camera,
}

/// The room's infrared light on a face over the lamp's, by the seed: up to a half.
pub fn ambient(seed: u64) -> f32 {
    Rng::new(seed, "ambient").uniform(0.0, 0.5)
}

impl NirShot {
    /// Draws conditions, scene, light, noise and errors of landmarks from one seed.
    pub fn draw(species: Species, seed: u64) -> Self {
        let conditions = Conditions::draw(distance_mm(seed), seed);
        Self::under(species, &conditions, ambient(seed), seed)
    }

    pub fn under(species: Species, conditions: &Conditions, ambient: f32, seed: u64) -> Self {
        let scene = Scene::draw(species, conditions, seed, Detail::Full);
        Self::of(&scene, CAMERA, conditions, ambient, seed)
    }

    /// `ambient` is the room's light on a white surface at the face's distance over the lamp's.
    pub fn of(
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

    pub fn lit_alone(&self) -> InfraredFrames<'_> {
        InfraredFrames::lit_alone(frame(&self.lit, layout(&self.camera, Emitter::On, TIME_US)))
    }

    pub fn pair(&self) -> InfraredFrames<'_> {
        let lit = frame(&self.lit, layout(&self.camera, Emitter::On, TIME_US));
        let unlit = frame(
            &self.unlit,
            layout(&self.camera, Emitter::Off, TIME_US + 33_000),
        );
        InfraredFrames::pair(lit, unlit).expect("a pair of one camera")
    }

    pub fn colour(&self) -> Frame<'_> {
        let (width, height) = (self.camera.width as u32, self.camera.height as u32);
        let layout = FrameLayout::packed(PixelFormat::Rgb8, width, height);
        Frame::new(layout, &self.colour.rgb).expect("a valid frame")
    }
}

/// The layout of the simulator's infrared pictures.
pub fn layout(camera: &Camera, emitter: Emitter, timestamp_us: u64) -> InfraredLayout {
    InfraredLayout {
        format: InfraredFormat::Y10,
        width: camera.width as u32,
        height: camera.height as u32,
        stride: camera.width * 2,
        emitter,
        intrinsics: Some(intrinsics(camera)),
        orientation: Orientation::default(),
        timestamp_us,
    }
}

pub fn frame(bytes: &[u8], layout: InfraredLayout) -> InfraredFrame<'_> {
    InfraredFrame::new(layout, bytes).expect("a valid frame")
}
