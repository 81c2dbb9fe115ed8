//! Every tile of every path of this processor against the sums that its documentation states, in
//! double precision, over random shapes, at random alignments, with canaries around what it writes.
#![allow(unsafe_code)]

mod pictures;

use super::{Curve, DenseTile, EpilogueTile, Kernels, WindowKernel, WindowTile};
use crate::cpu::CpuPath;

/// Around each buffer; no tile may write it.
const CANARY: f32 = -7.25e8;
const MARGIN: usize = 32;

/// Numbers without a pattern (splitmix64).
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// One of `from..=to`.
    fn whole(&mut self, from: usize, to: usize) -> usize {
        from + (self.bits() % (to - from + 1) as u64) as usize
    }

    fn value(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 8_388_608.0 - 1.0
    }

    fn values(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.value()).collect()
    }
}

/// One where every step takes long.
const fn rounds(usual: u64) -> u64 {
    if cfg!(miri) { 1 } else { usual }
}

fn tables() -> impl Iterator<Item = &'static Kernels> {
    CpuPath::available().filter_map(Kernels::of)
}

/// An epilogue, and the same as a function of a channel and an exact sum.
struct Epilogue {
    low: f32,
    high: f32,
    slopes: Option<Vec<f32>>,
}

impl Epilogue {
    fn random(random: &mut Random, channels: usize) -> Self {
        let (low, high) = match random.whole(0, 2) {
            0 => (f32::NEG_INFINITY, f32::INFINITY),
            1 => (0.0, f32::INFINITY),
            _ => (-0.5, 1.5),
        };
        let slopes = (random.whole(0, 3) == 0).then(|| random.values(channels));
        Self { low, high, slopes }
    }

    fn tile(&self) -> EpilogueTile {
        EpilogueTile {
            low: self.low,
            high: self.high,
            slopes: self.slopes.as_ref().map_or(std::ptr::null(), Vec::as_ptr),
        }
    }

    fn of(&self, channel: usize, sum: f64) -> f64 {
        match &self.slopes {
            Some(slopes) => sum.max(0.0) + f64::from(slopes[channel]) * sum.min(0.0),
            None => sum.clamp(f64::from(self.low), f64::from(self.high)),
        }
    }
}

/// A sum and what single precision may lose of it.
#[derive(Clone, Copy)]
struct Exact {
    sum: f64,
    size: f64,
    terms: usize,
}

impl Exact {
    fn new(first: f32) -> Self {
        let sum = f64::from(first);
        Self {
            sum,
            size: sum.abs(),
            terms: 1,
        }
    }

    fn add(&mut self, a: f32, b: f32) {
        let product = f64::from(a) * f64::from(b);
        self.sum += product;
        self.size += product.abs();
        self.terms += 2;
    }

    fn tolerance(&self) -> f64 {
        self.size * self.terms as f64 * f64::from(f32::EPSILON) + 1e-30
    }
}

#[test]
fn dense_tiles_are_sums_of_products() {
    for kernels in tables() {
        for (width, shape) in kernels.dense.iter().enumerate() {
            for pixels in 1..=shape.kernels.len() {
                for seed in 0..rounds(24) {
                    dense(kernels, width, pixels, seed);
                }
            }
        }
    }
}

