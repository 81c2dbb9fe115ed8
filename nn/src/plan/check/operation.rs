//! Whether one operation fits the tensors that it reads and writes.

use super::limits::{Checked, MAX_PARTS, MAX_SIDE, MAX_STRIDE, ensure, extent};
use crate::plan::{
    Activation, Add, Convolution, ConvolutionKind, Extent, Operation, Pool, Resize, SCALES, Scale,
    TensorId, Weights, Window,
};

impl Operation {
    /// The order of reading and writing was checked, so that every tensor exists.
    pub(super) fn check(&self, tensors: &[Extent]) -> Checked {
        let extent = |id| extent(tensors, id);
        match self {
            Self::Convolution(o) => o.check(tensors),
            Self::Pool(Pool {
                input,
                output,
                window,
                ..
            }) => {
                let (from, to) = (extent(*input), extent(*output));
                ensure(from.channels == to.channels, "pooling changes the channels")?;
                window.check(from, to)
            }
            Self::GlobalAverage { input, output } => ensure(
                extent(*output) == pixel(extent(*input).channels),
                "a mean is one pixel with the channels of its input",
            ),
            Self::Resize(Resize { input, output, .. }) => {
                let (from, to) = (extent(*input), extent(*output));
                let whole = to.height % from.height == 0 && to.width % from.width == 0;
                ensure(
                    whole && from.channels == to.channels,
                    "enlarging is by whole factors and keeps the channels",
                )
            }
            Self::Add(o) => o.check(tensors),
            Self::Scale(Scale { input, by, output }) => ensure(
                extent(*input) == extent(*output) && extent(*by) == pixel(extent(*input).channels),
                "scaling keeps the size and takes one value a channel",
            ),
            Self::Concat { inputs, output } => check_concat(inputs, extent(*output), tensors),
            Self::Activate {
                input,
                output,
                activation,
            } => {
                let to = extent(*output);
                ensure(extent(*input) == to, "an activation keeps the size")?;
                activation.check(to.channels)
            }
            Self::Take {
                input,
                output,
                first,
            } => {
                let (from, to) = (extent(*input), extent(*output));
                ensure(
                    (from.height, from.width) == (to.height, to.width),
                    "taking channels keeps height and width",
                )?;
                let end = u64::from(*first) + u64::from(to.channels);
                ensure(
                    end <= u64::from(from.channels),
                    "it takes channels that its input does not have",
                )
            }
            Self::Convert { input, output } => ensure(
                extent(*input) == extent(*output),
                "a conversion keeps the size",
            ),
        }
    }
}

impl Convolution {
    fn check(&self, tensors: &[Extent]) -> Checked {
        let (from, to) = (extent(tensors, self.input), extent(tensors, self.output));
        self.window.check(from, to)?;
        let channels = match self.kind {
            ConvolutionKind::Dense => u64::from(from.channels),
            ConvolutionKind::Depthwise => {
                ensure(
                    from.channels == to.channels,
                    "a depthwise convolution changes the channels",
                )?;
                1
            }
        };
        let [rows, pixels] = self.window.size.map(u64::from);
        let needed = u128::from(rows * pixels) * u128::from(channels) * u128::from(to.channels);
        ensure(
            self.weights.len() as u128 == needed,
            "its weights are more or fewer than its window and channels need",
        )?;
        self.weights.check(to.channels)?;
        ensure(
            self.bias.len() as u64 == u64::from(to.channels) && finite(&self.bias),
            "it needs one finite bias a channel",
        )?;
        self.activation.check(to.channels)?;
        let Some(residual) = self.residual.map(|id| extent(tensors, id)) else {
            return Ok(());
        };
        ensure(
            (residual.height, residual.width) == (to.height, to.width)
                && residual.channels <= to.channels,
            "its residual has another size, or more channels than it",
        )
    }
}

impl Weights {
    fn check(&self, channels: u32) -> Checked {
        match self {
            Self::Float(values) => ensure(finite(values), "a weight is no finite number"),
            Self::Quantised { values, scales } => {
                ensure(!values.contains(&i8::MIN), "a weight in bytes is -128")?;
                let usable = |scale: &f32| SCALES.contains(scale);
                ensure(
                    scales.len() as u64 == u64::from(channels) && scales.iter().all(usable),
                    "it needs one scale of 1e-9 to 1e9 a channel",
                )
            }
        }
    }
}

impl Window {
    /// Every window covers a pixel of the picture or more.
    fn check(&self, from: Extent, to: Extent) -> Checked {
        let sides = [(from.height, to.height), (from.width, to.width)];
        for (axis, (from, to)) in sides.into_iter().enumerate() {
            let (size, stride, before) = (self.size[axis], self.stride[axis], self.before[axis]);
            ensure(
                (1..=MAX_SIDE).contains(&size) && (1..=MAX_STRIDE).contains(&stride),
                "a window has an impossible size or stride",
            )?;
            let last = u64::from(to - 1) * u64::from(stride);
            ensure(
                before < size && last < u64::from(from) + u64::from(before),
                "a window lies outside the picture",
            )?;
        }
        Ok(())
    }
}

impl Add {
    fn check(&self, tensors: &[Extent]) -> Checked {
        let (left, right) = (extent(tensors, self.left), extent(tensors, self.right));
        let to = extent(tensors, self.output);
        let larger = Extent {
            height: left.height.max(right.height),
            width: left.width.max(right.width),
            channels: left.channels.max(right.channels),
        };
        ensure(to == larger, "a sum has the larger sides of what it adds")?;
        self.activation.check(to.channels)
    }
}

impl Activation {
    fn check(&self, channels: u32) -> Checked {
        match self {
            Self::None | Self::Relu | Self::Sigmoid | Self::Swish => Ok(()),
            Self::Clip { low, high } => ensure(
                low.is_finite() && high.is_finite() && low <= high,
                "a clip has no finite range",
            ),
            Self::Prelu(slopes) => ensure(
                slopes.len() as u64 == u64::from(channels) && finite(slopes),
                "it needs one finite slope a channel",
            ),
        }
    }
}

fn check_concat(inputs: &[TensorId], to: Extent, tensors: &[Extent]) -> Checked {
    ensure(
        (1..=MAX_PARTS).contains(&inputs.len()),
        "a concatenation of nothing, or of too many",
    )?;
    let inputs = || inputs.iter().map(|&id| extent(tensors, id));
    ensure(
        inputs().all(|from| (from.height, from.width) == (to.height, to.width)),
        "a concatenation keeps height and width",
    )?;
    let channels: u64 = inputs().map(|from| u64::from(from.channels)).sum();
    ensure(
        channels == u64::from(to.channels),
        "a concatenation has the channels of all it reads",
    )
}

const fn pixel(channels: u32) -> Extent {
    Extent {
        height: 1,
        width: 1,
        channels,
    }
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}
