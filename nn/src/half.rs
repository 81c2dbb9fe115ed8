//! Half precision (IEEE 754 binary16), exactly or not at all.

/// The half with the same value, `None` where there is none, and for what is no finite number.
pub(crate) fn from_single(value: f32) -> Option<u16> {
    let bits = value.to_bits();
    let sign = (bits >> 16) as u16 & 0x8000;
    let exponent = (bits >> 23 & 0xff) as i32 - 127;
    let fraction = bits & 0x7f_ffff;
    if bits << 1 == 0 {
        return Some(sign);
    }
    // Bits of the fraction that a half does not have: 13, and below its normal range one more
    // for each halving.
    let (drop, code) = match exponent {
        -14..=15 => (13, ((exponent + 15) as u32) << 10 | fraction >> 13),
        -24..=-15 => {
            let drop = (-1 - exponent) as u32;
            (drop, (fraction | 0x80_0000) >> drop)
        }
        _ => return None,
    };
    let whole = (fraction | 0x80_0000).trailing_zeros() >= drop;
    whole.then_some(sign | code as u16)
}

/// The value of a half; infinities and what is no number stay so.
pub(crate) fn to_single(half: u16) -> f32 {
    let sign = u32::from(half & 0x8000) << 16;
    let exponent = u32::from(half >> 10 & 0x1f);
    let fraction = u32::from(half & 0x3ff);
    let size = match exponent {
        // A multiple of 2^-24, which a single holds exactly.
        0 => (fraction as f32 / 16_777_216.0).to_bits(),
        31 => 0xff << 23 | fraction << 13,
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits(sign | size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_survives() {
        for half in 0..=u16::MAX {
            let value = to_single(half);
            let expected = value.is_finite().then_some(half);
            assert_eq!(from_single(value), expected, "{half:04x} {value}");
        }
    }

    #[test]
    fn halves_have_the_values_of_the_standard() {
        let values = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x0400, 6.103_515_6e-5),
            (0x3555, 0.333_251_95),
        ];
        for (half, value) in values {
            assert_eq!(to_single(half), value);
        }
        assert!(to_single(0x7e00).is_nan());
        assert_eq!(to_single(0xfc00), f32::NEG_INFINITY);
    }

    #[test]
    fn what_a_half_cannot_hold_has_none() {
        for value in [
            0.1,
            1.0 + f32::EPSILON,
            65520.0,
            2.0_f32.powi(-25),
            f32::MAX,
        ] {
            assert_eq!(from_single(value), None, "{value}");
            assert_eq!(from_single(-value), None, "{value}");
        }
        // Between two halves below the normal range.
        assert_eq!(from_single(3.0 * 2.0_f32.powi(-25)), None);
    }
}
