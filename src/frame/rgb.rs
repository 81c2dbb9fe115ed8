use super::reader::{ReadRgb, with_reader};
use super::{Frame, FrameError, FrameLayout, PixelFormat};

/// Owned 8-bit RGB pixels without row padding.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct RgbImage {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
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
        packed.then(|| &self.bytes[..row_bytes * layout.height as usize])
    }
}
