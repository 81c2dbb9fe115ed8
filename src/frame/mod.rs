//! Pictures as the SDK sees them: borrowed bytes with a checked layout, and photographs decoded
//! into such bytes. Depth and infrared frames, how they lie to the colour frame, and which of them
//! belong together in time.

mod alignment;
mod depth;
mod encode;
mod error;
mod infrared;
mod layout;
mod letterbox;
mod opacity;
mod pair;
mod photo;
mod planes;
mod reader;
mod registration;
mod rgb;
mod sensor;
mod view;
mod warp;

pub use depth::{DepthFormat, DepthFrame, DepthLayout};
pub use error::{FrameError, MAX_FRAME_SIDE, OtherLayout};
pub use infrared::{Emitter, InfraredFormat, InfraredFrame, InfraredLayout};
pub use layout::{ChromaLayout, FrameLayout, PixelFormat, YuvRange};
pub use letterbox::{Letterbox, LetterboxScratch};
pub use pair::{FramePairer, FrameUnsynced, PairError, Paired, Stream};
pub use photo::{MjpgFrame, Photo, PhotoError, PhotoLimits};
pub use registration::{Registration, RegistrationError};
pub use rgb::RgbImage;
pub use sensor::SensorError;
pub use view::View;

use crate::geom::{Affine2, Orientation, Rect, Rotation};
use opacity::Opacity;
use planes::Planes;
use std::fmt;

/// A picture in borrowed bytes, checked once at construction.
///
/// Results of every stage are in *stored* pixels: the coordinates of the bytes as they were handed
/// in, before rotation and mirror.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    layout: FrameLayout,
    planes: Planes<'a>,
    /// Where a photograph is transparent; `None` where it is not, and for cameras.
    opacity: Option<&'a Opacity>,
}

impl<'a> Frame<'a> {
    /// A frame whose planes are all in `bytes`: checks that size, strides and length fit together.
    ///
    /// Where pairs of chroma come last, the very last byte may be missing, as in the buffers of Android's
    /// Camera2; its neighbour stands for it.
    ///
    /// # Errors
    /// [`FrameError`] with the offending value; [`FrameError::OtherLayout`] for a buffer that is longer
    /// than the layout by exactly as much as another alignment would make it.
    pub fn new(layout: FrameLayout, bytes: &'a [u8]) -> Result<Self, FrameError> {
        Planes::of_one_buffer(&layout, bytes).map(|planes| Self::of(layout, planes))
    }

    /// A frame whose planes are in buffers of their own: Y and the pairs of chroma for NV12 and NV21,
    /// or Y, U and V for those and I420. One buffer is as [`new`](Self::new).
    ///
    /// ```
    /// use vultus::{Frame, FrameLayout};
    ///
    /// // The planes of an `Image` of Camera2, whose U and V share memory and end one byte early.
    /// let (y, vu) = (vec![16_u8; 640 * 480], vec![128_u8; 640 * 240]);
    /// let (u, v) = (&vu[1..], &vu[..640 * 240 - 1]);
    /// let layout = FrameLayout::yuv_420_888((640, 480), 640, 640, 2);
    /// let frame = Frame::from_planes(layout, &[&y, u, v])?;
    /// # assert_eq!(frame.size(), (640, 480));
    /// # Ok::<(), vultus::frame::FrameError>(())
    /// ```
    ///
    /// # Errors
    /// [`FrameError`] with the plane and the offending value.
    pub fn from_planes(layout: FrameLayout, buffers: &[&'a [u8]]) -> Result<Self, FrameError> {
        Planes::of_buffers(&layout, buffers).map(|planes| Self::of(layout, planes))
    }

    fn of(layout: FrameLayout, planes: Planes<'a>) -> Self {
        Self {
            layout,
            planes,
            opacity: None,
        }
    }

    /// The same frame of a picture that is transparent in places.
    fn with_opacity(self, opacity: Option<&'a Opacity>) -> Self {
        Self { opacity, ..self }
    }

    /// The share of the pixels in a rectangle, in stored pixels, that were not fully opaque in the
    /// photograph, 0 to 1. What lies outside the picture does not count. A camera's frame has
    /// none: the fourth byte of its pixels, where there is one, means nothing.
    #[must_use]
    pub fn transparent_share(&self, rect: &Rect) -> f32 {
        self.opacity
            .map_or(0.0, |opacity| opacity.transparent_share(rect))
    }

    /// The checked layout.
    #[must_use]
    pub fn layout(&self) -> &FrameLayout {
        &self.layout
    }

    /// Stored width and height in pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.layout.width, self.layout.height)
    }

