//! Which operations may read and write int8 tensors:
//!
//! | operation | int8 tensors |
//! |---|---|
//! | convolution | reads int8 where, and only where, its weights are quantised; writes int8 or f32; a residual only into int8 and of int8; into int8 the activation is none, ReLU, clip or PReLU |
//! | max pool, resize by repetition, concat | all with the same parameters, or none |
//! | average pools, add of equal sizes (activation none, ReLU or clip) | all, each with parameters of its own, or none |
//! | convert | at least one |
//! | all others | none |

use super::limits::{Checked, ensure, extent, range};
use crate::kernels::int8::{LANES, MAX_INT8_CELLS, MAX_INT8_ROWS, bias_steps};
use crate::plan::{
    Activation, Add, Convolution, ConvolutionKind, Extent, MAX_PAIR, MAX_PRODUCTS, Operation, Plan,
    PlanError, Pool, PoolKind, QuantParams, Resize, ResizeKind, SCALES, TensorId, Weights,
};
use std::collections::BTreeMap;

type Int8Tensors = BTreeMap<TensorId, QuantParams>;

impl Plan {
    pub(super) fn check_quant_params(&self) -> Result<(), PlanError> {
        let last = self.tensors.len() as u64 - 1;
        for (id, params) in &self.quant_params {
            range("tensor of bytes", id.0.into(), 1, last)?;
            let error = |cause| PlanError::Tensor {
                index: id.0 as usize,
                cause,
            };
            if !SCALES.contains(&params.scale) {
                return Err(error("the scale of its grid is not in 1e-9 to 1e9"));
            }
            if self.outputs.iter().any(|output| output.parts.contains(id)) {
                return Err(error("a part of an output is held in bytes"));
            }
        }
        Ok(())
    }
}

impl Operation {
    pub(super) fn check_quant(&self, quantised: &Int8Tensors, tensors: &[Extent]) -> Checked {
        let output = quantised.get(&self.output());
        let mut inputs = self.inputs().map(|id| quantised.get(&id));
        match self {
            Self::Convolution(o) => o.check_quant(quantised, tensors),
            Self::Convert { .. } => ensure(
                output.is_some() || inputs.any(|params| params.is_some()),
                "it converts f32 to f32",
            ),
            Self::Pool(Pool {
                kind: PoolKind::Max,
                ..
            })
            | Self::Resize(Resize {
                kind: ResizeKind::Nearest,
                ..
            })
            | Self::Concat { .. } => ensure(
                inputs.all(|params| params == output),
                "what it reads and writes is not on one grid",
            ),
            Self::Pool(pool) => {
                let [rows, columns] = pool.window.size.map(u64::from);
                ensure(
                    output.is_none() || rows * columns <= MAX_AVERAGED,
                    "a mean of bytes over too large a window",
                )?;
                ensure(
                    inputs.all(|params| params.is_some() == output.is_some()),
                    "it mixes bytes and f32",
                )
            }
            Self::Add(o) => {
                ensure(
                    inputs.all(|params| params.is_some() == output.is_some()),
                    "it mixes bytes and f32",
                )?;
                ensure(
                    output.is_none() || o.has_an_int8_form(tensors),
                    "a sum of bytes has equal sizes, and no slopes or curves",
                )
            }
            Self::GlobalAverage { .. }
            | Self::Resize(_)
            | Self::Scale(_)
            | Self::Take { .. }
            | Self::Activate { .. } => ensure(
                output.is_none() && inputs.all(|params| params.is_none()),
                "it has no form for bytes",
            ),
        }
    }
}

impl Add {
    fn has_an_int8_form(&self, tensors: &[Extent]) -> bool {
        let same = extent(tensors, self.left) == extent(tensors, self.right);
        let clips = matches!(
            self.activation,
            Activation::None | Activation::Relu | Activation::Clip { .. }
        );
        same && clips
    }
}

impl Convolution {
    fn check_quant(&self, quantised: &Int8Tensors, tensors: &[Extent]) -> Checked {
        let input = quantised.get(&self.input);
        let output = quantised.get(&self.output);
        let Weights::Quantised { values, scales } = &self.weights else {
            let residual = self.residual.and_then(|id| quantised.get(&id));
            return ensure(
                [input, output, residual].iter().all(Option::is_none),
                "a convolution of f32 reads and writes f32",
            );
        };
        let Some(input) = input else {
            return Err("quantised weights meet f32");
        };
        let (from, to) = (extent(tensors, self.input), extent(tensors, self.output));
        let [rows, columns] = self.window.size.map(u64::from);
        let products = match self.kind {
            ConvolutionKind::Dense => {
                ensure(
                    rows <= MAX_INT8_ROWS as u64,
                    "a window of bytes with too many rows",
                )?;
                ensure(
                    pairs_fit(values, from.channels as usize, to.channels as usize),
                    "two neighbouring weights sum beyond 128",
                )?;
                rows * columns * u64::from(from.channels)
            }
            ConvolutionKind::Depthwise => {
                ensure(
                    rows * columns <= MAX_INT8_CELLS as u64 && from.channels > COLOURS,
                    "a depthwise window of bytes with too many cells, or over colours",
                )?;
                rows * columns
            }
        };
        ensure(
            products <= MAX_PRODUCTS,
            "too many products of bytes in a sum",
        )?;
        ensure(
            biases_fit(&self.bias, input.scale, scales),
            "a bias beyond 2^30 steps of its sum",
        )?;
        self.check_target(quantised, tensors)
    }

    fn check_target(&self, quantised: &Int8Tensors, tensors: &[Extent]) -> Checked {
        let to = extent(tensors, self.output);
        let int8 = quantised.contains_key(&self.output);
        let smooth = matches!(self.activation, Activation::Sigmoid | Activation::Swish);
        ensure(
            !int8 || !smooth && to.channels > COLOURS,
            "a sigmoid, swish or picture of colours is written as f32",
        )?;
        let Some(residual) = self.residual else {
            return Ok(());
        };
        let channels = extent(tensors, residual).channels;
        let whole = channels.is_multiple_of(LANES as u32);
        ensure(
            int8 && self.kind == ConvolutionKind::Dense
                && quantised.contains_key(&residual)
                && channels > COLOURS
                && (channels == to.channels || whole),
            "a residual of bytes is added to bytes of its channels, or is narrower by whole vectors",
        )
    }
}

/// Most channels of a picture that takes no whole vectors a pixel.
const COLOURS: u32 = 4;

/// Most pixels of a window over int8 whose mean is taken.
const MAX_AVERAGED: u64 = 65_536;

/// Weights are cell × input channel × output channel.
fn pairs_fit(values: &[i8], from: usize, to: usize) -> bool {
    let fits = |pair: [i8; 2]| {
        let [a, b] = pair.map(i32::from);
        (a > 0) != (b > 0) || (a + b).abs() <= MAX_PAIR
    };
    values.chunks_exact(from * to).all(|cell| {
        cell.chunks_exact(2 * to).all(|pair| {
            let (first, second) = pair.split_at(to);
            first.iter().zip(second).all(|(&a, &b)| fits([a, b]))
        })
    })
}

fn biases_fit(bias: &[f32], input: f32, scales: &[f32]) -> bool {
    let steps = |(&bias, &scale): (&f32, &f32)| bias_steps(bias, input, scale);
    bias.iter()
        .zip(scales)
        .map(steps)
        .all(|steps| steps.abs() <= f64::from(1 << 30))
}
