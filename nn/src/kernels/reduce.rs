//! Means over whole pictures. No pointer is made here.

use super::{Layout, Rows, RowsMut};

/// The mean of all pixels, channel by channel.
pub(crate) fn global_average(input: Rows, output: &mut RowsMut) {
    let Layout {
        height,
        width,
        pixel,
        ..
    } = *input.layout();
    let mean = output.row(0);
    mean.fill(0.0);
    // Sums of rows first, so that large pictures lose no digits.
    let mut sum = [0.0_f32; 16];
    for (group, mean) in mean.chunks_mut(sum.len()).enumerate() {
        for y in 0..height {
            let sum = &mut sum[..mean.len()];
            sum.fill(0.0);
            for at in input.row(y).chunks_exact(pixel) {
                let values = &at[group * 16..][..sum.len()];
                for (sum, value) in sum.iter_mut().zip(values) {
                    *sum += value;
                }
            }
            for (mean, sum) in mean.iter_mut().zip(sum) {
                *mean += *sum;
            }
        }
    }
    let factor = 1.0 / (height * width) as f32;
    for mean in mean.iter_mut() {
        *mean *= factor;
    }
}
