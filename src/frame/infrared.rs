//! Near-infrared pictures.

use super::sensor::{check_intrinsics, check_plane};
use super::{SensorError, View};
use crate::geom::{Intrinsics, Orientation};
use std::fmt;

/// How a sample of infrared light is encoded. Two bytes are little endian.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum InfraredFormat {
    /// One byte.
    Y8,
    /// Two bytes, of which the lower 10 bits count (V4L2's `Y10`).
    Y10,
    /// Two bytes.
    Y16,
}

impl InfraredFormat {
    /// Bytes a sample.
    #[must_use]
    pub const fn sample_bytes(self) -> usize {
        match self {
            Self::Y8 => 1,
            Self::Y10 | Self::Y16 => 2,
        }
    }

    /// The value of full light.
    #[must_use]
    pub const fn most(self) -> u16 {
        match self {
            Self::Y8 => 0xff,
            Self::Y10 => 0x3ff,
            Self::Y16 => 0xffff,
        }
    }
}

/// Whether the sensor's own light was on while a frame was exposed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Emitter {
    /// It was.
    On,
    /// It was not: the frame shows the room's light alone.
    Off,
    /// The driver does not say.
    Unknown,
}

/// Everything there is to know of an infrared frame's bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InfraredLayout {
    /// Encoding of a sample.
    pub format: InfraredFormat,
    /// Stored width in pixels, before any rotation.
    pub width: u32,
    /// Stored height in pixels, before any rotation.
    pub height: u32,
    /// Bytes from one row to the next.
    pub stride: usize,
    /// Whether the frame was lit.
    pub emitter: Emitter,
    /// The camera, in stored pixels, where it is known.
    pub intrinsics: Option<Intrinsics>,
    /// How the stored pixels become upright.
    pub orientation: Orientation,
    /// Monotonic capture time in microseconds, by the clock of the colour frames; not 0.
    pub timestamp_us: u64,
}

/// An infrared picture in borrowed bytes, checked once at construction.
#[derive(Clone, Copy)]
pub struct InfraredFrame<'a> {
    layout: InfraredLayout,
    bytes: &'a [u8],
}

impl<'a> InfraredFrame<'a> {
    /// Checks everything that the layout says, and for Y10 that no sample has more bits.
    ///
    /// # Errors
    /// [`SensorError`] with the offending value.
    pub fn new(layout: InfraredLayout, bytes: &'a [u8]) -> Result<Self, SensorError> {
        let size = (layout.width, layout.height);
        check_plane(size, layout.format.sample_bytes(), layout.stride, bytes)?;
        if let Some(intrinsics) = &layout.intrinsics {
            check_intrinsics(intrinsics, size)?;
        }
        if layout.timestamp_us == 0 {
            return Err(SensorError::TimestampMissing);
        }
        let frame = Self { layout, bytes };
        if layout.format == InfraredFormat::Y10 {
            frame.check_samples()?;
        }
        Ok(frame)
    }

    /// The checked layout.
    #[must_use]
    pub fn layout(&self) -> &InfraredLayout {
        &self.layout
    }

    /// Stored width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.layout.width, self.layout.height)
    }

    /// Its size and orientation.
    #[must_use]
    pub fn view(&self) -> View {
        View {
            size: self.size(),
            orientation: self.layout.orientation,
        }
    }

    /// Capture time in microseconds.
    #[must_use]
    pub fn timestamp_us(&self) -> u64 {
        self.layout.timestamp_us
    }

    /// The sample of a stored pixel, from 0 to the format's [`most`](InfraredFormat::most); `None`
    /// outside the picture.
    #[must_use]
    pub fn sample(&self, x: u32, y: u32) -> Option<u16> {
        if x >= self.layout.width || y >= self.layout.height {
            return None;
        }
        let step = self.layout.format.sample_bytes();
        let at = y as usize * self.layout.stride + x as usize * step;
        Some(match step {
            1 => u16::from(self.bytes[at]),
            _ => u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]),
        })
    }

    /// Refuses bytes that are packed, shifted up or of the other order.
    fn check_samples(&self) -> Result<(), SensorError> {
        let most = self.layout.format.most();
        let row_bytes = self.layout.width as usize * 2;
        for (y, row) in self.bytes.chunks(self.layout.stride).enumerate() {
            // What follows the last row is not the picture's.
            if y as u32 == self.layout.height {
                break;
            }
            let samples = row[..row_bytes].as_chunks::<2>().0;
            let all = samples
                .iter()
                .fold(0, |all, s| all | u16::from_le_bytes(*s));
            if all > most {
                let too_large = |s: &[u8; 2]| u16::from_le_bytes(*s) > most;
                let x = samples.iter().position(too_large).unwrap_or(0);
                return Err(SensorError::Sample {
                    x: x as u32,
                    y: y as u32,
                    value: u16::from_le_bytes(samples[x]),
                    most,
                });
            }
        }
        Ok(())
    }
}

