//! One reader a pixel format, so that sampling loops are compiled for each.

use super::planes::Planes;
use super::{Frame, YuvRange};

/// Reads the colour of a stored pixel. `x` and `y` lie inside the frame.
pub(super) trait ReadRgb {
    fn rgb(&self, x: usize, y: usize) -> [u8; 3];
}

/// Runs `$body` with `$reader` bound to the reader of the frame's format.
macro_rules! with_reader {
    ($frame:expr, $reader:ident => $body:expr) => {{
        let frame: &$crate::frame::Frame<'_> = $frame;
        match frame.layout().format {
            $crate::frame::PixelFormat::Rgb8 => {
                let $reader = $crate::frame::reader::Packed::<3, 0, 1, 2>::new(frame);
                $body
            }
            $crate::frame::PixelFormat::Bgr8 => {
                let $reader = $crate::frame::reader::Packed::<3, 2, 1, 0>::new(frame);
                $body
            }
            $crate::frame::PixelFormat::Rgba8 => {
                let $reader = $crate::frame::reader::Packed::<4, 0, 1, 2>::new(frame);
                $body
            }
            $crate::frame::PixelFormat::Gray8 => {
                let $reader = $crate::frame::reader::Packed::<1, 0, 0, 0>::new(frame);
                $body
            }
            $crate::frame::PixelFormat::Yuyv => {
                let $reader = $crate::frame::reader::Yuyv::new(frame);
                $body
            }
            $crate::frame::PixelFormat::Nv21
            | $crate::frame::PixelFormat::Nv12
            | $crate::frame::PixelFormat::I420 => {
                let $reader = $crate::frame::reader::Yuv420::new(frame);
                $body
            }
        }
    }};
}
pub(super) use with_reader;

/// `STEP` bytes a pixel, with the offsets of red, green and blue.
pub(super) struct Packed<'a, const STEP: usize, const R: usize, const G: usize, const B: usize> {
    bytes: &'a [u8],
    stride: usize,
}

impl<'a, const STEP: usize, const R: usize, const G: usize, const B: usize>
    Packed<'a, STEP, R, G, B>
{
    pub(super) fn new(frame: &Frame<'a>) -> Self {
        Self {
            bytes: frame.planes.first,
            stride: frame.layout.stride,
        }
    }
}

impl<const STEP: usize, const R: usize, const G: usize, const B: usize> ReadRgb
    for Packed<'_, STEP, R, G, B>
{
    #[inline]
    fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let at = y * self.stride + x * STEP;
        let pixel = &self.bytes[at..at + STEP];
        [pixel[R], pixel[G], pixel[B]]
    }
}

/// A Y plane with chroma at half resolution, interleaved or in two planes.
pub(super) struct Yuv420<'a> {
    planes: Planes<'a>,
    stride: usize,
    range: YuvRange,
}

impl<'a> Yuv420<'a> {
    pub(super) fn new(frame: &Frame<'a>) -> Self {
        Self {
            planes: frame.planes,
            stride: frame.layout.stride,
            range: frame.layout.yuv_range,
        }
    }
}

impl ReadRgb for Yuv420<'_> {
    #[inline]
    fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let Planes { first, u, v } = &self.planes;
        yuv_to_rgb(
            first[y * self.stride + x],
            u.at(x / 2, y / 2),
            v.at(x / 2, y / 2),
            self.range,
        )
    }
}

/// Two pixels in four bytes.
pub(super) struct Yuyv<'a> {
    bytes: &'a [u8],
    stride: usize,
    range: YuvRange,
}

impl<'a> Yuyv<'a> {
    pub(super) fn new(frame: &Frame<'a>) -> Self {
        Self {
            bytes: frame.planes.first,
            stride: frame.layout.stride,
            range: frame.layout.yuv_range,
        }
    }
}

impl ReadRgb for Yuyv<'_> {
    #[inline]
    fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let at = y * self.stride + (x / 2) * 4;
        let pair = &self.bytes[at..at + 4];
        yuv_to_rgb(pair[(x % 2) * 2], pair[1], pair[3], self.range)
    }
}

