//! Depth pictures.

use super::sensor::{check_intrinsics, check_plane};
use super::{SensorError, View};
use crate::geom::{Intrinsics, Orientation, Point, Point3};
use std::fmt;

/// Least confidence of a DEPTH16 sample that counts, of 7 steps: half.
const LEAST_CONFIDENCE: u16 = 4;

/// Longest side of the window that [`DepthFrame::median_mm`] takes, in pixels.
const MAX_WINDOW: usize = 15;

/// How a sample of depth is encoded: 16 bits, little endian, 0 is no measurement.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum DepthFormat {
    /// All 16 bits are distance along the optical axis, in the layout's unit (V4L2's `Z16`,
    /// RealSense, OpenNI, Orbbec).
    Z16,
    /// Android's `DEPTH16`: 13 bits of distance, above them 3 of confidence, of which 0 means
    /// certain, 1 no confidence at all and 7 six sevenths. Below a half a sample counts as none.
    Depth16,
}

/// Everything there is to know of a depth frame's bytes. All of it has to be said: a wrong unit or
/// focal length makes a face of a photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthLayout {
    /// Encoding of a sample.
    pub format: DepthFormat,
    /// Stored width in pixels, before any rotation.
    pub width: u32,
    /// Stored height in pixels, before any rotation.
    pub height: u32,
    /// Bytes from one row to the next.
    pub stride: usize,
    /// Millimetres a unit, `0.01..=10`; 1 for DEPTH16.
    pub unit_mm: f32,
    /// The camera, in stored pixels.
    pub intrinsics: Intrinsics,
    /// How the stored pixels become upright.
    pub orientation: Orientation,
    /// Monotonic capture time in microseconds, by the clock of the colour frames; not 0.
    pub timestamp_us: u64,
}

/// A depth picture in borrowed bytes, checked once at construction.
#[derive(Clone, Copy)]
pub struct DepthFrame<'a> {
    layout: DepthLayout,
    bytes: &'a [u8],
}

impl<'a> DepthFrame<'a> {
    /// Checks everything that the layout says.
    ///
    /// # Errors
    /// [`SensorError`] with the offending value.
    pub fn new(layout: DepthLayout, bytes: &'a [u8]) -> Result<Self, SensorError> {
        let size = (layout.width, layout.height);
        check_plane(size, 2, layout.stride, bytes)?;
        if !(0.01..=10.0).contains(&layout.unit_mm) {
            return Err(SensorError::Unit {
                value: layout.unit_mm,
            });
        }
        check_intrinsics(&layout.intrinsics, size)?;
        if layout.timestamp_us == 0 {
            return Err(SensorError::TimestampMissing);
        }
        Ok(Self { layout, bytes })
    }

