//! What the sensors make of scenes agrees with physics, and is the same everywhere.
#![allow(clippy::print_stdout)]

use vultus_simulator::{
    ColourCamera, Conditions, DepthPicture, DepthSensor, Detail, Emitter, NirCamera, NirPicture,
    Scene, SensorClass, Species,
};

fn at(distance_mm: f32) -> Conditions {
    Conditions {
        distance_mm,
        wall_mm: distance_mm + 800.0,
        ..Conditions::default()
    }
}

/// Turned a little: a plane straight before the camera would have one disparity, and no noise of steps.
fn depth(species: Species, distance_mm: f32, class: SensorClass, seed: u64) -> DepthPicture {
    let conditions = Conditions {
        pose: [14.0, 9.0, 0.0],
        ..at(distance_mm)
    };
    let scene = Scene::draw(species, &conditions, seed, Detail::Shape);
    DepthSensor::of(class).take(&scene, seed)
}

fn infrared(species: Species, camera: &NirCamera, emitter: Emitter, seed: u64) -> NirPicture {
    let scene = Scene::draw(species, &at(450.0), seed, Detail::Full);
    camera.take(&scene, emitter, seed)
}

/// FNV-1a.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Samples in a square around the nose, of so many pixels to each side.
fn around_nose<T: Copy>(landmarks: &[[f32; 2]; 5], samples: &[T], half: i32) -> Vec<(f64, f64, T)> {
    let [cx, cy] = landmarks[2].map(|v| v as i32);
    let mut found = Vec::new();
    for y in cy - half..=cy + half {
        for x in cx - half..=cx + half {
            let sample = samples[y as usize * 640 + x as usize];
            found.push((f64::from(x), f64::from(y), sample));
        }
    }
    found
}

