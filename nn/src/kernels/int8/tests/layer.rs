//! Layers of random shapes, and what they must give.

use crate::cpu::CpuPath;
use crate::ir::{Activation, Extent, QuantParams, Window};
use crate::kernels::Kernels;
use crate::kernels::int8::*;

/// A small generator (Marsaglia's xorshift64*): the same layers on every machine.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(super) fn real(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.below(1 << 20) as f32 / (1 << 20) as f32
    }

    pub(super) fn params(&mut self) -> QuantParams {
        QuantParams {
            scale: self.real(0.002, 0.05),
            zero_point: self.below(256) as u8,
        }
    }

    pub(super) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.below(256) as u8).collect()
    }
}

pub(super) fn shape(height: usize, width: usize, channels: usize) -> Shape {
    Shape::of(Extent {
        height: height as u32,
        width: width as u32,
        channels: channels as u32,
    })
}

pub(super) struct Layer {
    pub(super) depthwise: bool,
    pub(super) window: Window,
    pub(super) weights: Vec<i8>,
    pub(super) scales: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) activation: Activation,
    pub(super) input: (Shape, QuantParams),
    pub(super) output: Shape,
    pub(super) output_params: Option<QuantParams>,
    pub(super) residual: Option<(Shape, QuantParams)>,
}

impl Layer {
    pub(super) fn random(random: &mut Random, depthwise: bool) -> Self {
        // Small layers where every step takes long, but more than a vector of channels.
        let (most, sides): (_, &[usize]) = if cfg!(miri) {
            ([3, 6, 20], &[1, 2, 3])
        } else {
            ([30, 40, 150], &[1, 2, 3, 3, 3, 5, 7])
        };
        let size = [(); 2].map(|()| sides[random.below(sides.len())]);
        let before = size.map(|side| random.below(side));
        let stride = [1 + random.below(3), 1 + random.below(3)];
        let (height, width) = (
            size[0] + random.below(most[0].min(7)),
            size[1] + random.below(most[0]),
        );
        let from = if depthwise {
            5 + random.below(most[2] - 10)
        } else {
            1 + random.below(most[1])
        };
        let to = if depthwise {
            from
        } else {
            1 + random.below(most[2])
        };
        // Rows and columns of padding after the picture: fewer than the window has.
        let places = |side: usize, axis: usize, more: usize| {
            (side + before[axis] + more - size[axis]) / stride[axis] + 1
        };
        let after = size.map(|side| random.below(side));
        let output = shape(places(height, 0, after[0]), places(width, 1, after[1]), to);
        let cells = size[0] * size[1];
        let count = cells * to * if depthwise { 1 } else { from };
        // Pairs of weights stay within ±128 as a plan's do.
        let weights = (0..count).map(|_| random.below(129) as i8);
        let weights = weights.map(|w| w.wrapping_sub(64)).collect();
        let int8 = random.below(4) > 0;
        let slopes = (0..to).map(|_| random.real(-0.5, 1.5)).collect();
        let activation = match random.below(4) {
            0 => Activation::None,
            1 => Activation::Relu,
            2 => Activation::Clip {
                low: random.real(-2.0, 0.5),
                high: random.real(0.5, 3.0),
            },
            _ => Activation::Prelu(slopes),
        };
        let narrow = 16 * (1 + random.below(3));
        let channels = if narrow < to { narrow } else { to };
        let residual = (int8 && !depthwise && random.below(2) == 0).then(|| {
            (
                shape(output.height, output.width, channels),
                random.params(),
            )
        });
        Self {
            depthwise,
            window: Window {
                size: size.map(|side| side as u32),
                stride: stride.map(|step| step as u32),
                before: before.map(|side| side as u32),
            },
            weights,
            scales: (0..to).map(|_| random.real(0.0005, 0.003)).collect(),
            bias: (0..to).map(|_| random.real(-1.0, 1.0)).collect(),
            activation,
            input: (shape(height, width, from), random.params()),
            output: if to <= 4 && int8 {
                // Colours are never written by a convolution.
                shape(output.height, output.width, 5)
            } else {
                output
            },
            output_params: int8.then(|| random.params()),
            residual,
        }
        .whole(to)
    }

    /// Draws again where the drawn output has another number of channels than the weights.
    fn whole(mut self, to: usize) -> Self {
        if self.output.channels != to {
            let extra = self.output.channels;
            let rows = self.weights.len() / to;
            self.weights = (0..rows * extra).map(|i| (i % 63) as i8).collect();
            self.scales.resize(extra, 0.001);
            self.bias.resize(extra, 0.1);
            self.activation = Activation::Relu;
            self.residual = None;
        }
        self
    }

