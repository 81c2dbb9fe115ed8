//! Tensors of bytes.
//!
//! Which operations may meet them:
//!
//! | operation | tensors of bytes |
//! |---|---|
//! | convolution | reads bytes where, and only where, its weights are quantised; writes bytes or f32; a residual only into bytes and of bytes; into bytes the activation is none, ReLU, clip or PReLU |
//! | max pool, resize by repetition, concat | all of one grid, or none |
//! | average pools, add of equal sizes (activation none, ReLU or clip) | all, each with a grid of its own, or none |
//! | convert | at least one |
//! | all others | none |
//!
//! What a quantised convolution keeps besides, so that every instruction set can sum it exactly:
//!
//! * Two neighbouring weights (input channels 2i and 2i + 1 of one window cell and output channel) of
//!   one sign sum to ±[`MAX_PAIR`] at most: AVX2 adds their products with bytes in 16 bits.
//!   Depthwise weights have no such neighbours.
//! * At most [`MAX_PRODUCTS`] products in a sum, and a bias of at most ±2^30 steps.

use std::ops::RangeInclusive;

/// Scales of tensors and weights in bytes.
pub const SCALES: RangeInclusive<f32> = 1e-9..=1e9;

/// Largest sum of two neighbouring weights of one sign: `255 × 128` fits in 16 bits with a sign.
pub const MAX_PAIR: i32 = 128;

/// Most products in one sum of a quantised convolution, `255 × 127` each.
pub const MAX_PRODUCTS: u64 = 32_768;

/// How bytes stand for numbers: `value = scale × (byte − zero)`.
///
/// A value between two bytes goes to the nearest, of two equally near to the even one; one outside
/// to the first or last byte.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The step from byte to byte, in [`SCALES`].
    pub scale: f32,
    /// The byte that stands for 0.
    pub zero: u8,
}

impl Grid {
    /// The byte for a value.
    #[must_use]
    pub fn byte(self, value: f32) -> u8 {
        // Times the reciprocal, as the kernels do: one of them has no division.
        let place = (value * (1.0 / self.scale)).round_ties_even() + f32::from(self.zero);
        // A float beyond the byte's range becomes its nearest end; NaN has no place and becomes 0.
        place as u8
    }

    /// The value of a byte.
    #[must_use]
    pub fn value(self, byte: u8) -> f32 {
        self.scale * f32::from(i16::from(byte) - i16::from(self.zero))
    }

    /// The finest grid that holds `low` to `high` and 0, exactly.
    ///
    /// `None` unless `low <= high` are finite and their distance gives a scale in [`SCALES`].
    #[must_use]
    pub fn spanning(low: f32, high: f32) -> Option<Self> {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let scale = (high - low) / 255.0;
        if !SCALES.contains(&scale) {
            return None;
        }
        Some(Self {
            scale,
            zero: (-low / scale).round_ties_even() as u8,
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
            let grid = Grid::spanning(low, high).unwrap();
            for byte in 0..=255 {
                assert_eq!(grid.byte(grid.value(byte)), byte, "{low} to {high}");
            }
            assert_eq!(grid.value(grid.zero), 0.0);
        }
    }

    #[test]
    fn what_lies_outside_goes_to_the_ends() {
        let grid = Grid::spanning(-1.0, 1.0).unwrap();
        assert_eq!((grid.byte(-9.0), grid.byte(9.0)), (0, 255));
        assert_eq!(grid.byte(f32::INFINITY), 255);
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        let grid = Grid {
            scale: 1.0,
            zero: 10,
        };
        assert_eq!(grid.byte(0.5), 10);
        assert_eq!(grid.byte(1.5), 12);
        assert_eq!(grid.byte(-0.5), 10);
        assert_eq!(grid.byte(-1.5), 8);
    }

    #[test]
    fn ranges_without_extent_have_no_grid() {
        assert_eq!(Grid::spanning(0.0, 0.0), None);
        assert_eq!(Grid::spanning(f32::NAN, f32::NAN), None);
        assert_eq!(Grid::spanning(f32::NEG_INFINITY, 1.0), None);
        assert_eq!(Grid::spanning(0.0, f32::MAX), None);
        assert_eq!(Grid::spanning(0.0, 1e-7), None);
    }
}
