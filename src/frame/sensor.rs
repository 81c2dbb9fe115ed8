//! What depth and infrared frames have in common: their errors, and the checks of what a host says
//! of its sensor.

use super::error::{FrameError, check_length, check_sides, check_stride};
use crate::error::{Coded, Status};
use crate::geom::Intrinsics;
use std::fmt;

/// How far the optical axis may lie from the middle of the picture, as a share of the side. Sensors
/// stay below a twentieth; swapped values, or those of another resolution, do not.
const AXIS_OFF_CENTRE: f32 = 0.1;

/// Focal lengths over the longer side: fields of view from 14 to 103 degrees.
const FOCAL_LENGTHS: [f32; 2] = [0.4, 4.0];

/// A depth or infrared frame that is refused.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SensorError {
    /// Size, stride or length.
    Layout(FrameError),
    /// No capture time was given: without one nothing can be matched with a colour frame.
    TimestampMissing,
    /// Millimetres a unit outside `0.01..=10`.
    Unit {
        /// What was passed.
        value: f32,
    },
    /// An intrinsic number that this size of picture cannot have.
    Intrinsic {
        /// "fx", "fy", "cx", "cy" or "fx / fy".
        name: &'static str,
        /// Its value; in pixels but for the ratio.
        value: f32,
        /// The least allowed.
        least: f32,
        /// The largest allowed.
        most: f32,
    },
    /// A sample of more bits than the format has: the bytes are in another format or order.
    Sample {
        /// Its column.
        x: u32,
        /// Its row.
        y: u32,
        /// Its value.
        value: u16,
        /// The largest value of the format.
        most: u16,
    },
}

impl fmt::Display for SensorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layout(error) => error.fmt(f),
            Self::TimestampMissing => f.write_str("the frame has no capture time"),
            Self::Unit { value } => {
                write!(f, "a unit of depth is {value} mm, allowed is 0.01 to 10")
            }
            Self::Intrinsic {
                name,
                value,
                least,
                most,
            } => write!(
                f,
                "{name} is {value}, a picture of this size allows {least} to {most}"
            ),
            Self::Sample { x, y, value, most } => write!(
                f,
                "the sample in column {x}, row {y} is {value}, the format ends at {most}"
            ),
        }
    }
}

impl std::error::Error for SensorError {}

impl From<FrameError> for SensorError {
    fn from(error: FrameError) -> Self {
        Self::Layout(error)
    }
}

impl Coded for SensorError {
    fn status(&self) -> Status {
        match self {
            Self::Layout(error) => error.status(),
            _ => Status::SensorFrameInvalid,
        }
    }
}

/// Checks one plane of samples of `sample_bytes` each.
pub(super) fn check_plane(
    (width, height): (u32, u32),
    sample_bytes: usize,
    stride: usize,
    bytes: &[u8],
) -> Result<(), FrameError> {
    check_sides(width, height)?;
    let least = width as usize * sample_bytes;
    check_stride(stride, least)?;
    check_length(bytes, stride * (height as usize - 1) + least)
}

/// Checks that a picture of this size can have these intrinsics.
pub(super) fn check_intrinsics(
    intrinsics: &Intrinsics,
    (width, height): (u32, u32),
) -> Result<(), SensorError> {
    let Intrinsics { fx, fy, cx, cy } = *intrinsics;
    let long = width.max(height) as f32;
    let focal = FOCAL_LENGTHS.map(|share| share * long);
    let around = |side: u32| {
        let side = side as f32;
        [
            side * (0.5 - AXIS_OFF_CENTRE),
            side * (0.5 + AXIS_OFF_CENTRE),
        ]
    };
    for (name, value, [least, most]) in [
        ("fx", fx, focal),
        ("fy", fy, focal),
        ("fx / fy", fx / fy, [0.9, 1.1]),
        ("cx", cx, around(width)),
        ("cy", cy, around(height)),
    ] {
        // Written so that no number is refused too.
        if !(least..=most).contains(&value) {
            return Err(SensorError::Intrinsic {
                name,
                value,
                least,
                most,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VGA: Intrinsics = Intrinsics {
        fx: 580.0,
        fy: 580.0,
        cx: 319.5,
        cy: 239.5,
    };

    fn refused(intrinsics: Intrinsics) -> String {
        check_intrinsics(&intrinsics, (640, 480))
            .expect_err("refused")
            .to_string()
    }

    #[test]
    fn mixed_up_intrinsics_are_refused_by_name() {
        assert_eq!(check_intrinsics(&VGA, (640, 480)), Ok(()));
        let Intrinsics { fx, fy, cx, cy } = VGA;
        let swapped = |fx, fy, cx, cy| refused(Intrinsics { fx, fy, cx, cy });
        assert!(swapped(cx, cy, fx, fy).contains("fy is 239.5"));
        assert!(swapped(fx, fy, cy, cx).contains("cx is 239.5"));
        assert!(swapped(fx, cx, fy, cy).contains("fx / fy is"));
        // Those of 1280 × 960 with a picture of 640 × 480.
        assert!(swapped(fx * 2.0, fy * 2.0, cx * 2.0, cy * 2.0).contains("cx is 639"));
        // Absent, in whatever way a host says so.
        assert!(swapped(0.0, 0.0, 0.0, 0.0).contains("fx is 0"));
        assert!(swapped(fx, fy, 0.0, 0.0).contains("cx is 0"));
        assert!(swapped(f32::NAN, fy, cx, cy).contains("fx is NaN"));
        assert!(swapped(fx, fy, cx, f32::INFINITY).contains("cy is inf"));
        assert!(swapped(-fx, -fy, cx, cy).contains("fx is -580"));
    }

    #[test]
    fn both_borders_of_every_intrinsic_number() {
        let moved = |change: fn(&mut Intrinsics, f32), value| {
            let mut moved = VGA;
            change(&mut moved, value);
            check_intrinsics(&moved, (640, 480)).is_ok()
        };
        let focal: fn(&mut Intrinsics, f32) = |i, v| (i.fx, i.fy) = (v, v);
        for (inside, outside) in [(256.0, 255.9), (2560.0, 2560.1)] {
            assert!(moved(focal, inside) && !moved(focal, outside));
        }
        for (inside, outside) in [(256.1, 255.9), (383.9, 384.1)] {
            assert!(moved(|i, v| i.cx = v, inside) && !moved(|i, v| i.cx = v, outside));
        }
        for (inside, outside) in [(192.1, 191.9), (287.9, 288.1)] {
            assert!(moved(|i, v| i.cy = v, inside) && !moved(|i, v| i.cy = v, outside));
        }
        for (inside, outside) in [(523.0, 521.0), (637.0, 639.0)] {
            assert!(moved(|i, v| i.fx = v, inside) && !moved(|i, v| i.fx = v, outside));
        }
    }
}