fn dense(kernels: &Kernels, width: usize, pixels: usize, seed: u64) {
    let random = &mut Random(seed * 1000 + pixels as u64 * 7 + width as u64);
    let lanes = kernels.lanes;
    let shape = &kernels.dense[width];
    let channels = shape.vectors * lanes;
    let rows = random.whole(1, 3);
    let depth = random.whole(1, 37);
    let step = random.whole(0, depth + 9);
    let residual_step = channels + random.whole(0, 5);
    let output_step = channels + random.whole(0, 5);
    let row = (pixels - 1) * step + depth;
    let inputs: Vec<Vec<f32>> = (0..rows).map(|_| random.values(row)).collect();
    let taps: Vec<*const f32> = inputs.iter().map(Vec::as_ptr).collect();
    let panel = rows * depth * lanes;
    let panels = random.values(panel * shape.vectors);
    let bias = random.values(channels);
    let residual = random.values((pixels - 1) * residual_step + channels);
    let with_residual = random.whole(0, 1) == 1;
    let epilogue = Epilogue::random(random, channels);
    let mut output = vec![CANARY; MARGIN + pixels * output_step + MARGIN];
    let tile = DenseTile {
        taps: taps.as_ptr(),
        rows,
        depth,
        step,
        panels: panels.as_ptr(),
        panel,
        bias: bias.as_ptr(),
        residual: if with_residual {
            residual.as_ptr()
        } else {
            std::ptr::null()
        },
        residual_step,
        output: output[MARGIN..].as_mut_ptr(),
        output_step,
        epilogue: epilogue.tile(),
    };
    // SAFETY: the table is of this processor, and the buffers were made for the tile's fields.
    unsafe { shape.kernels[pixels - 1](&tile) };

    for p in 0..pixels {
        for c in 0..channels {
            let mut exact = Exact::new(bias[c]);
            if with_residual {
                exact.add(residual[p * residual_step + c], 1.0);
            }
            for (r, input) in inputs.iter().enumerate() {
                for k in 0..depth {
                    let weight = c / lanes * panel + (r * depth + k) * lanes + c % lanes;
                    exact.add(input[p * step + k], panels[weight]);
                }
            }
            let at = MARGIN + p * output_step + c;
            let difference = (f64::from(output[at]) - epilogue.of(c, exact.sum)).abs();
            assert!(
                difference <= exact.tolerance(),
                "{:?}: {pixels} x {channels}, seed {seed}, pixel {p}, channel {c}: {} is off by {difference}",
                kernels.path,
                output[at]
            );
            output[at] = CANARY;
        }
    }
    assert!(output.iter().all(|&value| value == CANARY), "wrote outside");

    // A pixel's value is the same in a tile of its own.
    let mut alone = vec![0.0; channels];
    // Anew, because the output was written to by other means since.
    let tile = DenseTile {
        output: output[MARGIN..].as_mut_ptr(),
        ..tile
    };
    // SAFETY: as above.
    unsafe { shape.kernels[pixels - 1](&tile) };
    for p in 0..pixels {
        let taps: Vec<*const f32> = inputs.iter().map(|row| row[p * step..].as_ptr()).collect();
        let single = DenseTile {
            taps: taps.as_ptr(),
            residual: if with_residual {
                residual[p * residual_step..].as_ptr()
            } else {
                std::ptr::null()
            },
            output: alone.as_mut_ptr(),
            ..tile
        };
        // SAFETY: as above, for one pixel.
        unsafe { shape.kernels[0](&single) };
        let together = &output[MARGIN + p * output_step..][..channels];
        assert_eq!(alone, together, "{:?}: pixel {p}", kernels.path);
    }
}

/// What a window tile computes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Depthwise,
    Max,
    Mean,
}

#[test]
fn window_tiles_are_sums_maxima_and_means() {
    for kernels in tables() {
        for size in [1, 2, 3, 4, 5, 7] {
            for step in 1..=3 {
                for rows in [1, size] {
                    let depthwise = (kernels.depthwise)([rows, size], step);
                    for (kind, tiles) in [
                        (Kind::Depthwise, depthwise),
                        (Kind::Max, kernels.max),
                        (Kind::Mean, kernels.mean),
                    ] {
                        for seed in 0..rounds(6) {
                            windows(kernels, kind, tiles, [rows, size, step], seed);
                        }
                    }
                }
            }
        }
    }
}

