//! Sharpness, noise and traces of compression.

use super::chip::{Chip, SIDE, luma};
use crate::frame::{Frame, RgbImage};
use crate::geom::Rect;

/// Standard deviations of the two blurs whose gradients are compared, in chip pixels.
const FINE: f64 = 1.0;
const COARSE: f64 = 2.0;

/// Share of the face's pixels that count as edges.
const EDGES: f32 = 0.15;

/// Largest blur that the two scales can still tell apart, in chip pixels.
const MAX_BLUR: f64 = 12.0;

/// Side of the window in which block borders are looked for, in frame pixels.
const WINDOW: u32 = 192;

/// Blocks of JPEG and of most video codecs.
const BLOCK: usize = 8;

/// Points of a blur, `0..=100`; see `docs/quality.md` for the two ends.
pub(super) fn sharpness(blur: f32) -> f32 {
    ((BLUR_OF_NONE - blur) / (BLUR_OF_NONE - BLUR_OF_ALL) * 100.0).clamp(0.0, 100.0)
}

/// Blur of 100 points and of none, in chip pixels.
const BLUR_OF_ALL: f32 = 1.2;
const BLUR_OF_NONE: f32 = 6.0;

/// Lengths of the gradients at the coarser scale, where noise is gone: [`blur`] and [`noise`] both ask
/// where the edges are.
pub(super) fn coarse_gradients(chip: &Chip) -> Vec<f32> {
    gradients(&smooth(&chip.luma, COARSE as f32))
}

/// Width of the blur at the strongest edges of the face, as the standard deviation of a Gaussian
/// in chip pixels; `0..=12`.
///
/// The edge model of Zhuo and Sim (Pattern Recognition 44(9), 2011): the gradient of a step edge
/// that is blurred by σ and smoothed by s is proportional to `1/√(σ² + s²)`, so the ratio R of the
/// gradients at two smoothings gives `σ² = (c² − R²·f²)/(R² − 1)`. Edges are chosen at the coarser
/// scale, where noise is gone, and both sums are taken over the same pixels.
pub(super) fn blur(chip: &Chip, coarse: &[f32], face: &[usize]) -> f32 {
    let fine = gradients(&smooth(&chip.luma, FINE as f32));
    let mut order: Vec<f32> = face.iter().map(|&i| coarse[i]).collect();
    let count = ((order.len() as f32 * EDGES) as usize).max(1);
    if order.len() <= count {
        return MAX_BLUR as f32;
    }
    let (_, &mut least, _) = order.select_nth_unstable_by(count, |a, b| b.total_cmp(a));
    let (mut f, mut c) = (0.0_f64, 0.0_f64);
    for &i in face.iter().filter(|&&i| coarse[i] >= least) {
        f += f64::from(fine[i]);
        c += f64::from(coarse[i]);
    }
    let ratio = (f / c).powi(2);
    if !ratio.is_finite() || ratio <= 1.0 {
        return MAX_BLUR as f32;
    }
    let variance = (COARSE * COARSE - ratio * FINE * FINE) / (ratio - 1.0);
    variance.max(0.0).sqrt().min(MAX_BLUR) as f32
}

/// Standard deviation of the noise in luma levels, in the half of the face with the least detail.
///
/// Immerkær's mask (Computer Vision and Image Understanding 64(2), 1996), which is blind to planes:
/// `σ = √(π/2) · mean|N ∗ I| / 6`.
pub(super) fn noise(chip: &Chip, coarse: &[f32], skin: &[usize]) -> f32 {
    let mut order: Vec<f32> = skin.iter().map(|&i| coarse[i]).collect();
    if order.len() < 2 {
        return 0.0;
    }
    let half = order.len() / 2;
    let (_, &mut most, _) = order.select_nth_unstable_by(half, f32::total_cmp);
    let inside = |i: &&usize| {
        let (x, y) = (**i % SIDE, **i / SIDE);
        coarse[**i] <= most && (1..SIDE - 1).contains(&x) && (1..SIDE - 1).contains(&y)
    };
    let l = &chip.luma;
    let (mut sum, mut count) = (0.0, 0_usize);
    for &i in skin.iter().filter(inside) {
        let corners = l[i - SIDE - 1] + l[i - SIDE + 1] + l[i + SIDE - 1] + l[i + SIDE + 1];
        let sides = l[i - SIDE] + l[i + SIDE] + l[i - 1] + l[i + 1];
        sum += (corners - 2.0 * sides + 4.0 * l[i]).abs();
        count += 1;
    }
    (std::f32::consts::FRAC_PI_2).sqrt() * sum / (6.0 * count.max(1) as f32)
}

