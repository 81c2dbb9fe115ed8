//! Colour and grey frames.

use super::orientation::orientation;
use crate::fence::fence;
use crate::misuse::Misuse;
use crate::pod::{self, OutStruct, pod};
use crate::pointer::lent;
use crate::strings::vultus_bytes;
use vultus::error::Result;
use vultus::frame::{ChromaLayout, Frame, FrameLayout, PixelFormat, YuvRange};

/// 3 bytes a pixel: R, G, B.
pub const VULTUS_FORMAT_RGB8: u32 = 1;
/// 3 bytes a pixel: B, G, R.
pub const VULTUS_FORMAT_BGR8: u32 = 2;
/// 4 bytes a pixel: R, G, B, and one that is ignored. A picture with alpha is none: put it in front of white first.
pub const VULTUS_FORMAT_RGBA8: u32 = 3;
/// 1 byte a pixel.
pub const VULTUS_FORMAT_GRAY8: u32 = 4;
/// A plane of Y, then one of V, U pairs at half resolution: Android's cameras.
pub const VULTUS_FORMAT_NV21: u32 = 5;
/// A plane of Y, then one of U, V pairs at half resolution: most video decoders, HiSilicon's VI.
pub const VULTUS_FORMAT_NV12: u32 = 6;
/// A plane of Y, then one of U and one of V at half resolution, whose stride is half of Y's unless `u` and `v` say
/// another. With a pixel stride of 2 these are the three planes of Android's YUV_420_888.
pub const VULTUS_FORMAT_I420: u32 = 7;
/// 4 bytes for two pixels side by side: Y0, U, Y1, V: USB cameras.
pub const VULTUS_FORMAT_YUYV: u32 = 8;

/// Luma 16 is black and 235 white: video, and most cameras.
pub const VULTUS_YUV_LIMITED: u32 = 1;
/// Luma 0 is black and 255 white: JPEG.
pub const VULTUS_YUV_FULL: u32 = 2;

/// Where a plane of U, V, or their pairs lies. What is NULL or 0 is as the format has it without padding.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_plane {
    /// The first sample of the plane; NULL: it lies in the frame's `data`, behind what comes before it.
    pub data: *const u8,
    /// How many bytes there are from there on; 0 where `data` is NULL.
    pub length: usize,
    /// Bytes from one row of the plane to the next, at most 32768.
    pub stride: u32,
    /// Bytes from one sample to the next, 1 to 4: 2 where U and V take turns.
    pub pixel_stride: u32,
}

impl vultus_plane {
    const NONE: Self = Self {
        data: std::ptr::null(),
        length: 0,
        stride: 0,
        pixel_stride: 0,
    };

    fn layout(&self) -> ChromaLayout {
        ChromaLayout {
            offset: 0,
            stride: self.stride as usize,
            pixel_stride: self.pixel_stride as usize,
        }
    }

    /// The bytes, where the plane has its own.
    ///
    /// # Safety
    /// As of `lent`.
    unsafe fn bytes<'a>(&self, name: &'static str) -> Result<Option<&'a [u8]>> {
        if self.data.is_null() && self.length == 0 {
            return Ok(None);
        }
        // SAFETY: as asked of the caller.
        unsafe { lent(self.data, self.length, name).map(Some) }
    }
}

/// A colour or grey picture in bytes that the caller lends for one call.
///
/// `vultus_frame_packed` fills everything in for rows without padding; change what differs. Results are in
/// the coordinates of the stored bytes, before rotation and mirror.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_frame {
    /// `sizeof(vultus_frame)`.
    pub struct_size: u32,
    /// VULTUS_FORMAT_*.
    pub format: u32,
    /// Stored width in pixels, before any rotation: 1 to 8192.
    pub width: u32,
    /// Stored height in pixels, before any rotation: 1 to 8192.
    pub height: u32,
    /// Bytes from one row of the first plane to the next.
    pub stride: u32,
    /// Degrees by which the stored picture is turned clockwise to stand upright: 0, 90, 180 or 270.
    pub rotation: u32,
    /// 1 when the picture is then flipped left to right, as front cameras' previews are; else 0.
    pub mirror: u32,
    /// VULTUS_YUV_LIMITED or VULTUS_YUV_FULL, also where the format is not YUV and it changes nothing.
    pub yuv_range: u32,
    /// Monotonic capture time in microseconds; 0 where there is none.
    pub timestamp_us: u64,
    /// The first byte of the first plane; the planes follow one another unless `u` and `v` say where they are.
    pub data: *const u8,
    /// How many bytes there are.
    pub data_length: usize,
    /// Rows from the start of the first plane to the next plane where a driver rounds them up (1088 for 1080):
    /// `height` to 16384. 0: the height, and a buffer whose length fits another number exactly is refused; the
    /// height itself says that the rest of a longer buffer is not the picture's.
    pub plane_rows: u32,
    /// 0.
    pub reserved: u32,
    /// The plane of U of NV21, NV12 and I420; with a NULL `v.data`, the plane of the pairs of NV21 and NV12.
    pub u: vultus_plane,
    /// The plane of V.
    pub v: vultus_plane,
}
pod!(vultus_frame grown at plane_rows {
    format: 0,
    width: 0,
    height: 0,
    stride: 0,
    rotation: 0,
    mirror: 0,
    yuv_range: VULTUS_YUV_LIMITED,
    timestamp_us: 0,
    data: std::ptr::null(),
    data_length: 0,
    plane_rows: 0,
    reserved: 0,
    u: vultus_plane::NONE,
    v: vultus_plane::NONE,
});

