//! Every path equals the portable one, for any size and alignment.

use super::*;
use proptest::prelude::*;
use vultus_nn::cpu::CpuPath;

/// Kernels of this processor; on 64-bit ARM also those for processors without SDOT.
fn all() -> Vec<Kernels> {
    #[allow(unused_mut)]
    let mut all: Vec<Kernels> = CpuPath::available().map(Kernels::new).collect();
    #[cfg(target_arch = "aarch64")]
    all.push(Kernels::neon_without_sdot());
    all
}

fn code() -> impl Strategy<Value = i8> {
    prop_oneof![8 => -127_i8..=127, 1 => Just(127_i8), 1 => Just(-127_i8), 1 => Just(0_i8)]
}

prop_compose! {
    /// A probe's codes, rows of nibbles, and how far these lie from an aligned address.
    fn block()(dimension in 1_usize..700, shift in 0_usize..64)(
        probe in prop::collection::vec(code(), dimension),
        rows in prop::collection::vec(any::<u8>(), BLOCK * dimension.next_multiple_of(GROUP) / 2 + shift),
        shift in Just(shift),
    ) -> (ProbeCodes, Vec<u8>, usize) {
        (ProbeCodes::new(probe), rows, shift)
    }
}

/// The nibble of one value of a row.
fn nibble(row: &[u8], value: usize) -> u8 {
    let both = row[value / GROUP * WIDTH + value % WIDTH];
    if value % GROUP < WIDTH {
        both & 15
    } else {
        both >> 4
    }
}

fn slow_product(row: &[u8], probe: &ProbeCodes) -> i32 {
    let codes = probe.codes.iter().enumerate();
    let terms = codes.map(|(at, &code)| (2 * i64::from(nibble(row, at)) - 15) * i64::from(code));
    i32::try_from(terms.sum::<i64>()).expect("codes are small")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn products_are_equal(
        (probe, rows, shift) in block(),
        scales in prop::collection::vec(prop_oneof![9 => 0.0_f32..0.1, 1 => Just(f32::NAN)], BLOCK),
        high_residuals in prop::collection::vec(0.0_f32..1.0, BLOCK),
        length in 0.0_f32..2.0,
        least in -2.0_f32..2.0,
        chosen in prop_oneof![
            2 => any::<u64>(),
            1 => Just(0_u64),
            1 => Just(u64::MAX),
            1 => (0..BLOCK).prop_map(|position| 1 << position),
        ],
    ) {
        let rows = &rows[shift..];
        let block = |values: Vec<f32>| values.try_into().expect("a block");
        let scales = RowScales { scales: block(scales), high_residuals: block(high_residuals) };
        let cutoff = Cutoff { gain: 0.001, length, least };
        let mut expected = [0; BLOCK];
        for (row, out) in rows.chunks_exact(probe.stride()).zip(&mut expected) {
            *out = slow_product(row, &probe);
        }
        for kernels in all() {
            let mut products = [0; BLOCK];
            let reached = kernels.scan(rows, &scales, &probe, cutoff, &mut products);
            prop_assert_eq!(products, expected, "{:?}", kernels);
            let mut some = [7; BLOCK];
            kernels.products_of(rows, chosen, &probe, &mut some);
            for position in 0..BLOCK {
                let asked = chosen >> position & 1 == 1;
                prop_assert_eq!(some[position], if asked { expected[position] } else { 7 }, "{:?}", kernels);
            }
            for (position, (&scale, &high_residual)) in scales.scales.iter().zip(&scales.high_residuals).enumerate() {
                let mut one = [0; BLOCK];
                kernels.products_of(rows, 1 << position, &probe, &mut one);
                prop_assert_eq!(one[position], expected[position], "{:?}", kernels);
                let value = scale * cutoff.gain * expected[position] as f32 + length * high_residual;
                let seen = reached >> position & 1 == 1;
                // A fused multiplication may decide a tie otherwise; the bounds allow for it.
                let near = (value - least).abs() < 1e-5;
                prop_assert!(near || seen == (value >= least), "{kernels:?} {value} {least}");
                prop_assert!(!(seen && scale.is_nan()), "{kernels:?} saw a vacant row");
            }
        }
    }

    #[test]
    fn exact_products_are_equal_to_the_last_bit(
        pairs in prop::collection::vec((-1.0_f32..1.0, -1.0_f32..1.0), 0..700),
        shift in 0_usize..17,
    ) {
        let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
        let shift = shift.min(a.len());
        let (a, b) = (&a[shift..], &b[..a.len() - shift]);
        let expected = native::exact(a, b);
        let slow: f64 = a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
        prop_assert!((expected - slow).abs() < 1e-12);
        for kernels in all() {
            prop_assert_eq!(kernels.exact(a, b).to_bits(), expected.to_bits(), "{:?}", kernels);
        }
    }
}

#[test]
fn the_largest_products_do_not_overflow() {
    let scales = RowScales {
        scales: [1.0; BLOCK],
        high_residuals: [0.0; BLOCK],
    };
    for dimension in [1, 64, 128, 512, 4096] {
        for (code, nibbles) in [(127, 0xff), (-127, 0xff), (127, 0)] {
            let probe = ProbeCodes::new(vec![code; dimension]);
            let rows = vec![nibbles; BLOCK * probe.stride()];
            let expected = slow_product(&rows[..probe.stride()], &probe);
            assert_eq!(expected.unsigned_abs() as usize, 15 * 127 * dimension);
            let cutoff = Cutoff {
                gain: 1.0,
                length: 0.0,
                least: 0.0,
            };
            for kernels in all() {
                let mut products = [0; BLOCK];
                kernels.scan(&rows, &scales, &probe, cutoff, &mut products);
                assert_eq!(products, [expected; BLOCK], "{kernels:?}");
            }
        }
    }
}