/// Steps at the borders of 8×8 blocks in luma levels, beyond those inside blocks; 0 without a grid.
///
/// After Wang, Bovik and Evans (ICIP 2000), in space instead of frequency: the mean of
/// `|d(x)| − ½(|d(x−1)| + |d(x+1)|)` for each of the eight possible places of the border, the
/// largest less the median. Both directions, in frame pixels, as any resampling hides the grid.
pub(super) fn block_steps(frame: &Frame<'_>, rect: &Rect, window: &mut RgbImage) -> f32 {
    let side = (rect.long_side() as u32).clamp(4 * BLOCK as u32, WINDOW);
    let (width, height) = frame.size();
    let start = |centre: f32, limit: u32| {
        let most = limit.saturating_sub(side) as f32;
        (centre - side as f32 / 2.0).clamp(0.0, most) as u32
    };
    let centre = rect.centre();
    let (left, top) = (start(centre.x, width), start(centre.y, height));
    if frame.copy_square(left, top, side, window).is_none() {
        return 0.0;
    }
    let pixels = window.pixels().as_chunks::<3>().0;
    let l: Vec<f32> = pixels.iter().map(|&p| luma(p)).collect();
    let side = side as usize;
    let steps = |step: usize, line: usize| {
        let mut sums = [(0.0_f32, 0_usize); BLOCK];
        for other in 0..side {
            for at in 1..side - 2 {
                let i = other * line + at * step;
                let d = |a: usize| (l[a + step] - l[a]).abs();
                let (sum, count) = &mut sums[at % BLOCK];
                *sum += d(i) - 0.5 * (d(i - step) + d(i + step));
                *count += 1;
            }
        }
        let mut means = sums.map(|(sum, count)| sum / count.max(1) as f32);
        means.sort_by(f32::total_cmp);
        means[BLOCK - 1] - (means[BLOCK / 2 - 1] + means[BLOCK / 2]) / 2.0
    };
    let both = (steps(1, side) + steps(side, 1)) / 2.0;
    both.max(0.0)
}

/// A Gaussian blur of the chip; the border repeats.
fn smooth(values: &[f32], sigma: f32) -> Vec<f32> {
    let radius = (3.0 * sigma).ceil() as usize;
    let kernel: Vec<f32> = (0..=2 * radius)
        .map(|i| (-0.5 * ((i as f32 - radius as f32) / sigma).powi(2)).exp())
        .collect();
    let total: f32 = kernel.iter().sum();
    let kernel: Vec<f32> = kernel.iter().map(|k| k / total).collect();
    // Along the rows.
    let mut rows = vec![0.0; values.len()];
    let mut padded = vec![0.0; SIDE + 2 * radius];
    for (row, out) in values.chunks_exact(SIDE).zip(rows.chunks_exact_mut(SIDE)) {
        padded[..radius].fill(row[0]);
        padded[radius..radius + SIDE].copy_from_slice(row);
        padded[radius + SIDE..].fill(row[SIDE - 1]);
        for (k, weight) in kernel.iter().enumerate() {
            for (out, v) in out.iter_mut().zip(&padded[k..k + SIDE]) {
                *out += weight * v;
            }
        }
    }
    // Along the columns: whole rows at a time.
    let mut result = vec![0.0; values.len()];
    for (y, out) in result.chunks_exact_mut(SIDE).enumerate() {
        for (k, weight) in kernel.iter().enumerate() {
            let from = (y + k).saturating_sub(radius).min(SIDE - 1);
            let row = &rows[from * SIDE..(from + 1) * SIDE];
            for (out, v) in out.iter_mut().zip(row) {
                *out += weight * v;
            }
        }
    }
    result
}

