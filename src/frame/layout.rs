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
    /// Y plane, then a U plane and a V plane at half resolution; their stride is half of Y's unless
    /// [`FrameLayout::u`] and [`FrameLayout::v`] say another. With a pixel stride of 2 these are the three
    /// planes of Android's `YUV_420_888` ([`FrameLayout::yuv_420_888`]).
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

    /// Whether chroma lies in planes of its own, at half resolution.
    pub(super) const fn has_chroma_planes(self) -> bool {
        matches!(self, Self::Nv12 | Self::Nv21 | Self::I420)
    }

    /// Whether the samples of U and V take turns in one plane.
    pub(super) const fn is_interleaved(self) -> bool {
        matches!(self, Self::Nv12 | Self::Nv21)
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

/// Where a plane of U or of V lies. What is 0 is as the format has it without padding.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct ChromaLayout {
    /// Bytes from the first byte of the frame to the first sample of the plane, in a frame of one
    /// buffer; 0: right behind what comes before it.
    pub offset: usize,
    /// Bytes from one row of the plane to the next.
    pub stride: usize,
    /// Bytes from one sample to the next, 1 to 4: 2 where U and V take turns.
    pub pixel_stride: usize,
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
    /// Rows from the start of the first plane to the next plane, `height..=16384`, where a driver
    /// rounds them up (1088 for 1080); 0: the height, and a buffer whose length fits another number is
    /// refused. The height itself says that the rest of a longer buffer is not the picture's.
    pub plane_rows: u32,
    /// The plane of U in NV21, NV12 and I420; what is 0 is as the format has it.
    pub u: ChromaLayout,
    /// The plane of V likewise.
    pub v: ChromaLayout,
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
            plane_rows: 0,
            u: ChromaLayout::default(),
            v: ChromaLayout::default(),
            orientation: Orientation::default(),
            yuv_range: YuvRange::default(),
            timestamp_us: 0,
        }
    }

    /// Android's `YUV_420_888`, for [`Frame::from_planes`](super::Frame::from_planes) with the three
    /// buffers of an `Image`: row strides of Y and of U and V, and the pixel stride of U and V, in bytes,
    /// as `Image.Plane` names them.
    #[must_use]
    pub fn yuv_420_888(
        (width, height): (u32, u32),
        y_row_stride: usize,
        chroma_row_stride: usize,
        chroma_pixel_stride: usize,
    ) -> Self {
        Self::packed(PixelFormat::I420, width, height)
            .with_stride(y_row_stride)
            .with_chroma_strides(chroma_row_stride, chroma_pixel_stride)
    }

    /// With a number of rows from the start of the first plane to the next plane, as drivers that
    /// align the height have it (Rockchip, HiSilicon, Qualcomm).
    #[must_use]
    pub fn with_plane_rows(self, plane_rows: u32) -> Self {
        Self { plane_rows, ..self }
    }

    /// With row and pixel strides of both chroma planes, in bytes; 0: as the format has them.
    #[must_use]
    pub fn with_chroma_strides(mut self, stride: usize, pixel_stride: usize) -> Self {
        for plane in [&mut self.u, &mut self.v] {
            (plane.stride, plane.pixel_stride) = (stride, pixel_stride);
        }
        self
    }

    /// With places of both chroma planes in a frame of one buffer: bytes from its first byte to the
    /// first sample of U and of V; 0: behind what comes before them.
    #[must_use]
    pub fn with_chroma_offsets(mut self, u: usize, v: usize) -> Self {
        (self.u.offset, self.v.offset) = (u, v);
        self
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

impl FrameLayout {
    /// Whether planes follow one another as the format has them, without a word about it.
    pub(super) fn says_nothing_of_planes(&self) -> bool {
        let silent = ChromaLayout::default();
        self.plane_rows == 0 && self.u == silent && self.v == silent
    }

    /// Samples of a chroma plane along both axes.
    pub(super) const fn chroma_size(&self) -> (u32, u32) {
        (self.width.div_ceil(2), self.height.div_ceil(2))
    }

    /// Where U and V lie, with what was left 0 filled in.
    pub(super) fn chroma(&self) -> [ChromaLayout; 2] {
        let interleaved = self.format.is_interleaved();
        let (stride, pixel_stride) = match interleaved {
            true => (self.stride, 2),
            false => (self.stride.div_ceil(2), 1),
        };
        let filled = |said: ChromaLayout| ChromaLayout {
            offset: said.offset,
            stride: or(said.stride, stride),
            pixel_stride: or(said.pixel_stride, pixel_stride),
        };
        let (mut u, mut v) = (filled(self.u), filled(self.v));
        let rows = or(self.plane_rows as usize, self.height as usize);
        let behind = self.stride * rows;
        // Saturating: an absurd offset or stride is refused once it meets the bytes.
        match self.format {
            PixelFormat::Nv12 => {
                u.offset = or(u.offset, behind);
                v.offset = or(v.offset, u.offset.saturating_add(1));
            }
            PixelFormat::Nv21 => {
                v.offset = or(v.offset, behind);
                u.offset = or(u.offset, v.offset.saturating_add(1));
            }
            _ => {
                u.offset = or(u.offset, behind);
                let plane = u.stride.saturating_mul(rows.div_ceil(2));
                v.offset = or(v.offset, u.offset.saturating_add(plane));
            }
        }
        [u, v]
    }
}

const fn or(said: usize, otherwise: usize) -> usize {
    if said == 0 { otherwise } else { said }
}
