//! The reference interpreter of plans: every operation as its definition reads, in f64, one value after the
//! other; an int8 tensor holds the values that its bytes stand for. The executor and its kernels
//! are compared with it.

mod tests;

use super::{
    Activation, Add, Convolution, ConvolutionKind, Extent, Operation, Order, Plan, PlanOutput,
    Pool, PoolKind, Resize, ResizeKind, Scale, TensorId, Weights, Window,
};

/// A picture, channels innermost.
#[derive(Clone)]
struct Picture {
    extent: Extent,
    values: Vec<f64>,
}

impl Picture {
    fn new(extent: Extent, value: impl Fn(usize, usize, usize) -> f64) -> Self {
        let (h, w, c) = sides(extent);
        let values = (0..h * w * c)
            .map(|i| value(i / (w * c), i / c % w, i % c))
            .collect();
        Self { extent, values }
    }

    /// The value at a place, `None` outside the picture.
    fn get(&self, y: isize, x: isize, channel: usize) -> Option<f64> {
        let (h, w, c) = sides(self.extent);
        let (y, x) = (usize::try_from(y).ok()?, usize::try_from(x).ok()?);
        (y < h && x < w && channel < c).then(|| self.values[(y * w + x) * c + channel])
    }

    /// The value at a place inside the picture, or 0.
    fn or_zero(&self, y: usize, x: usize, channel: usize) -> f64 {
        self.get(y as isize, x as isize, channel).unwrap_or(0.0)
    }
}

fn sides(extent: Extent) -> (usize, usize, usize) {
    let Extent {
        height,
        width,
        channels,
    } = extent;
    (height as usize, width as usize, channels as usize)
}

/// The outputs of a plan for an input in the plan's order, each flat in the signature's order.
pub(crate) fn run(plan: &Plan, input: &[f32]) -> Vec<Vec<f32>> {
    let mut tensors: Vec<Option<Picture>> = vec![None; plan.tensors.len()];
    let extent = plan.tensors[0];
    let (h, w, c) = sides(extent);
    tensors[0] = Some(Picture::new(extent, |y, x, k| match plan.input_order {
        Order::Planes => f64::from(input[(k * h + y) * w + x]),
        Order::Interleaved => f64::from(input[(y * w + x) * c + k]),
        Order::Blocks(_) => panic!("an input in blocks"),
    }));
    for operation in &plan.operations {
        let read = |id: TensorId| tensors[id.0 as usize].as_ref().expect("written before");
        let (id, mut value) = apply(operation, &plan.tensors, &read);
        if let Some(params) = plan.quant_params.get(&id) {
            for value in &mut value.values {
                *value = f64::from(params.dequantise(params.quantise(*value as f32)));
            }
        }
        assert!(tensors[id.0 as usize].is_none(), "written twice");
        tensors[id.0 as usize] = Some(value);
    }
    plan.outputs
        .iter()
        .map(|output| assemble(output, &tensors))
        .collect()
}

fn apply<'a>(
    operation: &Operation,
    extents: &[Extent],
    read: &dyn Fn(TensorId) -> &'a Picture,
) -> (TensorId, Picture) {
    let extent = |id: TensorId| extents[id.0 as usize];
    match operation {
        Operation::Convolution(o) => (o.output, convolution(o, extent(o.output), read)),
        Operation::Pool(o) => (o.output, pool(o, extent(o.output), read(o.input))),
        Operation::GlobalAverage { input, output } => {
            let input = read(*input);
            let (h, w, _) = sides(input.extent);
            let mean = |c| {
                let all = (0..h * w).map(|i| input.or_zero(i / w, i % w, c));
                all.sum::<f64>() / (h * w) as f64
            };
            (*output, Picture::new(extent(*output), |_, _, c| mean(c)))
        }
        Operation::Resize(o) => (o.output, resize(o, extent(o.output), read(o.input))),
        Operation::Add(Add {
            left,
            right,
            output,
            activation,
        }) => {
            let (left, right) = (read(*left), read(*right));
            let sum = |y, x, c| left.or_zero(y, x, c) + right.or_zero(y, x, c);
            let value = |y, x, c| activate(activation, c, sum(y, x, c));
            (*output, Picture::new(extent(*output), value))
        }
        Operation::Scale(Scale { input, by, output }) => {
            let (input, by) = (read(*input), read(*by));
            let value = |y, x, c| input.or_zero(y, x, c) * by.or_zero(0, 0, c);
            (*output, Picture::new(extent(*output), value))
        }
        Operation::Concat { inputs, output } => {
            let value = |y, x, mut c: usize| {
                for input in inputs.iter().map(|&id| read(id)) {
                    let channels = input.extent.channels as usize;
                    if c < channels {
                        return input.or_zero(y, x, c);
                    }
                    c -= channels;
                }
                panic!("the inputs have fewer channels than the output")
            };
            (*output, Picture::new(extent(*output), value))
        }
        Operation::Activate {
            input,
            output,
            activation,
        } => {
            let input = read(*input);
            let value = |y, x, c| activate(activation, c, input.or_zero(y, x, c));
            (*output, Picture::new(extent(*output), value))
        }
        Operation::Take {
            input,
            output,
            first,
        } => {
            let input = read(*input);
            let value = |y, x, c| input.or_zero(y, x, *first as usize + c);
            (*output, Picture::new(extent(*output), value))
        }
        // What is written is quantised as its tensor's parameters say.
        Operation::Convert { input, output } => (*output, read(*input).clone()),
    }
}

