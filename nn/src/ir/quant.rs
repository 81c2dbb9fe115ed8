//! How int8 tensors stand for numbers.
//!
//! Activations are unsigned bytes with a scale and a zero point a tensor; weights are signed bytes with a scale an
//! output channel. What a quantised convolution keeps besides, so that every instruction set can sum it exactly:
//!
//! * Two neighbouring weights (input channels 2i and 2i + 1 of one window cell and output channel) of
//!   one sign sum to ±[`MAX_PAIR`] at most: AVX2 adds their products with activations in 16 bits.
//!   Depthwise weights have no such neighbours.
//! * At most [`MAX_PRODUCTS`] products in a sum, and a bias of at most ±2^30 steps.

use std::ops::RangeInclusive;

/// Scales of int8 tensors and weights.
pub const SCALES: RangeInclusive<f32> = 1e-9..=1e9;

/// Largest sum of two neighbouring weights of one sign: `255 × 128` fits in 16 bits with a sign.
pub const MAX_PAIR: i32 = 128;

/// Most products in one sum of a quantised convolution, `255 × 127` each.
pub const MAX_PRODUCTS: u64 = 32_768;

/// The quantisation of a tensor: `value = scale × (byte − zero_point)` (ONNX `QuantizeLinear`).
///
/// A value between two bytes goes to the nearest, of two equally near to the even one; one outside
/// to the first or last byte.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantParams {
    /// The step from byte to byte, in [`SCALES`].
    pub scale: f32,
    /// The byte that stands for 0.
    pub zero_point: u8,
}

impl QuantParams {
    /// The byte for a value.
    #[must_use]
    pub fn quantise(self, value: f32) -> u8 {
        // Times the reciprocal, as the kernels do: one of them has no division.
        let steps = (value * (1.0 / self.scale)).round_ties_even() + f32::from(self.zero_point);
        // A float beyond the byte's range becomes its nearest end; NaN becomes 0.
        steps as u8
    }

    /// The value of a byte.
    #[must_use]
    pub fn dequantise(self, byte: u8) -> f32 {
        self.scale * f32::from(i16::from(byte) - i16::from(self.zero_point))
    }

    /// The parameters with the smallest scale that hold `low` to `high`, and 0 exactly.
    ///
    /// `None` unless `low <= high` are finite and their distance gives a scale in [`SCALES`].
    #[must_use]
    pub fn for_range(low: f32, high: f32) -> Option<Self> {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let scale = (high - low) / 255.0;
        if !SCALES.contains(&scale) {
            return None;
        }
        Some(Self {
            scale,
            zero_point: (-low / scale).round_ties_even() as u8,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_returns_to_itself() {
        for (low, high) in [
            (0.0, 6.0),
            (-1.0, 1.0),
            (-0.3, 2.7),
            (-5.0, 0.0),
            (1.0, 3.0),
        ] {
            let params = QuantParams::for_range(low, high).unwrap();
            for byte in 0..=255 {
                assert_eq!(
                    params.quantise(params.dequantise(byte)),
                    byte,
                    "{low} to {high}"
                );
            }
            assert_eq!(params.dequantise(params.zero_point), 0.0);
        }
    }

    #[test]
    fn values_outside_go_to_the_first_or_last_byte() {
        let params = QuantParams::for_range(-1.0, 1.0).unwrap();
        assert_eq!((params.quantise(-9.0), params.quantise(9.0)), (0, 255));
        assert_eq!(params.quantise(f32::INFINITY), 255);
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let params = QuantParams {
            scale: 1.0,
            zero_point: 10,
        };
        assert_eq!(params.quantise(0.5), 10);
        assert_eq!(params.quantise(1.5), 12);
        assert_eq!(params.quantise(-0.5), 10);
        assert_eq!(params.quantise(-1.5), 8);
    }

    #[test]
    fn ranges_without_extent_have_no_parameters() {
        assert_eq!(QuantParams::for_range(0.0, 0.0), None);
        assert_eq!(QuantParams::for_range(f32::NAN, f32::NAN), None);
        assert_eq!(QuantParams::for_range(f32::NEG_INFINITY, 1.0), None);
        assert_eq!(QuantParams::for_range(0.0, f32::MAX), None);
        assert_eq!(QuantParams::for_range(0.0, 1e-7), None);
    }
}