/// ITU-R BT.601 in 16-bit fixed point, rounded.
#[inline]
fn yuv_to_rgb(y: u8, u: u8, v: u8, range: YuvRange) -> [u8; 3] {
    let (y, u, v) = (i32::from(y), i32::from(u) - 128, i32::from(v) - 128);
    let (luma, r_v, g_u, g_v, b_u) = match range {
        YuvRange::Limited => ((y - 16) * 76309, 104_597, 25_675, 53_279, 132_201),
        YuvRange::Full => (y * 65_536, 91_881, 22_554, 46_802, 116_130),
    };
    let to_byte = |value: i32| ((value + 32_768) >> 16).clamp(0, 255) as u8;
    [
        to_byte(luma + r_v * v),
        to_byte(luma - g_u * u - g_v * v),
        to_byte(luma + b_u * u),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameLayout, PixelFormat};

    #[test]
    fn bt601_golden_colours() {
        // Black, white, and pure red and blue of BT.601 video range.
        assert_eq!(yuv_to_rgb(16, 128, 128, YuvRange::Limited), [0, 0, 0]);
        assert_eq!(
            yuv_to_rgb(235, 128, 128, YuvRange::Limited),
            [255, 255, 255]
        );
        assert_eq!(yuv_to_rgb(81, 90, 240, YuvRange::Limited), [254, 0, 0]);
        assert_eq!(yuv_to_rgb(41, 240, 110, YuvRange::Limited), [0, 0, 255]);
        // The same of JPEG's full range.
        assert_eq!(yuv_to_rgb(76, 85, 255, YuvRange::Full), [254, 0, 0]);
        assert_eq!(yuv_to_rgb(255, 128, 128, YuvRange::Full), [255, 255, 255]);
    }

    fn read(layout: FrameLayout, bytes: &[u8], x: usize, y: usize) -> [u8; 3] {
        let frame = Frame::new(layout, bytes).expect("valid frame");
        with_reader!(&frame, reader => reader.rgb(x, y))
    }

    #[test]
    fn packed_formats_pick_their_bytes() {
        let bytes: Vec<u8> = (0..64).collect();
        let layout = |format| FrameLayout::packed(format, 2, 2).with_stride(10);
        assert_eq!(read(layout(PixelFormat::Rgb8), &bytes, 1, 1), [13, 14, 15]);
        assert_eq!(read(layout(PixelFormat::Bgr8), &bytes, 1, 1), [15, 14, 13]);
        assert_eq!(read(layout(PixelFormat::Rgba8), &bytes, 1, 1), [14, 15, 16]);
        assert_eq!(read(layout(PixelFormat::Gray8), &bytes, 1, 1), [11, 11, 11]);
    }

    #[test]
    fn chroma_planes_are_found_at_any_stride() {
        // 4×4, stride 6. Luma 81 everywhere; the bottom right chroma pair says red, others grey.
        let red = yuv_to_rgb(81, 90, 240, YuvRange::Limited);
        let grey = yuv_to_rgb(81, 128, 128, YuvRange::Limited);
        let mut nv12 = vec![81_u8; 24];
        nv12.extend([128, 128, 128, 128, 0, 0, 128, 128, 90, 240]);
        let mut nv21 = nv12.clone();
        nv21.swap(32, 33);
        let mut i420 = vec![81_u8; 24];
        i420.extend([128, 128, 0, 128, 90, 0, 128, 128, 0, 128, 240]);
        for (format, bytes) in [
            (PixelFormat::Nv12, nv12),
            (PixelFormat::Nv21, nv21),
            (PixelFormat::I420, i420),
        ] {
            let layout = FrameLayout::packed(format, 4, 4).with_stride(6);
            assert_eq!(read(layout, &bytes, 3, 3), red, "{format:?}");
            assert_eq!(read(layout, &bytes, 2, 2), red, "{format:?}");
            assert_eq!(read(layout, &bytes, 1, 3), grey, "{format:?}");
            assert_eq!(read(layout, &bytes, 3, 1), grey, "{format:?}");
        }
        let yuyv = [81, 90, 16, 240];
        let layout = FrameLayout::packed(PixelFormat::Yuyv, 2, 1);
        assert_eq!(read(layout, &yuyv, 0, 0), red);
        assert_eq!(
            read(layout, &yuyv, 1, 0),
            yuv_to_rgb(16, 90, 240, YuvRange::Limited)
        );
    }
}
