//! Draws one picture of every species for each sensor: the pages of `docs/liveness.md`.
//!
//! Usage: `contact_sheets FOLDER [SEED]`
#![allow(clippy::print_stdout)]

use image::{Rgb, RgbImage};
use std::error::Error;
use std::path::Path;
use vultus_simulator::{
    Camera, ColourCamera, Conditions, DepthSensor, Detail, Emitter, Expression, NirCamera, Scene,
    SensorClass, Species, Wear,
};

/// Side of a cell in pixels, and what it shows in millimetres.
const CELL: u32 = 120;
const SHOWN_MM: f32 = 330.0;

const COLUMNS: u32 = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (folder, seed) = match words.as_slice() {
        [folder] => (folder, 11),
        [folder, seed] => (folder, seed.parse()?),
        _ => return Err("usage: contact_sheets FOLDER [SEED]".into()),
    };
    let scenes = scenes(seed);
    let folder = Path::new(folder);
    let sensor = DepthSensor::of(SensorClass::A);
    let depth = sheet(&scenes, 1, |scene, place| {
        let picture = sensor.take(scene, seed);
        vec![cell(place, &sensor.camera, |at| {
            relief(picture.mm[at], place.mm)
        })]
    });
    depth.save(folder.join("liveness-depth.png"))?;
    let nir = NirCamera::default();
    let infrared = sheet(&scenes, 2, |scene, place| {
        [Emitter::On, Emitter::Off]
            .map(|emitter| {
                let picture = nir.take(scene, emitter, seed);
                cell(place, &nir.camera, |at| [tone(picture.samples[at]); 3])
            })
            .to_vec()
    });
    image::imageops::grayscale(&infrared).save(folder.join("liveness-nir.png"))?;
    let camera = ColourCamera::default();
    let colour = sheet(&scenes, 1, |scene, place| {
        let picture = camera.take(scene, seed);
        vec![cell(place, &camera.camera, |at| {
            [0, 1, 2].map(|i| picture.rgb[at * 3 + i])
        })]
    });
    colour.save(folder.join("liveness-colour.png"))?;
    for (name, _, _) in &scenes {
        println!("{name}");
    }
    Ok(())
}

/// Ten bits of light as a display shows them.
fn tone(sample: u16) -> u8 {
    ((f32::from(sample) / 1023.0).sqrt() * 255.0) as u8
}

/// Where the face is in a picture.
struct Place {
    centre: [f32; 2],
    mm: f32,
}

/// Three living people, then every attack.
fn scenes(seed: u64) -> Vec<(String, Scene, Place)> {
    let plain = Conditions {
        distance_mm: 520.0,
        pose: [6.0, 2.0, 0.0],
        aside_mm: [0.0, 10.0],
        wall_mm: 1200.0,
        ..Conditions::default()
    };
    let glasses = Conditions {
        wear: Wear {
            glasses: true,
            mask: false,
        },
        expression: Expression {
            smile: 0.8,
            open: 0.0,
            blink: 0.0,
        },
        pose: [-14.0, 4.0, 3.0],
        ..plain
    };
    let mask = Conditions {
        wear: Wear {
            glasses: false,
            mask: true,
        },
        pose: [12.0, -5.0, -4.0],
        ..plain
    };
    let live = [
        ("live", plain),
        ("live, glasses", glasses),
        ("live, mask", mask),
    ];
    let live = live.into_iter().enumerate().map(|(i, (name, conditions))| {
        let scene = Scene::draw(Species::Live, &conditions, seed + i as u64, Detail::Full);
        (name.to_owned(), scene)
    });
    let attacks = Species::ATTACKS
        .into_iter()
        .enumerate()
        .map(|(i, species)| {
            let scene = Scene::draw(species, &plain, seed + 40 + i as u64, Detail::Full);
            (species.name().to_owned(), scene)
        });
    live.chain(attacks)
        .map(|(name, scene)| {
            let landmarks = scene.seen_landmarks(&Camera::VGA);
            let centre = [landmarks[2][0], landmarks[2][1]];
            (name, scene, Place { centre, mm: 520.0 })
        })
        .collect()
}

/// All cells of all scenes, row by row.
fn sheet(
    scenes: &[(String, Scene, Place)],
    each: u32,
    draw: impl Fn(&Scene, &Place) -> Vec<RgbImage>,
) -> RgbImage {
    let columns = COLUMNS * each;
    let rows = (scenes.len() as u32).div_ceil(COLUMNS);
    let mut sheet = RgbImage::from_pixel(columns * CELL, rows * CELL, Rgb([255; 3]));
    for (i, (_, scene, place)) in scenes.iter().enumerate() {
        let i = i as u32;
        for (k, cell) in draw(scene, place).iter().enumerate() {
            let left = (i % COLUMNS * each + k as u32) * CELL;
            image::imageops::replace(
                &mut sheet,
                cell,
                i64::from(left),
                i64::from(i / COLUMNS * CELL),
            );
        }
    }
    sheet
}

/// The part of a picture around the face, by the mean of the pixels that a cell's pixel covers.
fn cell(place: &Place, camera: &Camera, at: impl Fn(usize) -> [u8; 3]) -> RgbImage {
    let span = SHOWN_MM * camera.focal / place.mm;
    let step = span / CELL as f32;
    RgbImage::from_fn(CELL - 2, CELL - 2, |x, y| {
        let mut sum = [0_u32; 3];
        let mut count = 0;
        for k in 0..9 {
            let along = |centre: f32, i: u32, k: u32| {
                centre - span / 2.0 + (i as f32 + (k as f32 + 0.5) / 3.0) * step
            };
            let (px, py) = (
                along(place.centre[0], x, k % 3),
                along(place.centre[1], y, k / 3),
            );
            if px < 0.0 || py < 0.0 || px >= camera.width as f32 || py >= camera.height as f32 {
                continue;
            }
            let colour = at(py as usize * camera.width + px as usize);
            count += 1;
            for (sum, value) in sum.iter_mut().zip(colour) {
                *sum += u32::from(value);
            }
        }
        Rgb(sum.map(|s| (s / count.max(1)) as u8))
    })
}

/// Colours of depth: yellow 40 mm before the eyes, through green and blue, to dark 80 mm behind them; black for
/// nothing.
fn relief(mm: u16, eyes: f32) -> [u8; 3] {
    if mm == 0 {
        return [0; 3];
    }
    let t = ((f32::from(mm) - eyes + 40.0) / 120.0).clamp(0.0, 1.0);
    let knots: [[f32; 3]; 6] = [
        [253.0, 231.0, 37.0],
        [94.0, 201.0, 98.0],
        [33.0, 145.0, 140.0],
        [59.0, 82.0, 139.0],
        [68.0, 1.0, 84.0],
        [60.0, 60.0, 66.0],
    ];
    let place = t * 4.999;
    let (i, share) = (place as usize, place.fract());
    [0, 1, 2].map(|k| (knots[i][k] + (knots[i + 1][k] - knots[i][k]) * share) as u8)
}