    pub(super) fn run(
        &self,
        path: CpuPath,
        input: &[u8],
        residual: Option<&[u8]>,
    ) -> (Vec<u8>, Vec<f32>) {
        let kernels = Int8Kernels::of(path).expect("available");
        let floats = Kernels::of(CpuPath::Native).expect("always there");
        let pixel = self.output.channels.next_multiple_of(floats.lanes);
        let parts = Int8ConvolutionParts {
            window: self.window,
            weights: &self.weights,
            scales: &self.scales,
            bias: &self.bias,
            activation: &self.activation,
            input: self.input,
            output: self.output,
            output_params: self.output_params,
            residual: self.residual,
            pixel,
        };
        let mut bytes = vec![7; self.output.len()];
        let mut values = vec![7.0; self.output.height * self.output.width * pixel];
        let mut target = match self.output_params {
            Some(_) => Target::Int8(&mut bytes),
            None => Target::Float(&mut values),
        };
        let mut scratch = Scratch::default();
        let rows = Int8Rows::whole(self.input.0, input);
        let whole = 0..self.output.height;
        if self.depthwise {
            let layer = Int8Depthwise::new(kernels, floats, &parts, &mut scratch);
            layer.run(rows, (&mut target, whole), &mut scratch);
        } else {
            let layer = Int8Dense::new(kernels, floats, &parts, &mut scratch);
            layer.run(rows, residual, (&mut target, whole), &mut scratch);
        }
        (bytes, values)
    }

    /// One value, straight from the definition: exact sums, then the steps of requantising.
    fn value(&self, input: &[u8], residual: Option<&[u8]>, [y, x, c]: [usize; 3]) -> f32 {
        let (shape, params) = self.input;
        let channels = self.output.channels;
        let [rows, columns] = self.window.size.map(|side| side as usize);
        let mut sum = 0_i64;
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |c| (row, c))) {
            let place = |at: usize, axis: usize, offset: usize| {
                (at * self.window.stride[axis] as usize + offset)
                    .wrapping_sub(self.window.before[axis] as usize)
            };
            let (py, px) = (place(y, 0, row), place(x, 1, column));
            if py >= shape.height || px >= shape.width {
                continue;
            }
            let pixel = &input[(py * shape.width + px) * shape.pixel..];
            let cell = row * columns + column;
            let products = |k: usize, weight: i8| {
                (i64::from(pixel[k]) - i64::from(params.zero_point)) * i64::from(weight)
            };
            if self.depthwise {
                sum += products(c, self.weights[cell * channels + c]);
            } else {
                for k in 0..shape.channels {
                    let weight = self.weights[(cell * shape.channels + k) * channels + c];
                    sum += products(k, weight);
                }
            }
        }
        let steps = f64::from(params.scale) * f64::from(self.scales[c]);
        sum += (f64::from(self.bias[c]) / steps).round_ties_even() as i64;
        let unit = self
            .output_params
            .map_or(1.0, |params| f64::from(params.scale));
        let mut value = sum as f32 * (steps / unit) as f32;
        if let (Some((shape, params)), Some(residual)) = (self.residual, residual)
            && c < shape.channels
        {
            let byte = residual[(y * shape.width + x) * shape.pixel + c];
            let steps = f32::from(i16::from(byte) - i16::from(params.zero_point));
            value += steps * (f64::from(params.scale) / unit) as f32;
        }
        match &self.activation {
            Activation::Relu => value.max(0.0),
            Activation::Clip { low, high } => {
                let limit = |value: &f32| (f64::from(*value) / unit) as f32;
                value.max(limit(low)).min(limit(high))
            }
            Activation::Prelu(slopes) => value.max(0.0) + slopes[c] * value.min(0.0),
            _ => value,
        }
    }

    pub(super) fn check(&self, random: &mut Random) {
        let input = random.bytes(self.input.0.len());
        let residual = self.residual.map(|(shape, _)| random.bytes(shape.len()));
        let residual = residual.as_deref();
        let (bytes, values) = self.run(CpuPath::Native, &input, residual);
        let lanes = Kernels::of(CpuPath::Native).expect("always there").lanes;
        let Shape {
            height,
            width,
            channels,
            pixel,
        } = self.output;
        for place in 0..height * width * channels {
            let (at, c) = (place / channels, place % channels);
            let value = self.value(&input, residual, [at / width, at % width, c]);
            if let Some(params) = self.output_params {
                let byte =
                    (value.round_ties_even() as i32 + i32::from(params.zero_point)).clamp(0, 255);
                assert_eq!(i32::from(bytes[at * pixel + c]), byte, "{at} {c}");
            } else {
                assert_eq!(values[at * channels.next_multiple_of(lanes) + c], value);
            }
        }
        for path in CpuPath::available() {
            let (found, floats) = self.run(path, &input, residual);
            let meant = |bytes: &[u8]| -> Vec<u8> {
                let pixels = bytes.chunks_exact(pixel);
                pixels
                    .flat_map(|pixel| pixel[..channels].to_vec())
                    .collect()
            };
            assert_eq!(meant(&found), meant(&bytes), "{path:?} differs");
            assert_eq!(floats, values, "{path:?} differs");
        }
    }
}
