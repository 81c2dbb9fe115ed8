//! Whether a relief that changes between frames tells paper from faces.

use super::parallel::parallel;
use std::error::Error;
use vultus::internals::stages::liveness::depth::{ReliefCells, ReliefPicture};
use vultus::liveness::depth::SensorClass;
use vultus_simulator::{Conditions, Rng, Species, moments};
use vultus_testkit::simulated::depth::{Shot, geometry};
use vultus_testkit::simulated::distance_mm;

/// First seed: tuning, because a threshold is looked for. The test is another matter once there is one.
const TUNE: u64 = 2_700_000;

/// Frames of a presentation, 200 ms apart: what a decision looks at.
const FRAMES: usize = 5;

const CELLS: ReliefCells = ReliefCells {
    side: SIDE as u32,
    cell_mm: 2.5,
};
const SIDE: usize = 64;

/// Rows from the brows to below the nose's tip: the jaw and the lips of people move.
const UPPER: std::ops::Range<usize> = 8..38;

/// How far reliefs are moved over each other to find how they lie best, in steps of half a cell.
const SHIFTS: i32 = 4;

/// Cells that both frames have to have measured.
const LEAST: usize = 300;

/// Heights over a plane, in millimetres.
type Heights = Vec<Option<f32>>;

fn heights(shot: &Shot) -> Option<Heights> {
    let picture = ReliefPicture::of(CELLS, &shot.frame(), &shot.face.landmarks).ok()?;
    let pixels = picture.image().pixels().as_chunks::<3>().0;
    let height = |[red, _, blue]: &[u8; 3]| (*blue > 0).then(|| (f32::from(*red) - 128.0) / 2.0);
    Some(pixels.iter().map(height).collect())
}

/// The height at a place between cells, where all four around it were measured.
fn between(of: &Heights, x: f32, y: f32) -> Option<f32> {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let at = |dx: usize, dy: usize| {
        let (x, y) = (left as usize + dx, top as usize + dy);
        (left >= 0.0 && top >= 0.0 && x < SIDE && y < SIDE).then(|| of[y * SIDE + x])?
    };
    let upper = at(0, 0)? * (1.0 - fx) + at(1, 0)? * fx;
    let lower = at(0, 1)? * (1.0 - fx) + at(1, 1)? * fx;
    Some(upper * (1.0 - fy) + lower * fy)
}

/// Root mean square of what is left of the difference of two reliefs once they lie upon each other as well as they can:
/// turned (a plane taken off) and moved.
fn deformation(a: &Heights, b: &Heights) -> Option<f32> {
    let mut best: Option<f32> = None;
    for dy in -SHIFTS..=SHIFTS {
        for dx in -SHIFTS..=SHIFTS {
            let mut rows = Vec::new();
            for y in UPPER {
                for x in 0..SIDE {
                    let (px, py) = (x as f32 + dx as f32 / 2.0, y as f32 + dy as f32 / 2.0);
                    if let Some((a, b)) = a[y * SIDE + x].zip(between(b, px, py)) {
                        rows.push([x as f32 - 31.5, y as f32 - 22.5, a - b]);
                    }
                }
            }
            if rows.len() < LEAST {
                continue;
            }
            if let Some(rms) = off_plane(&rows) {
                best = Some(best.map_or(rms, |best| best.min(rms)));
            }
        }
    }
    best
}

/// Root mean square distance from the least-squares plane.
fn off_plane(rows: &[[f32; 3]]) -> Option<f32> {
    let n = rows.len() as f64;
    let mean = |i: usize| rows.iter().map(|r| f64::from(r[i])).sum::<f64>() / n;
    let means = [mean(0), mean(1), mean(2)];
    let product = |i: usize, j: usize| {
        let terms = rows
            .iter()
            .map(|r| (f64::from(r[i]) - means[i]) * (f64::from(r[j]) - means[j]));
        terms.sum::<f64>() / n
    };
    let (xx, xy, yy) = (product(0, 0), product(0, 1), product(1, 1));
    let (xz, yz, zz) = (product(0, 2), product(1, 2), product(2, 2));
    let determinant = xx * yy - xy * xy;
    if determinant <= 1e-9 {
        return None;
    }
    let (a, b) = (
        (xz * yy - yz * xy) / determinant,
        (yz * xx - xz * xy) / determinant,
    );
    Some((zz - a * xz - b * yz).max(0.0).sqrt() as f32)
}

/// What a presentation's frames say.
struct Seen {
    /// Median over the later frames of how much each differs from the first.
    deformation_mm: Option<f32>,
    /// Frames that stage A calls live.
    live: usize,
}

fn look(species: Species, class: SensorClass, seed: u64) -> Seen {
    let first = Conditions::draw(distance_mm(seed), seed);
    let judge = geometry(class);
    let frames = moments(species, &first, FRAMES, seed);
    let shots: Vec<Shot> = frames
        .iter()
        .enumerate()
        .map(|(i, now)| {
            let noise = Rng::new(seed, "moment").at(i as u64);
            Shot::moment(species, class, now, seed, noise)
        })
        .collect();
    let verdicts = shots.iter().map(|shot| shot.assess(&judge).verdict);
    let live = verdicts.filter(|v| v.is_live()).count();
    let reliefs: Vec<Heights> = shots.iter().filter_map(heights).collect();
    let mut changes: Vec<f32> = reliefs
        .iter()
        .skip(1)
        .filter_map(|later| deformation(&reliefs[0], later))
        .collect();
    changes.sort_by(f32::total_cmp);
    Seen {
        deformation_mm: changes.get(changes.len() / 2).copied(),
        live,
    }
}

fn quantile(sorted: &[f32], share: f64) -> f32 {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((last as f64 * share).round() as usize)
        .copied()
        .unwrap_or(f32::NAN)
}

const SPECIES: [Species; 10] = [
    Species::Live,
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Fabric,
    Species::RigidMask,
];

/// Prints how much reliefs change, and how much of each species changes more than all but one in two hundred living faces.
pub(crate) fn motion(count: u64) -> Result<(), Box<dyn Error>> {
    println!("SIMULATED, {FRAMES} frames 200 ms apart; tuning seeds from {TUNE}");
    println!(
        "class | species | n | mm: 5 % | median | 95 % | 99.5 % | above the living's 99.5 % | stage A: 3 of 5 live | of them above"
    );
    let mut from = TUNE;
    for class in SensorClass::ALL {
        let mut most = f32::MAX;
        for species in SPECIES {
            let n = if species.is_live() { 2 * count } else { count };
            let seen = parallel(n, |i| look(species, class, from + i));
            from += 5_000;
            let mut mm: Vec<f32> = seen.iter().filter_map(|s| s.deformation_mm).collect();
            mm.sort_by(f32::total_cmp);
            if species.is_live() {
                most = quantile(&mm, 0.995);
            }
            let above = |s: &&Seen| s.deformation_mm.is_some_and(|mm| mm > most);
            let passed = || seen.iter().filter(|s| s.live >= 3);
            println!(
                "{class:?} | {} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {} | {} | {}",
                species.name(),
                mm.len(),
                quantile(&mm, 0.05),
                quantile(&mm, 0.5),
                quantile(&mm, 0.95),
                quantile(&mm, 0.995),
                seen.iter().filter(above).count(),
                passed().count(),
                passed().filter(above).count(),
            );
        }
    }
    Ok(())
}
