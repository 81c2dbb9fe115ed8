use crate::geom::{Orientation, Rotation};

/// How the bytes of a frame encode pixels. YUV is BT.601.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PixelFormat {
    /// 3 bytes a pixel: R, G, B.
    Rgb8,
    /// 3 bytes a pixel: B, G, R.
    Bgr8,
    /// 4 bytes a pixel: R, G, B, and one that is ignored. A picture with alpha is none: put it in
    /// front of white first, or what its viewers never see is looked at.
    Rgba8,
    /// 1 byte a pixel.
    Gray8,
    /// Y plane, then one plane of V, U pairs at half resolution (Android's camera default).
    Nv21,
    /// Y plane, then one plane of U, V pairs at half resolution.
    Nv12,
    /// Y plane, then a U plane and a V plane at half resolution; their stride is half of Y's.
    I420,
    /// 4 bytes for two pixels side by side: Y0, U, Y1, V.
    Yuyv,
}

impl PixelFormat {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Rgb8,
        Self::Bgr8,
        Self::Rgba8,
        Self::Gray8,
        Self::Nv21,
        Self::Nv12,
        Self::I420,
        Self::Yuyv,
    ];

    /// Bytes that one row of `width` pixels needs in the first plane, which is the least stride.
    ///
    /// Where the chroma of two pixels is a pair of bytes, an odd width counts as the next even
    /// one, because the row of pairs has to fit the stride. Absurd widths saturate and are refused
    /// by [`Frame::new`](super::Frame::new).
    #[must_use]
    pub const fn min_stride(self, width: u32) -> usize {
        let width = width as usize;
        let even = width.saturating_add(width % 2);
        match self {
            Self::Rgb8 | Self::Bgr8 => width.saturating_mul(3),
            Self::Rgba8 => width.saturating_mul(4),
            Self::Gray8 | Self::I420 => width,
            Self::Nv21 | Self::Nv12 => even,
            Self::Yuyv => even.saturating_mul(2),
        }
    }

    /// Bytes that a frame needs. The last row of a plane may stop after its pixels.
    pub(super) const fn min_bytes(self, width: u32, height: u32, stride: usize) -> usize {
        let rows = height as usize;
        let chroma_rows = rows.div_ceil(2);
        let chroma_width = (width as usize).div_ceil(2);
        match self {
            Self::Rgb8 | Self::Bgr8 | Self::Rgba8 | Self::Gray8 | Self::Yuyv => {
                stride * (rows - 1) + self.min_stride(width)
            }
            Self::Nv21 | Self::Nv12 => stride * (rows + chroma_rows - 1) + chroma_width * 2,
            Self::I420 => {
                let chroma_stride = stride.div_ceil(2);
                stride * rows + chroma_stride * (2 * chroma_rows - 1) + chroma_width
            }
        }
    }
}

/// Which luma values mean black and white in a YUV frame.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum YuvRange {
    /// 16 is black and 235 white: video, most cameras, OpenCV and libyuv.
    #[default]
    Limited,
    /// 0 is black and 255 white: JPEG.
    Full,
}

/// Everything there is to know about a frame's bytes.
///
/// Start from [`packed`](Self::packed) and change what differs; [`Frame::new`](super::Frame::new)
/// checks the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameLayout {
    /// Encoding of the pixels.
    pub format: PixelFormat,
    /// Stored width in pixels, before any rotation.
    pub width: u32,
    /// Stored height in pixels, before any rotation.
    pub height: u32,
    /// Bytes from one row of the first plane to the next.
    pub stride: usize,
    /// How the stored pixels become upright.
    pub orientation: Orientation,
    /// Luma range; ignored by formats that are not YUV.
    pub yuv_range: YuvRange,
    /// Monotonic capture time in microseconds; 0 where there is none.
    pub timestamp_us: u64,
}

impl FrameLayout {
    /// Rows without padding, upright, not mirrored, limited range.
    #[must_use]
    pub fn packed(format: PixelFormat, width: u32, height: u32) -> Self {
        Self {
            format,
            width,
            height,
            stride: format.min_stride(width),
            orientation: Orientation::default(),
            yuv_range: YuvRange::default(),
            timestamp_us: 0,
        }
    }

    /// With another row stride in bytes.
    #[must_use]
    pub fn with_stride(self, stride: usize) -> Self {
        Self { stride, ..self }
    }

    /// With a clockwise turn that makes the stored pixels upright.
    #[must_use]
    pub fn with_rotation(mut self, rotation: Rotation) -> Self {
        self.orientation.rotation = rotation;
        self
    }

    /// With a left-to-right flip after the turn.
    #[must_use]
    pub fn with_mirror(mut self, mirror: bool) -> Self {
        self.orientation.mirror = mirror;
        self
    }

    /// With another luma range.
    #[must_use]
    pub fn with_yuv_range(self, yuv_range: YuvRange) -> Self {
        Self { yuv_range, ..self }
    }

    /// With a capture time in microseconds.
    #[must_use]
    pub fn with_timestamp_us(self, timestamp_us: u64) -> Self {
        Self {
            timestamp_us,
            ..self
        }
    }
}
