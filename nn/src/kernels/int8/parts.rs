//! What an int8 convolution is made of, dense or depthwise.

use super::epilogue::{Accumulators, Int8Epilogue};
use super::{Int8Kernels, Shape};
use crate::ir::{Activation, QuantParams, Window};
use crate::kernels::Kernels;

/// What an int8 convolution is made of.
pub(crate) struct Int8ConvolutionParts<'a> {
    /// The window.
    pub(crate) window: Window,
    /// Window row × window column × input channel × output channel (depthwise: without the
    /// input channel).
    pub(crate) weights: &'a [i8],
    /// One factor an output channel.
    pub(crate) scales: &'a [f32],
    /// One value an output channel.
    pub(crate) bias: &'a [f32],
    /// What follows.
    pub(crate) activation: &'a Activation,
    /// The input.
    pub(crate) input: (Shape, QuantParams),
    /// Height, width and channels of the output.
    pub(crate) output: Shape,
    /// The parameters of an int8 output; without them, f32 is written.
    pub(crate) output_params: Option<QuantParams>,
    /// An int8 tensor that is added: the channels of the output, or fewer in whole vectors.
    pub(crate) residual: Option<(Shape, QuantParams)>,
    /// Values of a pixel of an f32 output.
    pub(crate) pixel: usize,
}

impl Int8ConvolutionParts<'_> {
    /// The epilogue; `sums` are those of each channel's weights.
    pub(super) fn epilogue(
        &self,
        kernels: &'static Int8Kernels,
        floats: &'static Kernels,
        sums: Vec<i32>,
    ) -> Int8Epilogue {
        let channels = self.output.channels;
        assert!(self.scales.len() == channels && self.bias.len() == channels);
        let accumulators = Accumulators {
            input: self.input.1,
            scales: self.scales,
            bias: self.bias,
            sums,
        };
        match self.output_params {
            Some(params) => {
                let output = (self.output, params);
                Int8Epilogue::int8(
                    kernels,
                    &accumulators,
                    self.activation,
                    output,
                    self.residual,
                )
            }
            None => {
                assert!(self.residual.is_none(), "an int8 residual into f32");
                Int8Epilogue::float(kernels, floats, &accumulators, self.activation, self.pixel)
            }
        }
    }
}