fn windows(
    kernels: &Kernels,
    kind: Kind,
    tiles: &[WindowKernel],
    [rows, width, step]: [usize; 3],
    seed: u64,
) {
    let random = &mut Random(seed * 31 + (rows * 100 + width * 10 + step) as u64);
    for (index, kernel) in tiles.iter().enumerate() {
        let count = index + 1;
        let columns = (count - 1) * step + width;
        let vectors = random.whole(1, 9);
        let channels = vectors * kernels.lanes;
        let output_step = channels + random.whole(0, 5);
        let inputs: Vec<Vec<f32>> = (0..rows * columns)
            .map(|_| random.values(channels))
            .collect();
        let pixels: Vec<*const f32> = inputs.iter().map(Vec::as_ptr).collect();
        let weights = match kind {
            Kind::Mean => random.values(count),
            _ => random.values(rows * width * channels),
        };
        let bias = random.values(channels);
        let epilogue = Epilogue::random(random, channels);
        let mut output = vec![CANARY; MARGIN + count * output_step + MARGIN];
        let tile = WindowTile {
            pixels: pixels.as_ptr(),
            rows,
            width,
            columns,
            step,
            vectors,
            weights: weights.as_ptr(),
            bias: bias.as_ptr(),
            output: output[MARGIN..].as_mut_ptr(),
            output_step,
            epilogue: epilogue.tile(),
        };
        // SAFETY: the table is of this processor, and the buffers were made for the tile's fields.
        unsafe { kernel(&tile) };
        for p in 0..count {
            for c in 0..channels {
                let mut exact = Exact::new(if kind == Kind::Depthwise {
                    bias[c]
                } else {
                    0.0
                });
                let mut most = f32::NEG_INFINITY;
                for cell in 0..rows * width {
                    let column = p * step + cell % width;
                    let value = inputs[cell / width * columns + column][c];
                    let weight = match kind {
                        Kind::Depthwise => weights[cell * channels + c],
                        Kind::Mean => weights[p],
                        Kind::Max => 0.0,
                    };
                    exact.add(value, weight);
                    most = most.max(value);
                }
                let expected = match kind {
                    Kind::Depthwise => epilogue.of(c, exact.sum),
                    Kind::Mean => exact.sum,
                    Kind::Max => f64::from(most),
                };
                let at = MARGIN + p * output_step + c;
                let difference = (f64::from(output[at]) - expected).abs();
                assert!(
                    difference <= exact.tolerance(),
                    "{:?} {kind:?}: {rows} x {width} step {step}, {count} pixels, {vectors} vectors, pixel {p}, channel {c}: {} is off by {difference}",
                    kernels.path,
                    output[at]
                );
                output[at] = CANARY;
            }
        }
        assert!(output.iter().all(|&value| value == CANARY), "wrote outside");
    }
}

#[test]
fn value_by_value_every_path_equals_the_portable_one() {
    let native = Kernels::of(CpuPath::Native).expect("the portable path");
    let random = &mut Random(5);
    for kernels in tables() {
        for pixels in 1..=rounds(19) as usize {
            // Lengths that are no whole number of any vector too.
            let channels = random.whole(1, 41);
            let count = pixels * channels;
            let left: Vec<f32> = random.values(count).iter().map(|v| v * 9.0).collect();
            let right = random.values(count);
            let slopes = random.values(channels);
            let both = |work: &dyn Fn(&Kernels, &mut [f32])| {
                let [mut ours, mut theirs] = [left.clone(), left.clone()];
                work(kernels, &mut ours);
                work(native, &mut theirs);
                for (ours, theirs) in ours.iter().zip(&theirs) {
                    let tolerance = theirs.abs().max(1e-6) * 4.0 * f32::EPSILON;
                    assert!(
                        (ours - theirs).abs() <= tolerance,
                        "{:?}: {ours} for {theirs}, {pixels} x {channels}",
                        kernels.path
                    );
                }
            };
            both(&|table, values| (table.add)(values, &left, &right));
            both(&|table, values| (table.scale)(values, &left, &slopes));
            both(&|table, values| (table.clip)(values, -1.0, 6.0));
            both(&|table, values| (table.prelu)(values, &slopes));
            both(&|table, values| (table.curve)(values, Curve::Sigmoid));
            both(&|table, values| (table.curve)(values, Curve::Swish));
        }
    }
}
