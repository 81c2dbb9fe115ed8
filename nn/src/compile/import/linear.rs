//! Convolutions, matrices and what else is linear.

use super::affine::{affine, channel_values};
use super::call::Call;
use super::value::Value;
use super::window::{Windows, pair};
use crate::compile::constant::Folded;
use crate::compile::graph::Graph;
use crate::compile::view::{View, sides};
use crate::plan::{Activation, Convolution, ConvolutionKind, Extent, Operation, Weights, Window};

pub(super) fn convolution(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&[
        "auto_pad",
        "dilations",
        "group",
        "kernel_shape",
        "pads",
        "strides",
    ])?;
    let weights = call.constant(1)?;
    let &[to, from, rows, pixels] = &weights.shape[..] else {
        return Err(format!("weights of shape {:?}", weights.shape));
    };
    if pair(call, "kernel_shape")?.is_some_and(|size| size != [rows, pixels]) {
        return Err("kernel_shape is not that of the weights".to_owned());
    }
    let windows = Windows::of(graph, call, [rows, pixels])?;
    let kind = match (call.int("group", 1)?, windows.channels) {
        (1, channels) if channels == from => ConvolutionKind::Dense,
        (group, channels) if group as usize == channels && channels == to && from == 1 => {
            ConvolutionKind::Depthwise
        }
        (group, channels) => {
            return Err(format!(
                "{group} groups for {channels} channels to {to}: dense and depthwise are supported"
            ));
        }
    };
    let bias = match call.optional_constant(2)? {
        Some(bias) if bias.shape == [to] => bias.floats()?.to_vec(),
        Some(bias) => return Err(format!("a bias of shape {:?}", bias.shape)),
        None => vec![0.0; to],
    };
    // Output channel last: [rows, pixels, from, to] for both kinds, as a depthwise one has from 1.
    let weights = weights.transpose(&[2, 3, 1, 0])?.floats()?.to_vec();
    let extent = windows.extent(to)?;
    let id = graph.operation(extent, |output| {
        Operation::Convolution(Convolution {
            input: windows.input,
            output,
            residual: None,
            kind,
            window: windows.window,
            weights: Weights::Float(weights),
            bias,
            activation: Activation::None,
        })
    });
    Ok(Value::View(View::planes(id, extent)))
}

/// `MatMul` with and `Gemm` of a constant matrix on the right: a convolution over the whole picture.
pub(super) fn matrix(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    let (matrix, alpha, beta) = match call.operator {
        "MatMul" => {
            call.only(&[])?;
            (call.constant(1)?.clone(), 1.0, 1.0)
        }
        _ => {
            call.only(&["alpha", "beta", "transA", "transB"])?;
            call.must_be("transA", 0)?;
            let matrix = call.constant(1)?;
            let matrix = match (call.int("transB", 0)?, matrix.shape.len()) {
                (0, _) => matrix.clone(),
                (_, 2) => matrix.transpose(&[1, 0])?,
                _ => return Err(format!("a matrix of shape {:?}", matrix.shape)),
            };
            (matrix, call.float("alpha", 1.0)?, call.float("beta", 1.0)?)
        }
    };
    let &[from, to] = &matrix.shape[..] else {
        return Err(format!("a matrix of shape {:?}", matrix.shape));
    };
    let view = call.view(0)?;
    let mut shape = view.shape();
    if shape.pop() != Some(from) || shape.iter().product::<usize>() != 1 || to == 0 {
        return Err(format!("{:?} times {:?}", view.shape(), matrix.shape));
    }
    let weights = over_picture(graph.extent(view.node), view, matrix.floats()?, to, alpha)?;
    let input = graph.extent(view.node);
    let output = Extent {
        height: 1,
        width: 1,
        channels: u32::try_from(to).map_err(|_| "a huge matrix".to_owned())?,
    };
    let node = view.node;
    shape.push(to);
    let id = graph.operation(output, |output| {
        Operation::Convolution(Convolution {
            input: node,
            output,
            residual: None,
            kind: ConvolutionKind::Dense,
            window: Window {
                size: [input.height, input.width],
                stride: [1, 1],
                before: [0, 0],
            },
            weights: Weights::Float(weights),
            bias: vec![0.0; to],
            activation: Activation::None,
        })
    });
    let product = View::planes(id, output)
        .reshape(&shape)
        .expect("one axis goes into a shape with one side");
    match call.optional_constant(2)? {
        None => Ok(Value::View(product)),
        Some(shift) => {
            let shift = channel_values(&product, output, shift)?;
            let shift = shift.iter().map(|v| v * beta).collect();
            Ok(Value::View(affine(graph, &product, vec![1.0; to], shift)))
        }
    }
}

/// The rows of a matrix, in the order of the values of `view`, as weights over the whole picture.
fn over_picture(
    extent: Extent,
    view: &View,
    matrix: &[f32],
    to: usize,
    alpha: f32,
) -> Folded<Vec<f32>> {
    let [height, width, channels] = sides(extent);
    let mut weights = vec![0.0; matrix.len()];
    for (row, place) in matrix.chunks_exact(to).zip(view.places()?) {
        let (channel, pixel) = (place / (height * width), place % (height * width));
        let at = (pixel * channels + channel) * to;
        for (weight, value) in weights[at..at + to].iter_mut().zip(row) {
            *weight = alpha * value;
        }
    }
    Ok(weights)
}

pub(super) fn batch_normalization(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["epsilon", "momentum", "spatial", "training_mode"])?;
    call.must_be("training_mode", 0)?;
    call.must_be("spatial", 1)?;
    let view = call.view(0)?.clone();
    let extent = graph.extent(view.node);
    let rank = view.shape().len();
    let values = |index: usize| -> Folded<Vec<f64>> {
        let constant = call.constant(index)?;
        // Axis 1 is that of the channels.
        let mut shape = vec![constant.shape.iter().product()];
        shape.resize(rank.saturating_sub(1).max(1), 1);
        let constant = constant.reshape(shape);
        let values = channel_values(&view, extent, &constant)?;
        Ok(values.into_iter().map(f64::from).collect())
    };
    let (gain, shift, mean, variance) = (values(1)?, values(2)?, values(3)?, values(4)?);
    let epsilon = f64::from(call.float("epsilon", 1e-5)?);
    let scale = |c: usize| gain[c] / (variance[c] + epsilon).sqrt();
    let channels = 0..gain.len();
    let scales = channels.clone().map(|c| scale(c) as f32).collect();
    let shifts = channels.map(|c| (shift[c] - mean[c] * scale(c)) as f32);
    let shifts = shifts.collect();
    Ok(Value::View(affine(graph, &view, scales, shifts)))
}