/// Residuals, in millimetres, of measured points to the plane through them: least squares of 1/z, which is
/// linear in the picture.
fn off_plane(picture: &DepthPicture, half: i32) -> f64 {
    let points: Vec<(f64, f64, f64)> = around_nose(&picture.landmarks, &picture.mm, half)
        .into_iter()
        .filter(|p| p.2 != 0)
        .map(|(x, y, mm)| (x, y, f64::from(mm)))
        .collect();
    let n = points.len() as f64;
    assert!(n > 1000.0);
    let mean = |f: &dyn Fn(&(f64, f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / n;
    let (mx, my, mv) = (mean(&|p| p.0), mean(&|p| p.1), mean(&|p| 1.0 / p.2));
    let moment =
        |f: &dyn Fn(f64, f64, f64) -> f64| mean(&|p| f(p.0 - mx, p.1 - my, 1.0 / p.2 - mv));
    let (xx, xy, yy) = (
        moment(&|x, _, _| x * x),
        moment(&|x, y, _| x * y),
        moment(&|_, y, _| y * y),
    );
    let (xv, yv) = (moment(&|x, _, v| x * v), moment(&|_, y, v| y * v));
    let det = xx * yy - xy * xy;
    let (a, b) = ((xv * yy - yv * xy) / det, (yv * xx - xv * xy) / det);
    let square = mean(&|p| (p.2 - 1.0 / (mv + a * (p.0 - mx) + b * (p.1 - my))).powi(2));
    square.sqrt()
}

#[test]
fn the_same_seeds_give_the_same_bytes() {
    let drawn = |species, seed| {
        let conditions = Conditions::draw(500.0, seed);
        Scene::draw(species, &conditions, seed, Detail::Full)
    };
    let mut hashes = Vec::new();
    for (species, seed) in [
        (Species::Live, 1),
        (Species::BentCrumpled, 2),
        (Species::RigidMask, 3),
    ] {
        let scene = drawn(species, seed);
        let depth = DepthSensor::of(SensorClass::B).take(&scene, seed);
        hashes.push(hash(depth.mm.iter().flat_map(|v| v.to_le_bytes())));
        let infrared = NirCamera::default().take(&scene, Emitter::On, seed);
        hashes.push(hash(infrared.samples.iter().flat_map(|v| v.to_le_bytes())));
        hashes.push(hash(ColourCamera::default().take(&scene, seed).rgb));
    }
    println!("{hashes:#018x?}");
    assert_eq!(hashes, GOLDEN);
}

/// A change of the simulator changes these; every figure in `docs/liveness.md` must be made again with them.
const GOLDEN: [u64; 9] = [
    0x3ce8_a93b_26da_2e20,
    0x5d41_694d_ae45_73df,
    0x049d_b518_bfc1_80ce,
    0x6f1b_4db5_d0ec_35b8,
    0x7409_6eac_a9e9_ae00,
    0x4c46_a9c9_86e9_3736,
    0x9cdd_7365_86e0_3a76,
    0x8904_1d38_1f4f_14b1,
    0x521e_edfc_7b1d_3023,
];

#[test]
fn a_plane_is_a_plane_and_its_noise_grows_with_the_square_of_the_distance() {
    for class in SensorClass::ALL {
        let near = off_plane(&depth(Species::Flat, 400.0, class, 5), 40);
        let far = off_plane(&depth(Species::Flat, 800.0, class, 5), 40);
        println!("{class:?}: {near:.2} mm at 400, {far:.2} mm at 800");
        let sensor = DepthSensor::of(class);
        // Noise, steps of an eighth of a pixel, and the output's millimetres.
        let step = 0.125_f32 / 12_f32.sqrt();
        let pixels = (sensor.noise_px.powi(2) + step * step).sqrt();
        let expected = |z: f32| {
            let mm = z * z / (sensor.camera.focal * sensor.baseline_mm) * pixels;
            f64::from((mm * mm + 1.0 / 12.0).sqrt())
        };
        for (found, expected) in [(near, expected(400.0)), (far, expected(800.0))] {
            assert!(
                (found / expected - 1.0).abs() < 0.25,
                "{class:?}: {found} for {expected}"
            );
        }
    }
}

#[test]
fn depth_is_where_the_scene_is() {
    for seed in 0..6 {
        let scene = Scene::draw(Species::Live, &at(500.0), seed, Detail::Shape);
        let picture = DepthSensor::of(SensorClass::A).take(&scene, seed);
        let truth = scene.landmarks_mm();
        // Nose and mouth; eyes have holes.
        for i in [2, 3, 4] {
            let mut near: Vec<u16> = {
                let one = [picture.landmarks[i]; 5];
                around_nose(&one, &picture.mm, 2)
                    .iter()
                    .map(|p| p.2)
                    .collect()
            };
            near.retain(|v| *v != 0);
            near.sort_unstable();
            let Some(median) = near.get(near.len() / 2) else {
                continue;
            };
            let off = f32::from(*median) - truth[i][2];
            assert!(off.abs() < 5.0, "seed {seed}, landmark {i}: {off}");
        }
        assert!((truth[0][2] + truth[1][2] - 1000.0).abs() < 0.1);
    }
}

#[test]
fn the_projector_casts_its_shadow_to_the_left() {
    let picture = depth(Species::Flat, 450.0, SensorClass::A, 9);
    let row = &picture.mm[240 * 640..241 * 640];
    let middle = picture.landmarks[2][0] as usize;
    let holes = |part: &[u16]| part.iter().filter(|mm| **mm == 0).count() as i64;
    let (left, right) = (holes(&row[..middle]), holes(&row[middle..]));
    // f · b · (1/450 - 1/1250) is 62 px; a sheet that is turned has its edges elsewhere.
    assert!((30..90).contains(&(left - right)), "{left} {right}");
}

#[test]
fn a_live_face_stands_out_and_a_print_does_not() {
    for seed in 0..5 {
        let live = off_plane(&depth(Species::Live, 450.0, SensorClass::A, seed), 35);
        let flat = off_plane(&depth(Species::Flat, 450.0, SensorClass::A, seed), 35);
        assert!(live > 4.0 && flat < 0.8, "{live} {flat}");
    }
}

fn mean(picture: &NirPicture) -> f64 {
    let face = around_nose(&picture.landmarks, &picture.samples, 45);
    let black = 8.0;
    face.iter().map(|p| f64::from(p.2) - black).sum::<f64>() / face.len() as f64
}

/// Standard deviation over the mean, within the face.
fn contrast(picture: &NirPicture) -> f64 {
    let face = around_nose(&picture.landmarks, &picture.samples, 45);
    let mean = mean(picture);
    let square = face
        .iter()
        .map(|p| (f64::from(p.2) - 8.0 - mean).powi(2))
        .sum::<f64>();
    (square / face.len() as f64).sqrt() / mean
}

#[test]
fn light_falls_with_the_square_of_the_distance() {
    let dark = NirCamera {
        ambient: 0.0,
        ..NirCamera::default()
    };
    let level = |distance: f32| {
        let scene = Scene::draw(Species::Inkjet, &at(distance), 4, Detail::Full);
        let picture = dark.take(&scene, Emitter::On, 1);
        let [x, y] = picture.landmarks[2].map(|v| v as usize);
        f64::from(picture.samples[y * 640 + x]) - 8.0
    };
    let ratio = level(450.0) / level(900.0);
    assert!((ratio / 4.0 - 1.0).abs() < 0.15, "{ratio}");
}

#[test]
fn on_minus_off_does_not_know_the_room() {
    let difference = |ambient: f32| {
        let camera = NirCamera {
            ambient,
            ..NirCamera::default()
        };
        let shot = |emitter| mean(&infrared(Species::Live, &camera, emitter, 2));
        shot(Emitter::On) - shot(Emitter::Off)
    };
    let (dark, lit) = (difference(0.0), difference(0.5));
    assert!((lit / dark - 1.0).abs() < 0.03, "{dark} {lit}");
}

#[test]
fn screens_are_black_and_inks_show_what_they_should() {
    let camera = NirCamera::default();
    let shot = |species, seed| infrared(species, &camera, Emitter::On, seed);
    for seed in [1, 2, 3] {
        let live = mean(&shot(Species::Live, seed));
        for screen in [Species::Tablet, Species::Monitor] {
            let mut samples: Vec<u16> = {
                let picture = shot(screen, seed);
                around_nose(&picture.landmarks, &picture.samples, 45)
                    .iter()
                    .map(|p| p.2)
                    .collect()
            };
            samples.sort_unstable();
            // The middle of them: a reflection of the lamp is bright but small.
            let level = f64::from(samples[samples.len() / 2]) - 8.0;
            assert!(
                level < live / 4.0,
                "{screen:?} {seed}: {level} beside {live}"
            );
        }
        let (inkjet, reprint) = (shot(Species::Inkjet, seed), shot(Species::NirReprint, seed));
        assert!(contrast(&inkjet) < 0.15, "{}", contrast(&inkjet));
        assert!(
            contrast(&reprint) > 1.6 * contrast(&inkjet),
            "{}",
            contrast(&reprint)
        );
    }
}