/// Lengths of central differences; 0 at the border.
fn gradients(values: &[f32]) -> Vec<f32> {
    let mut lengths = vec![0.0; values.len()];
    for y in 1..SIDE - 1 {
        for x in 1..SIDE - 1 {
            let i = y * SIDE + x;
            let dx = values[i + 1] - values[i - 1];
            let dy = values[i + SIDE] - values[i - SIDE];
            lengths[i] = (dx * dx + dy * dy).sqrt();
        }
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameLayout, PixelFormat};

    /// A vertical edge in the middle, blurred by `sigma`.
    fn edge(sigma: f32) -> Chip {
        let mut chip = Chip::default();
        let step: Vec<f32> = (0..SIDE * SIDE)
            .map(|i| if i % SIDE < SIDE / 2 { 60.0 } else { 180.0 })
            .collect();
        chip.luma = if sigma > 0.0 {
            smooth(&step, sigma)
        } else {
            step
        };
        chip
    }

    /// The columns around the edge.
    fn around() -> Vec<usize> {
        (0..SIDE * SIDE)
            .filter(|i| (SIDE / 2 - 8..SIDE / 2 + 8).contains(&(i % SIDE)))
            .collect()
    }

    #[test]
    fn the_blur_of_an_edge_is_found() {
        for sigma in [1.0, 2.0, 3.0, 5.0] {
            let found = blur(&edge(sigma), &coarse_gradients(&edge(sigma)), &around());
            // Pixels are not points: a sharp edge measures up to half a pixel wider.
            assert!((found - sigma).abs() < 0.6, "{sigma}: {found}");
        }
        assert!(blur(&edge(0.0), &coarse_gradients(&edge(0.0)), &around()) < 1.3);
        let flat = Chip {
            luma: vec![90.0; SIDE * SIDE],
            ..Chip::default()
        };
        assert_eq!(blur(&flat, &coarse_gradients(&flat), &around()), 12.0);
        assert_eq!(blur(&flat, &coarse_gradients(&flat), &[]), 12.0);
    }

    #[test]
    fn noise_is_measured_in_luma_levels() {
        let mut state = 1_u64;
        let mut random = || {
            // The sum of twelve uniform values has a variance of 1.
            let mut uniform = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 40) as f32 / (1_u64 << 24) as f32
            };
            (0..12).map(|_| uniform()).sum::<f32>() - 6.0
        };
        let all: Vec<usize> = (0..SIDE * SIDE).collect();
        for sigma in [0.0, 3.0, 10.0] {
            let luma = (0..SIDE * SIDE)
                .map(|i| 60.0 + (i % SIDE) as f32 * 0.5 + sigma * random())
                .collect();
            let chip = Chip {
                luma,
                ..Chip::default()
            };
            let found = noise(&chip, &coarse_gradients(&chip), &all);
            assert!(
                (found - sigma).abs() < 0.15 * sigma + 0.01,
                "{sigma}: {found}"
            );
        }
    }

    #[test]
    fn block_borders_are_found_wherever_the_grid_lies() {
        let picture = |offset: u32, step: u32| -> Vec<u8> {
            let value = |x: u32, y: u32| {
                let block = ((x + offset) / 8 + (y + offset) / 8) % 2;
                (100 + block * step + (x + y) / 8) as u8
            };
            (0..200)
                .flat_map(|y| (0..200).map(move |x| value(x, y)))
                .collect()
        };
        let rect = Rect {
            x: 20.0,
            y: 20.0,
            width: 120.0,
            height: 150.0,
        };
        let found = |offset: u32, step: u32| {
            let bytes = picture(offset, step);
            let layout = FrameLayout::packed(PixelFormat::Gray8, 200, 200);
            let frame = Frame::new(layout, &bytes).expect("frame");
            block_steps(&frame, &rect, &mut RgbImage::default())
        };
        for offset in [0, 3, 5] {
            assert!(
                (found(offset, 20) - 20.0).abs() < 3.0,
                "{}",
                found(offset, 20)
            );
        }
        assert!(found(0, 0) < 1.5);
    }
}
