//! Presentations to an infrared camera with a lamp, and a colour camera in the same place.

use super::presentation::{CAMERA, Presentation, Shot, Taken, write_frame};
use crate::datasets::presentations::{
    EmitterName, FrameRecord, InfraredFile, InfraredRecord, LandmarksRecord,
};
use crate::failure::Result;
use std::path::Path;
use vultus_simulator::{
    ColourCamera, Conditions, Detail, NirCamera, NirPicture, Rng, Scene, Species, View, Wear,
};

/// Everybody and everything: inks differ, and so do the shapes of paper.
pub(super) const SPECIES: [Species; 20] = [
    Species::Live,
    Species::Child,
    Species::Phone,
    Species::Tablet,
    Species::Monitor,
    Species::Inkjet,
    Species::Laser,
    Species::PhotoPaper,
    Species::Vinyl,
    Species::NirReprint,
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Fabric,
    Species::RigidMask,
];

/// The room's infrared light on a face over the lamp's.
type Light = [f32; 2];

const DIM: Light = [0.0, 0.25];
const BRIGHT: Light = [0.25, 0.5];

/// Attackers choose light in which there is an answer.
const OF_ATTACKS: [Light; 2] = [DIM, BRIGHT];

/// People come in every light; two of three in such.
const OF_PEOPLE: [Light; 6] = [DIM, BRIGHT, [0.5, 1.0], DIM, BRIGHT, [1.0, 2.0]];

/// The time between the lit frame and the unlit one, in microseconds.
const PAIR_US: u64 = 33_000;

/// Share of people with a surgical mask.
const MASKED: f32 = 0.1;

pub(super) fn lights(species: Species) -> &'static [Light] {
    if species.is_live() {
        &OF_PEOPLE
    } else {
        &OF_ATTACKS
    }
}

/// Takes and writes a presentation's frames.
pub(super) fn take(
    one: &Presentation,
    conditions: &Conditions,
    seed: u64,
    folder: &Path,
) -> Result<Taken> {
    let lights = lights(one.species);
    let [least, most] = lights[one.index as usize % lights.len()];
    let ambient = Rng::new(seed, "light").uniform(least, most);
    let cameras = Cameras::draw(conditions.distance_mm, ambient, seed);
    let scene = Scene::draw(one.species, conditions, seed, Detail::Full);
    let view = View::of(&scene, CAMERA);
    let frames = one.shots(seed).map(|shot| {
        let Shot {
            seed,
            name,
            time_us,
        } = shot;
        let [lit, unlit] = cameras.infrared.take_pair(&view, seed);
        let colour = cameras.colour.expose(&view, seed);
        let infrared = |kind: &str, bytes: &[u8], emitter, timestamp_us| -> Result<InfraredFile> {
            Ok(InfraredFile {
                file: write_frame(folder, format!("{name}-{kind}.y10"), bytes)?,
                emitter,
                timestamp_us,
            })
        };
        let pair = [
            infrared("lit", &lit.bytes(), EmitterName::On, time_us)?,
            infrared("unlit", &unlit.bytes(), EmitterName::Off, time_us + PAIR_US)?,
        ];
        let landmarks = LandmarksRecord {
            colour: scene.found_landmarks(&CAMERA, seed),
            infrared: Some(scene.found_landmarks(&CAMERA, !seed)),
        };
        let [cx, cy] = CAMERA.centre();
        let record = InfraredRecord::new(
            (CAMERA.width as u32, CAMERA.height as u32),
            [CAMERA.focal, CAMERA.focal, cx, cy],
            pair,
            (
                write_frame(folder, format!("{name}.rgb"), &colour.rgb)?,
                time_us,
            ),
            landmarks,
        );
        Ok(FrameRecord::Infrared(Box::new(record)))
    });
    let light = format!("ambient-{least:.2}-{most:.2}");
    Ok(Taken {
        frames: frames.collect::<Result<_>>()?,
        light,
    })
}

/// Who wears a mask is drawn here: a depth sensor's grid has none.
pub(super) fn with_mask(one: &Presentation, conditions: Conditions, seed: u64) -> Conditions {
    let mask = one.species.is_live() && Rng::new(seed, "masked").chance(MASKED);
    Conditions {
        wear: Wear {
            mask,
            ..conditions.wear
        },
        ..conditions
    }
}

/// What the simulator draws of a species.
pub(super) fn picture(species: Species, conditions: &Conditions) -> Vec<u8> {
    let scene = Scene::draw(species, conditions, 1, Detail::Full);
    let view = View::of(&scene, CAMERA);
    let cameras = Cameras::draw(conditions.distance_mm, 0.2, 1);
    let pair = cameras.infrared.take_pair(&view, 1);
    let mut bytes: Vec<u8> = pair.iter().flat_map(NirPicture::bytes).collect();
    bytes.extend(cameras.colour.expose(&view, 1).rgb);
    bytes
}

struct Cameras {
    infrared: NirCamera,
    colour: ColourCamera,
}

impl Cameras {
    fn draw(distance_mm: f32, ambient: f32, seed: u64) -> Self {
        let mut rng = Rng::new(seed, "nir camera");
        Self {
            infrared: NirCamera::draw(CAMERA, distance_mm, ambient, &mut rng),
            colour: ColourCamera::draw(CAMERA, &mut rng),
        }
    }
}