/// The pixels that a window covers, by its row and pixel; those outside the picture too.
fn covered(
    window: &Window,
    y: usize,
    x: usize,
) -> impl Iterator<Item = (usize, usize, isize, isize)> {
    let [rows, pixels] = window.size.map(|side| side as usize);
    let start = |at: usize, axis: usize| {
        (at * window.stride[axis] as usize) as isize - window.before[axis] as isize
    };
    let (top, left) = (start(y, 0), start(x, 1));
    (0..rows * pixels).map(move |i| {
        let (row, pixel) = (i / pixels, i % pixels);
        (row, pixel, top + row as isize, left + pixel as isize)
    })
}

fn convolution<'a>(
    o: &Convolution,
    extent: Extent,
    read: &dyn Fn(TensorId) -> &'a Picture,
) -> Picture {
    let (input, residual) = (read(o.input), o.residual.map(read));
    let (_, _, from) = sides(input.extent);
    let (_, _, to) = sides(extent);
    let weight = |at: usize| match &o.weights {
        Weights::Float(values) => f64::from(values[at]),
        Weights::Quantised { values, scales } => f64::from(values[at]) * f64::from(scales[at % to]),
    };
    let at = |row: usize, pixel: usize| row * o.window.size[1] as usize + pixel;
    Picture::new(extent, |y, x, c| {
        let mut sum = f64::from(o.bias[c]);
        for (row, pixel, py, px) in covered(&o.window, y, x) {
            match o.kind {
                ConvolutionKind::Depthwise => {
                    let weight = weight(at(row, pixel) * to + c);
                    sum += weight * input.get(py, px, c).unwrap_or(0.0);
                }
                ConvolutionKind::Dense => {
                    for k in 0..from {
                        let weight = weight((at(row, pixel) * from + k) * to + c);
                        sum += weight * input.get(py, px, k).unwrap_or(0.0);
                    }
                }
            }
        }
        let residual = residual.map_or(0.0, |residual| residual.or_zero(y, x, c));
        activate(&o.activation, c, sum + residual)
    })
}

fn pool(o: &Pool, extent: Extent, input: &Picture) -> Picture {
    Picture::new(extent, |y, x, c| {
        let places = covered(&o.window, y, x);
        let inside: Vec<f64> = places
            .filter_map(|(_, _, y, x)| input.get(y, x, c))
            .collect();
        let sum: f64 = inside.iter().sum();
        match o.kind {
            PoolKind::Max => inside.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            PoolKind::Average => sum / inside.len() as f64,
            PoolKind::AverageWithBorder => sum / f64::from(o.window.size[0] * o.window.size[1]),
        }
    })
}

fn resize(o: &Resize, extent: Extent, input: &Picture) -> Picture {
    let (h, w, _) = sides(input.extent);
    let (high, wide, _) = sides(extent);
    // Where an output row or pixel lies in the input, as a place between two neighbours.
    let source = |at: usize, from: usize, to: usize| -> (usize, usize, f64) {
        let place = match o.kind {
            ResizeKind::Nearest => return (at * from / to, at * from / to, 0.0),
            ResizeKind::BilinearCentres => (at as f64 + 0.5) * from as f64 / to as f64 - 0.5,
            ResizeKind::BilinearCorners if to == 1 => 0.0,
            ResizeKind::BilinearCorners => at as f64 * (from - 1) as f64 / (to - 1) as f64,
        };
        let place = place.clamp(0.0, (from - 1) as f64);
        let low = place.floor() as usize;
        (low, (low + 1).min(from - 1), place - place.floor())
    };
    Picture::new(extent, |y, x, c| {
        let (top, bottom, down) = source(y, h, high);
        let (left, right, across) = source(x, w, wide);
        let row =
            |y| input.or_zero(y, left, c) * (1.0 - across) + input.or_zero(y, right, c) * across;
        row(top) * (1.0 - down) + row(bottom) * down
    })
}

fn activate(activation: &Activation, channel: usize, x: f64) -> f64 {
    match activation {
        Activation::None => x,
        Activation::Relu => x.max(0.0),
        Activation::Clip { low, high } => x.max(f64::from(*low)).min(f64::from(*high)),
        Activation::Prelu(_) if x > 0.0 => x,
        Activation::Prelu(slopes) => x * f64::from(slopes[channel]),
        Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
        Activation::Swish => x / (1.0 + (-x).exp()),
    }
}

fn assemble(output: &PlanOutput, tensors: &[Option<Picture>]) -> Vec<f32> {
    let mut flat = Vec::new();
    for part in &output.parts {
        let part = tensors[part.0 as usize].as_ref().expect("written before");
        let (h, w, c) = sides(part.extent);
        match output.order {
            Order::Planes => {
                flat.extend((0..c * h * w).map(|i| part.or_zero(i / w % h, i % w, i / (h * w))));
            }
            Order::Interleaved => flat.extend_from_slice(&part.values),
            Order::Blocks(n) => {
                let n = n as usize;
                let (high, wide, deep) = (h * n, w * n, c / (n * n));
                flat.extend((0..high * wide * deep).map(|i| {
                    let (y, x, k) = (i / (wide * deep), i / deep % wide, i % deep);
                    part.or_zero(y / n, x / n, ((y % n) * n + x % n) * deep + k)
                }));
            }
        }
    }
    if let Some(run) = output.softmax {
        for values in flat.chunks_mut(run as usize) {
            let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = values.iter().map(|v| (v - most).exp()).sum();
            values.iter_mut().for_each(|v| *v = (*v - most).exp() / sum);
        }
    }
    flat.into_iter().map(|v| v as f32).collect()
}