    /// The checked layout.
    #[must_use]
    pub fn layout(&self) -> &DepthLayout {
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

    /// The 16 bits of a stored pixel as they came; `None` outside the picture.
    #[must_use]
    pub fn raw(&self, x: u32, y: u32) -> Option<u16> {
        if x >= self.layout.width || y >= self.layout.height {
            return None;
        }
        let at = y as usize * self.layout.stride + x as usize * 2;
        Some(u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]))
    }

    /// Distance along the optical axis in millimetres; `None` where nothing was measured, with too
    /// little confidence, and outside the picture.
    #[must_use]
    pub fn mm(&self, x: u32, y: u32) -> Option<f32> {
        let raw = self.raw(x, y)?;
        let units = match self.layout.format {
            DepthFormat::Z16 => raw,
            DepthFormat::Depth16 => {
                let confidence = raw >> 13;
                // 0 is certain; n above it is (n - 1) sevenths.
                if confidence != 0 && confidence - 1 < LEAST_CONFIDENCE {
                    return None;
                }
                raw & 0x1fff
            }
        };
        (units != 0).then(|| f32::from(units) * self.layout.unit_mm)
    }

    /// The median of what was measured within `radius` pixels (at most 7) around a point in stored
    /// pixels, along both axes; `None` unless at least a third of the window was measured.
    #[must_use]
    pub fn median_mm(&self, around: Point, radius: u32) -> Option<f32> {
        let radius = i64::from(radius.min(MAX_WINDOW as u32 / 2));
        if !around.is_finite() {
            return None;
        }
        // Through 32 bits, so that nothing overflows however far away the point lies.
        let [column, row] = [around.x, around.y].map(|v| i64::from(v.floor() as i32));
        let mut window = [0.0_f32; MAX_WINDOW * MAX_WINDOW];
        let mut count = 0;
        for y in row - radius..=row + radius {
            for x in column - radius..=column + radius {
                let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
                    continue;
                };
                if let Some(mm) = self.mm(x, y) {
                    window[count] = mm;
                    count += 1;
                }
            }
        }
        let side = (2 * radius + 1) as usize;
        if count * 3 < side * side {
            return None;
        }
        let (_, median, _) = window[..count].select_nth_unstable_by(count / 2, f32::total_cmp);
        Some(*median)
    }

    /// The point in space, along the camera's stored axes, that is seen in a stored pixel's place
    /// at a distance.
    #[must_use]
    pub fn point(&self, seen: Point, mm: f32) -> Point3 {
        self.layout.intrinsics.unproject(seen, mm)
    }
}

