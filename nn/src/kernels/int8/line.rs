//! Weights as kernels read them.

/// Output channels of a vector: the channels of a pixel are padded to a multiple, and the weights
/// of as many channels × 4 neighbouring values fill a [`Line`].
pub(crate) const LANES: usize = 16;

/// A cache line of weights, aligned to one.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Line(pub(crate) [i8; 64]);

impl Line {
    pub(crate) const ZERO: Self = Self([0; 64]);
}

/// Weights, depth × channel, as vector of channels × depth / 4 × channel × 4.
///
/// `depth` counts in steps of 4; the last of them is filled with zeros.
pub(super) fn pack(weights: &[i8], channels: usize) -> Vec<Line> {
    let depth = weights.len() / channels;
    let steps = depth.div_ceil(4);
    let mut lines = vec![Line::ZERO; steps * channels.div_ceil(LANES)];
    for (k, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let line = channel / LANES * steps + k / 4;
            lines[line].0[channel % LANES * 4 + k % 4] = weight;
        }
    }
    lines
}

/// Weights of a depthwise convolution, cell × channel, as vector of channels × cell × channel.
#[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
pub(super) fn pack_depthwise(weights: &[i8], channels: usize) -> Vec<Line> {
    let groups = (weights.len() / channels).div_ceil(4);
    let mut lines = vec![Line::ZERO; channels.div_ceil(LANES) * groups];
    for (cell, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let line = channel / LANES * groups + cell / 4;
            lines[line].0[cell % 4 * LANES + channel % LANES] = weight;
        }
    }
    lines
}