impl fmt::Debug for InfraredFrame<'_> {
    /// Shows the layout and never the samples.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InfraredFrame")
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FrameError;

    fn layout(format: InfraredFormat) -> InfraredLayout {
        InfraredLayout {
            format,
            width: 3,
            height: 2,
            stride: 3 * format.sample_bytes() + 2,
            emitter: Emitter::On,
            intrinsics: None,
            orientation: Orientation::default(),
            timestamp_us: 1,
        }
    }

    fn samples(format: InfraredFormat, bytes: &[u8]) -> Vec<Option<u16>> {
        let frame = InfraredFrame::new(layout(format), bytes).expect("valid");
        (0..6).map(|i| frame.sample(i % 3, i / 3)).collect()
    }

    #[test]
    fn every_format_reads_its_bytes() {
        let eight: Vec<u8> = (0..8).collect();
        assert_eq!(
            samples(InfraredFormat::Y8, &eight),
            [0, 1, 2, 5, 6, 7].map(Some)
        );
        let sixteen: Vec<u8> = (0..14).collect();
        assert_eq!(
            samples(InfraredFormat::Y16, &sixteen),
            [0x0100, 0x0302, 0x0504, 0x0908, 0x0b0a, 0x0d0c].map(Some)
        );
        let mut ten = vec![0xff, 0x03, 0, 0, 1, 1, 0xee, 0xee];
        ten.extend([2, 0, 3, 0, 0xff, 0x03]);
        assert_eq!(
            samples(InfraredFormat::Y10, &ten),
            [1023, 0, 257, 2, 3, 1023].map(Some)
        );
    }

    #[test]
    fn ten_bits_in_another_order_are_refused() {
        let mut bytes = vec![0_u8; 14];
        // The padding behind a row is not looked at, nor is what follows the last row.
        bytes[6..8].fill(0xff);
        bytes.extend([0xff; 8]);
        assert!(InfraredFrame::new(layout(InfraredFormat::Y10), &bytes).is_ok());
        bytes[11] = 0x04;
        assert_eq!(
            InfraredFrame::new(layout(InfraredFormat::Y10), &bytes).err(),
            Some(SensorError::Sample {
                x: 1,
                y: 1,
                value: 1024,
                most: 1023
            })
        );
        assert!(InfraredFrame::new(layout(InfraredFormat::Y16), &bytes).is_ok());
    }

    #[test]
    fn a_missing_or_implausible_piece_is_refused_by_name() {
        let good = layout(InfraredFormat::Y8);
        let bytes = [9; 8];
        let refused = |layout: InfraredLayout, bytes: &[u8]| {
            InfraredFrame::new(layout, bytes).expect_err("refused")
        };
        assert!(InfraredFrame::new(good, &bytes).is_ok());
        let late = InfraredLayout {
            timestamp_us: 0,
            ..good
        };
        assert_eq!(refused(late, &bytes), SensorError::TimestampMissing);
        assert!(matches!(
            refused(good, &bytes[1..]),
            SensorError::Layout(FrameError::TooFewBytes {
                length: 7,
                needed: 8
            })
        ));
        let narrow = InfraredLayout { stride: 2, ..good };
        assert!(refused(narrow, &bytes).to_string().contains("stride is 2"));
        let two_bytes = InfraredLayout {
            format: InfraredFormat::Y16,
            ..good
        };
        assert!(
            refused(two_bytes, &bytes)
                .to_string()
                .contains("stride is 5")
        );
        let intrinsics = Some(Intrinsics {
            fx: 3.0,
            fy: 3.0,
            cx: 3.0,
            cy: 1.0,
        });
        let wrong = InfraredLayout { intrinsics, ..good };
        assert!(refused(wrong, &bytes).to_string().contains("cx is 3"));
    }
}