impl fmt::Debug for DepthFrame<'_> {
    /// Shows the layout and never the samples.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DepthFrame")
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FrameError;
    use proptest::prelude::*;

    fn layout(format: DepthFormat) -> DepthLayout {
        DepthLayout {
            format,
            width: 4,
            height: 3,
            stride: 8,
            unit_mm: 1.0,
            intrinsics: Intrinsics {
                fx: 4.0,
                fy: 4.0,
                cx: 2.0,
                cy: 1.5,
            },
            orientation: Orientation::default(),
            timestamp_us: 1,
        }
    }

    fn bytes(samples: [u16; 12]) -> Vec<u8> {
        samples.iter().flat_map(|s| s.to_le_bytes()).collect()
    }

    #[test]
    fn a_missing_or_implausible_piece_is_refused_by_name() {
        let good = layout(DepthFormat::Z16);
        let bytes = bytes([500; 12]);
        let refused = |layout, bytes: &[u8]| DepthFrame::new(layout, bytes).expect_err("refused");
        assert!(DepthFrame::new(good, &bytes).is_ok());
        for bad in [0.0, 0.009, 10.1, -1.0, 1000.0, f32::NAN, f32::INFINITY] {
            let wrong = DepthLayout {
                unit_mm: bad,
                ..good
            };
            assert!(refused(wrong, &bytes).to_string().contains("unit"), "{bad}");
        }
        for fine in [0.01, 0.1, 1.0, 10.0] {
            let right = DepthLayout {
                unit_mm: fine,
                ..good
            };
            assert!(DepthFrame::new(right, &bytes).is_ok(), "{fine}");
        }
        let late = DepthLayout {
            timestamp_us: 0,
            ..good
        };
        assert_eq!(refused(late, &bytes), SensorError::TimestampMissing);
        let mut blind = good;
        blind.intrinsics.fx = 0.0;
        assert!(refused(blind, &bytes).to_string().starts_with("fx is 0"));
        assert_eq!(
            refused(good, &bytes[1..]),
            SensorError::Layout(FrameError::TooFewBytes {
                length: 23,
                needed: 24
            })
        );
        // A stride in pixels where bytes are asked for.
        let pixels = DepthLayout { stride: 4, ..good };
        assert!(refused(pixels, &bytes).to_string().contains("stride is 4"));
        for (width, height) in [(0, 3), (4, 0), (8193, 3), (u32::MAX, u32::MAX)] {
            let wrong = DepthLayout {
                width,
                height,
                ..good
            };
            assert!(matches!(
                refused(wrong, &bytes),
                SensorError::Layout(FrameError::Side { .. })
            ));
        }
    }

    #[test]
    fn z16_is_units_and_nothing_is_none() {
        let bytes = bytes([0, 1, 500, 65_535, 0, 0, 0, 0, 0, 0, 0, 7]);
        let quarter = DepthLayout {
            unit_mm: 0.25,
            ..layout(DepthFormat::Z16)
        };
        let frame = DepthFrame::new(quarter, &bytes).expect("valid");
        let row: Vec<_> = (0..4).map(|x| frame.mm(x, 0)).collect();
        assert_eq!(row, [None, Some(0.25), Some(125.0), Some(16_383.75)]);
        assert_eq!(frame.mm(3, 2), Some(1.75));
        assert_eq!((frame.mm(4, 0), frame.mm(0, 3)), (None, None));
        assert_eq!(frame.mm(u32::MAX, u32::MAX), None);
    }

    #[test]
    fn depth16_has_its_confidence_in_the_top_bits() {
        let mm = 500_u16;
        let with = |confidence: u16| confidence << 13 | mm;
        let mut samples = [0; 12];
        for (confidence, sample) in samples.iter_mut().take(8).enumerate() {
            *sample = with(confidence as u16);
        }
        samples[8] = 7 << 13;
        let bytes = bytes(samples);
        let frame = DepthFrame::new(layout(DepthFormat::Depth16), &bytes).expect("valid");
        let seen: Vec<_> = (0..9).map(|i| frame.mm(i % 4, i / 4).is_some()).collect();
        assert_eq!(
            seen,
            [true, false, false, false, false, true, true, true, false]
        );
        assert_eq!(frame.mm(1, 1), Some(500.0));
        // The same bytes as Z16 are metres away wherever a confidence was given.
        let wrong = DepthFrame::new(layout(DepthFormat::Z16), &bytes).expect("valid");
        assert_eq!(wrong.mm(1, 1), Some(500.0 + 5.0 * 8192.0));
    }

    #[test]
    fn the_median_ignores_holes_and_knows_when_it_has_too_little() {
        let bytes = bytes([0, 500, 510, 0, 0, 520, 9_000, 0, 0, 0, 0, 0]);
        let frame = DepthFrame::new(layout(DepthFormat::Z16), &bytes).expect("valid");
        let at = |x, y, radius| frame.median_mm(Point::new(x, y), radius);
        assert_eq!(at(1.5, 1.5, 1), Some(520.0));
        assert_eq!(at(0.5, 1.5, 1), None);
        assert_eq!(at(1.5, 0.5, 0), Some(500.0));
        assert_eq!(at(f32::NAN, 0.5, 1), None);
        assert_eq!(at(-1e30, 1e30, 7), None);
    }

    proptest! {
        #[test]
        fn no_layout_and_no_place_reaches_outside_the_bytes(
            width in 0_u32..70, height in 0_u32..70, stride in 0_usize..200, length in 0_usize..9000,
            x in any::<f32>(), y in any::<f32>(), radius in any::<u32>(),
        ) {
            let intrinsics = Intrinsics {
                fx: width.max(height) as f32,
                fy: width.max(height) as f32,
                cx: width as f32 / 2.0,
                cy: height as f32 / 2.0,
            };
            let layout = DepthLayout { width, height, stride, intrinsics, ..layout(DepthFormat::Depth16) };
            let bytes = vec![0x51; length];
            if let Ok(frame) = DepthFrame::new(layout, &bytes) {
                prop_assert!(frame.raw(width - 1, height - 1).is_some());
                let _ = frame.median_mm(Point::new(x, y), radius);
                prop_assert_eq!(frame.median_mm(Point::new(width as f32 * 2.0 + 9.0, 0.0), 7), None);
            }
        }
    }
}
