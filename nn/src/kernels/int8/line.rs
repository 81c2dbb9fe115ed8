//! Weights as kernels read them.

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
    let mut lines = vec![Line::ZERO; steps * channels.div_ceil(super::LANES)];
    for (k, row) in weights.chunks_exact(channels).enumerate() {
        for (channel, &weight) in row.iter().enumerate() {
            let line = channel / super::LANES * steps + k / 4;
            lines[line].0[channel % super::LANES * 4 + k % 4] = weight;
        }
    }
    lines
}