/// Describes a picture whose rows have no padding, which stands upright and is not mirrored. YUV is of
/// limited range. Only the struct is filled in: the bytes are read by the calls that use the frame.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a format that does not exist;
/// VULTUS_ERROR_FRAME_LAYOUT_INVALID where size and length do not fit together.
///
/// ```c
/// vultus_frame frame = {0};
/// frame.struct_size = sizeof frame;
/// vultus_bytes bytes = { nv21, 1280 * 720 * 3 / 2 };
/// code = vultus_frame_packed(VULTUS_FORMAT_NV21, 1280, 720, bytes, &frame);
/// frame.rotation = 270;
/// frame.mirror = 1;
/// ```
///
/// Planes in buffers of their own, here those of Android's `AImage_getPlaneData`: fill the struct in by hand.
///
/// ```c
/// vultus_frame camera = { .struct_size = sizeof camera, .format = VULTUS_FORMAT_I420, .width = 1280, .height = 720 };
/// camera.yuv_range = VULTUS_YUV_LIMITED;
/// camera.stride = y_row_stride;
/// camera.data = y;
/// camera.data_length = y_length;
/// camera.u = (vultus_plane){ u, u_length, u_row_stride, u_pixel_stride };
/// camera.v = (vultus_plane){ v, v_length, v_row_stride, v_pixel_stride };
/// code = vultus_frame_check(&camera);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_frame_packed(
    format: u32,
    width: u32,
    height: u32,
    data: vultus_bytes,
    frame: *mut vultus_frame,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (bytes, out) = unsafe { (data.get("data")?, OutStruct::at(frame, "frame")?) };
        let layout = FrameLayout::packed(pixel_format(format)?, width, height);
        Frame::new(layout, bytes)?;
        out.set(vultus_frame {
            format,
            width,
            height,
            // A checked frame's stride is at most 32768.
            stride: layout.stride as u32,
            data: data.data,
            data_length: data.length,
            ..vultus_frame::default()
        });
        Ok(())
    })
}

/// Whether a frame's size, stride, length and orientation fit together: what every call that takes a
/// frame checks first.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER naming the field; VULTUS_ERROR_FRAME_LAYOUT_INVALID with the
/// value and what is allowed.
///
/// ```c
/// if (vultus_frame_check(&frame) == VULTUS_ERROR_FRAME_LAYOUT_INVALID)
///     show("the camera sends something else than it announces");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_frame_check(frame: *const vultus_frame) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs.
        unsafe { lent_frame(frame, "frame")? };
        Ok(())
    })
}

/// The frame of a struct, checked.
///
/// # Safety
/// `frame` is NULL or a struct whose bytes stay as they are while the frame is used.
pub(crate) unsafe fn lent_frame<'a>(
    frame: *const vultus_frame,
    name: &'static str,
) -> Result<Frame<'a>> {
    // SAFETY: as asked of the caller.
    let frame = unsafe { pod::read(frame, name)? };
    let layout = FrameLayout {
        format: pixel_format(frame.format)?,
        width: frame.width,
        height: frame.height,
        stride: frame.stride as usize,
        plane_rows: frame.plane_rows,
        u: frame.u.layout(),
        v: frame.v.layout(),
        orientation: orientation(frame.rotation, frame.mirror)?,
        yuv_range: match frame.yuv_range {
            VULTUS_YUV_LIMITED => YuvRange::Limited,
            VULTUS_YUV_FULL => YuvRange::Full,
            other => return Err(Misuse::choice("yuv_range", other, "1 and 2").into()),
        },
        timestamp_us: frame.timestamp_us,
    };
    if frame.reserved != 0 {
        return Err(Misuse::choice("reserved", frame.reserved, "0").into());
    }
    // SAFETY: as asked of the caller.
    let (bytes, u, v) = unsafe {
        (
            lent(frame.data, frame.data_length, "data")?,
            frame.u.bytes("u.data")?,
            frame.v.bytes("v.data")?,
        )
    };
    Ok(match (u, v) {
        (None, None) => Frame::new(layout, bytes)?,
        (Some(pairs), None) => Frame::from_planes(layout, &[bytes, pairs])?,
        (Some(u), Some(v)) => Frame::from_planes(layout, &[bytes, u, v])?,
        (None, Some(_)) => return Err(Misuse::Null { name: "u.data" }.into()),
    })
}

fn pixel_format(format: u32) -> Result<PixelFormat> {
    Ok(match format {
        VULTUS_FORMAT_RGB8 => PixelFormat::Rgb8,
        VULTUS_FORMAT_BGR8 => PixelFormat::Bgr8,
        VULTUS_FORMAT_RGBA8 => PixelFormat::Rgba8,
        VULTUS_FORMAT_GRAY8 => PixelFormat::Gray8,
        VULTUS_FORMAT_NV21 => PixelFormat::Nv21,
        VULTUS_FORMAT_NV12 => PixelFormat::Nv12,
        VULTUS_FORMAT_I420 => PixelFormat::I420,
        VULTUS_FORMAT_YUYV => PixelFormat::Yuyv,
        other => return Err(Misuse::choice("format", other, "1 to 8").into()),
    })
}
