//! The portable path. On 32-bit ARM it is the only one: the NEON intrinsics of that architecture
//! are not stable, but these loops of integers do become vectors where the build enables NEON.

use super::block::{Cutoff, GROUP, ProbeCodes, Products, RowScales, WIDTH};

/// Sums that run beside each other in [`exact`].
pub(super) const SUMS: usize = 16;

pub(super) fn products(rows: &[u8], probe: &ProbeCodes, products: &mut Products) {
    for (row, out) in rows.chunks_exact(probe.stride()).zip(products) {
        *out = product(row, probe);
    }
}

pub(in super::super) fn product(row: &[u8], probe: &ProbeCodes) -> i32 {
    let groups = row.chunks_exact(WIDTH).zip(probe.codes.chunks_exact(GROUP));
    let sums = groups.map(|(nibbles, codes)| {
        let (first, second) = codes.split_at(WIDTH);
        let codes = first.iter().zip(second);
        let terms = nibbles.iter().zip(codes).map(|(&both, (&first, &second))| {
            // Factors of 16 bits and a sum of 32 are what multiply-add instructions take.
            let (low, high) = (i16::from(both & 15), i16::from(both >> 4));
            i32::from(low) * i32::from(i16::from(first))
                + i32::from(high) * i32::from(i16::from(second))
        });
        terms.sum::<i32>()
    });
    2 * sums.sum::<i32>() - probe.offset
}

pub(super) fn reaching(products: &Products, scales: &RowScales, cutoff: Cutoff) -> u64 {
    let mut reached = 0;
    let rows = products
        .iter()
        .zip(scales.scales.iter().zip(&scales.high_residuals));
    for (row, (&product, (&scale, &high_residual))) in rows.enumerate() {
        reached |= u64::from(cutoff.is_reached(scale, high_residual, product)) << row;
    }
    reached
}

pub(in super::super) fn exact(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0; SUMS];
    let (a_lanes, b_lanes) = (a.chunks_exact(SUMS), b.chunks_exact(SUMS));
    let (a_rest, b_rest) = (a_lanes.remainder(), b_lanes.remainder());
    for (a, b) in a_lanes.zip(b_lanes) {
        for ((sum, &a), &b) in sums.iter_mut().zip(a).zip(b) {
            *sum += f64::from(a) * f64::from(b);
        }
    }
    total(sums) + rest(a_rest, b_rest)
}

/// The sums in the order in which registers are halved.
pub(super) fn total(sums: [f64; SUMS]) -> f64 {
    let mut sums = sums;
    let mut half = SUMS / 2;
    while half > 0 {
        for i in 0..half {
            sums[i] += sums[i + half];
        }
        half /= 2;
    }
    sums[0]
}

/// What is left after the last full group, one after another.
pub(super) fn rest(a: &[f32], b: &[f32]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(&a, &b)| f64::from(a) * f64::from(b))
        .sum()
}
