use super::reader::{ReadRgb, with_reader};
use super::{Frame, FrameError, FrameLayout, PixelFormat};
use std::fmt;

/// Owned 8-bit RGB pixels without row padding.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct RgbImage {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl fmt::Debug for RgbImage {
    /// Its size; pixels are pictures of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RgbImage({} × {})", self.width, self.height)
    }
}

impl RgbImage {
    /// From interleaved RGB bytes, row by row.
    ///
    /// # Errors
    /// [`FrameError`] when the length does not fit the size.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, FrameError> {
        let layout = FrameLayout::packed(PixelFormat::Rgb8, width, height);
        Frame::new(layout, &pixels)?;
        let needed = layout.stride * height as usize;
        if pixels.len() != needed {
            return Err(FrameError::TooFewBytes {
                length: pixels.len(),
                needed,
            });
        }
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Interleaved RGB bytes.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Takes the bytes.
    #[must_use]
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Makes room for `width × height` pixels, keeping the allocation.
    pub(super) fn reset(&mut self, width: u32, height: u32) -> &mut [u8] {
        self.width = width;
        self.height = height;
        self.pixels.clear();
        self.pixels.resize(width as usize * height as usize * 3, 0);
        &mut self.pixels
    }
}

impl Frame<'_> {
    /// The stored pixels as RGB, without rotation or mirror.
    #[must_use]
    pub fn to_rgb(&self) -> RgbImage {
        let mut image = RgbImage::default();
        self.write_rgb(&mut image);
        image
    }

    /// The stored pixels of a square as RGB, without rotation or mirror, into an image whose
    /// allocation is reused. `None` where the square does not lie in the frame.
    pub fn copy_square(&self, left: u32, top: u32, side: u32, image: &mut RgbImage) -> Option<()> {
        let (width, height) = self.size();
        let fits = |from: u32, all: u32| from.checked_add(side).is_some_and(|end| end <= all);
        if side == 0 || !fits(left, width) || !fits(top, height) {
            return None;
        }
        let (left, top, side) = (left as usize, top as usize, side as usize);
        let rows = image
            .reset(side as u32, side as u32)
            .chunks_exact_mut(side * 3);
        with_reader!(self, reader => {
            for (y, row) in rows.enumerate() {
                for (x, pixel) in row.as_chunks_mut().0.iter_mut().enumerate() {
                    *pixel = reader.rgb(left + x, top + y);
                }
            }
        });
        Some(())
    }

    /// Like [`to_rgb`](Self::to_rgb) into an image whose allocation is reused.
    pub(super) fn write_rgb(&self, image: &mut RgbImage) {
        let (width, height) = self.size();
        let row_bytes = width as usize * 3;
        let rows = image.reset(width, height).chunks_exact_mut(row_bytes);
        with_reader!(self, reader => {
            for (y, row) in rows.enumerate() {
                for (x, pixel) in row.as_chunks_mut().0.iter_mut().enumerate() {
                    *pixel = reader.rgb(x, y);
                }
            }
        });
    }

    /// The bytes themselves when they already are tightly packed RGB.
    pub(super) fn packed_rgb(&self) -> Option<&[u8]> {
        let layout = self.layout();
        let row_bytes = layout.width as usize * 3;
        let packed = layout.format == PixelFormat::Rgb8 && layout.stride == row_bytes;
        packed.then(|| &self.planes.first[..row_bytes * layout.height as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::FrameLayout;

    #[test]
    fn a_square_is_the_same_part_of_the_whole_or_nothing() {
        let bytes: Vec<u8> = (0..8 * 6 * 3).map(|i| (i * 7) as u8).collect();
        let frame =
            Frame::new(FrameLayout::packed(PixelFormat::Bgr8, 8, 6), &bytes).expect("frame");
        let whole = frame.to_rgb();
        let mut square = RgbImage::default();
        assert_eq!(frame.copy_square(4, 2, 4, &mut square), Some(()));
        assert_eq!(square.size(), (4, 4));
        for (i, pixel) in square.pixels().chunks_exact(3).enumerate() {
            let at = ((2 + i / 4) * 8 + 4 + i % 4) * 3;
            assert_eq!(pixel, &whole.pixels()[at..at + 3]);
        }
        for (left, top, side) in [
            (5, 2, 4),
            (4, 3, 4),
            (0, 0, 0),
            (1, 0, u32::MAX),
            (u32::MAX, 0, 1),
        ] {
            assert_eq!(frame.copy_square(left, top, side, &mut square), None);
            assert_eq!(square.size(), (4, 4), "untouched");
        }
    }
}
