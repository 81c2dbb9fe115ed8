//! What two cameras beside each other see of a face's relief, by its five landmarks alone: whether that could tell a face
//! from a sheet.
//!
//! Landmarks of a plane have inverse distances that are linear in the picture. How far the nose's is from the line through those
//! of eyes and mouth is its height over them, in millimetres once the distance is known.

use super::parallel::parallel;
use vultus_simulator::{Camera, Conditions, Detail, Rng, Scene, Species};

/// Tuning seeds: nothing is reported here that a threshold was not chosen on.
const FROM: u64 = 12_500_000;

const PEOPLE: u64 = 1000;
const ARTEFACTS: u64 = 300;

/// Sheets, screens, and what is worn over a real nose.
const ATTACKS: [Species; 11] = [
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
    Species::Tablet,
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Fabric,
    Species::RigidMask,
];

/// Share of people that a threshold may refuse.
const REFUSED: f64 = 0.01;

/// Landmarks in millimetres before the camera.
type Face = [[f32; 3]; 5];

/// A setting of the table.
struct Setting {
    baseline_mm: f32,
    /// Standard deviation of a landmark along each axis, in distances of the eyes; of each camera and frame by itself.
    noise: f32,
    frames: u64,
}

/// Inverse distances from the shifts of landmarks between two cameras beside each other.
fn nose_mm(left: &[[f32; 2]; 5], right: &[[f32; 2]; 5], baseline_mm: f32) -> f32 {
    let inverse: Vec<f32> = left
        .iter()
        .zip(right)
        .map(|(l, r)| (l[0] - r[0]) / baseline_mm)
        .collect();
    let [nose, _] = left[2];
    let around = [0, 1, 3, 4];
    // The nose's place as a sum of the others': weights of the least-squares plane through four points.
    let mean = |of: &dyn Fn(usize) -> f32| around.iter().map(|&i| of(i)).sum::<f32>() / 4.0;
    let (mx, my, mw) = (
        mean(&|i| left[i][0]),
        mean(&|i| left[i][1]),
        mean(&|i| inverse[i]),
    );
    let moment = |f: &dyn Fn(f32, f32, f32) -> f32| {
        mean(&|i| f(left[i][0] - mx, left[i][1] - my, inverse[i] - mw))
    };
    let (xx, xy, yy) = (
        moment(&|x, _, _| x * x),
        moment(&|x, y, _| x * y),
        moment(&|_, y, _| y * y),
    );
    let (xw, yw) = (moment(&|x, _, w| x * w), moment(&|_, y, w| y * w));
    let det = xx * yy - xy * xy;
    let (a, b) = ((xw * yy - yw * xy) / det, (yw * xx - xw * xy) / det);
    let plane = mw + a * (nose - mx) + b * (left[2][1] - my);
    (inverse[2] - plane) / (plane * plane)
}

/// Mean height of the nose over the frames of one presentation.
fn measured(setting: &Setting, face: &Face, seed: u64) -> f32 {
    let camera = Camera::VGA;
    let seen = |shift: f32| face.map(|[x, y, z]| camera.project([x - shift, y, z]));
    let (left, right) = (seen(0.0), seen(setting.baseline_mm));
    let (dx, dy) = (left[1][0] - left[0][0], left[1][1] - left[0][1]);
    let deviation = setting.noise * dx.hypot(dy);
    let mut rng = Rng::new(seed, "parallax");
    let mut found = |places: &[[f32; 2]; 5]| {
        // Normalised: the camera looks along its axis from its middle.
        let [cx, cy] = camera.centre();
        places.map(|[x, y]| {
            let (x, y) = (rng.normal(x, deviation), rng.normal(y, deviation));
            [(x - cx) / camera.focal, (y - cy) / camera.focal]
        })
    };
    let heights = (0..setting.frames).map(|_| {
        let (left, right) = (found(&left), found(&right));
        nose_mm(&left, &right, setting.baseline_mm)
    });
    heights.sum::<f32>() / setting.frames as f32
}

/// Those of a species at a distance.
fn faces(species: Species, distance_mm: f32, from: u64, count: u64) -> Vec<(u64, Face)> {
    parallel(count, |i| {
        let conditions = Conditions::draw(distance_mm, from + i);
        let scene = Scene::draw(species, &conditions, from + i, Detail::Shape);
        (from + i, scene.landmarks_mm())
    })
}

/// Prints the shares of artefacts that pass where so few people are refused.
pub(crate) fn parallax() {
    println!(
        "SIMULATED, tuning seeds from {FROM}; % that pass where {} % of {PEOPLE} people are refused\n",
        REFUSED * 100.0
    );
    let names: Vec<&str> = ATTACKS.iter().map(|s| s.name()).collect();
    println!(
        "| distance mm | baseline mm | landmark error | frames | threshold mm | {} |",
        names.join(" | ")
    );
    for distance_mm in [300.0, 400.0, 500.0] {
        let people = faces(Species::Live, distance_mm, FROM, PEOPLE);
        let attacks: Vec<_> = ATTACKS
            .into_iter()
            .zip(1..)
            .map(|(species, k)| faces(species, distance_mm, FROM + 10_000 * k, ARTEFACTS))
            .collect();
        for baseline_mm in [20.0, 40.0, 60.0, 80.0] {
            for (noise, frames) in [(0.01, 1), (0.01, 5), (0.02, 1), (0.02, 5)] {
                let setting = Setting {
                    baseline_mm,
                    noise,
                    frames,
                };
                print!("| {distance_mm} ");
                row(&setting, &people, &attacks);
            }
        }
    }
}

fn row(setting: &Setting, people: &[(u64, Face)], attacks: &[Vec<(u64, Face)>]) {
    let heights = |faces: &[(u64, Face)]| -> Vec<f32> {
        let each = faces
            .iter()
            .map(|(seed, face)| measured(setting, face, *seed));
        each.collect()
    };
    let mut live = heights(people);
    live.sort_by(f32::total_cmp);
    let threshold = live[(live.len() as f64 * REFUSED) as usize];
    let passed = attacks.iter().map(|faces| {
        let passed = heights(faces).into_iter().filter(|mm| *mm >= threshold);
        format!("{:.1}", passed.count() as f64 / faces.len() as f64 * 100.0)
    });
    println!(
        "| {} | {} % | {} | {threshold:.1} | {} |",
        setting.baseline_mm,
        setting.noise * 100.0,
        setting.frames,
        passed.collect::<Vec<_>>().join(" | ")
    );
}