    /// Width and height of the upright picture in pixels.
    #[must_use]
    pub fn upright_size(&self) -> (u32, u32) {
        self.layout.orientation.upright_size(self.size())
    }

    /// How the stored pixels become upright.
    #[must_use]
    pub fn orientation(&self) -> Orientation {
        self.layout.orientation
    }

    /// Its size and orientation.
    #[must_use]
    pub fn view(&self) -> View {
        View {
            size: self.size(),
            orientation: self.orientation(),
        }
    }

    /// Brings upright coordinates to stored ones.
    #[must_use]
    pub fn upright_to_stored(&self) -> Affine2 {
        self.orientation().upright_to_stored(self.size())
    }

    /// Brings stored coordinates to upright ones.
    #[must_use]
    pub fn stored_to_upright(&self) -> Affine2 {
        self.upright_to_stored()
            .inverse()
            .expect("turns and flips can be undone")
    }

    /// The same bytes with one more clockwise turn of the upright picture.
    #[must_use]
    pub fn turned(&self, more: Rotation) -> Self {
        let mut turned = *self;
        turned.layout.orientation = self.layout.orientation.turned(more);
        turned
    }
}

impl fmt::Debug for Frame<'_> {
    /// Shows the layout and never the pixels.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("layout", &self.layout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_length_passes_and_one_byte_less_is_refused() {
        for format in PixelFormat::ALL {
            for (width, height) in [(1, 1), (2, 3), (5, 4), (64, 48)] {
                for padding in [0, 6] {
                    let stride = format.min_stride(width) + padding;
                    let layout = FrameLayout::packed(format, width, height).with_stride(stride);
                    let needed = format.min_bytes(width, height, stride);
                    let bytes = vec![0; needed];
                    assert!(Frame::new(layout, &bytes).is_ok(), "{layout:?}");
                    // The last sample of a pair has a neighbour where there are two pairs.
                    let may_lack = usize::from(format.is_interleaved() && width > 2);
                    assert!(Frame::new(layout, &bytes[may_lack..]).is_ok(), "{layout:?}");
                    assert_eq!(
                        Frame::new(layout, &bytes[1 + may_lack..]).err(),
                        Some(FrameError::TooFewBytes {
                            length: needed - 1 - may_lack,
                            needed
                        })
                    );
                }
            }
        }
    }

    #[test]
    fn packed_sizes_are_the_textbook_ones() {
        let bytes = |format: PixelFormat| format.min_bytes(640, 480, format.min_stride(640));
        assert_eq!(bytes(PixelFormat::Rgb8), 640 * 480 * 3);
        assert_eq!(bytes(PixelFormat::Rgba8), 640 * 480 * 4);
        assert_eq!(bytes(PixelFormat::Gray8), 640 * 480);
        for yuv420 in [PixelFormat::Nv21, PixelFormat::Nv12, PixelFormat::I420] {
            assert_eq!(bytes(yuv420), 640 * 480 * 3 / 2);
        }
        assert_eq!(bytes(PixelFormat::Yuyv), 640 * 480 * 2);
    }

    #[test]
    fn absurd_sides_and_strides_are_refused_by_name() {
        let layout = FrameLayout::packed(PixelFormat::Rgb8, 8, 8);
        let bytes = [0; 192];
        let refused =
            |layout: FrameLayout| Frame::new(layout, &bytes).expect_err("refused").to_string();
        assert!(refused(FrameLayout { width: 0, ..layout }).contains("width is 0"));
        assert!(
            refused(FrameLayout {
                height: 8193,
                ..layout
            })
            .contains("height is 8193")
        );
        let huge = FrameLayout::packed(PixelFormat::Rgba8, u32::MAX, u32::MAX);
        assert!(refused(huge).contains("width is 4294967295"));
        assert!(RgbImage::new(u32::MAX, u32::MAX, vec![]).is_err());
        assert!(refused(layout.with_stride(23)).contains("stride is 23"));
        assert!(refused(layout.with_stride(usize::MAX)).contains("stride is"));
    }
}
