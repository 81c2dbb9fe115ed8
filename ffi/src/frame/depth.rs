//! Depth frames.

use super::orientation::orientation;
use crate::fence::fence;
use crate::misuse::Misuse;
use crate::pod::{self, pod};
use crate::pointer::lent;
use vultus::error::Result;
use vultus::frame::{DepthFormat, DepthFrame, DepthLayout};
use vultus::geom::Intrinsics;

/// 16 bits of distance along the optical axis (V4L2's Z16); 0 is no measurement.
pub const VULTUS_DEPTH_Z16: u32 = 1;
/// Android's DEPTH16: 13 bits of distance in millimetres, above them 3 of confidence.
pub const VULTUS_DEPTH_DEPTH16: u32 = 2;

/// A depth picture in bytes that the caller lends for one call: 16-bit samples, little-endian. Every field
/// matters: with a wrong unit or focal length a flat photograph can pass as a face.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_depth_frame {
    /// `sizeof(vultus_depth_frame)`.
    pub struct_size: u32,
    /// VULTUS_DEPTH_Z16 or VULTUS_DEPTH_DEPTH16.
    pub format: u32,
    /// Stored width in pixels: 1 to 8192.
    pub width: u32,
    /// Stored height in pixels: 1 to 8192.
    pub height: u32,
    /// Bytes from one row to the next.
    pub stride: u32,
    /// Degrees by which the stored picture is turned clockwise to stand upright: 0, 90, 180 or 270.
    pub rotation: u32,
    /// 1 when the picture is then flipped left to right; else 0.
    pub mirror: u32,
    /// Millimetres a unit, 0.01 to 10; 1 for DEPTH16.
    pub unit_mm: f32,
    /// Focal length along the rows in stored pixels.
    pub fx: f32,
    /// Focal length along the columns in stored pixels.
    pub fy: f32,
    /// Where the optical axis meets the picture, in stored pixels from its left edge.
    pub cx: f32,
    /// The same from its top edge.
    pub cy: f32,
    /// Monotonic capture time in microseconds, by the clock of the colour frames; not 0.
    pub timestamp_us: u64,
    /// The first byte.
    pub data: *const u8,
    /// How many bytes there are.
    pub data_length: usize,
}
pod!(vultus_depth_frame {
    format: 0,
    width: 0,
    height: 0,
    stride: 0,
    rotation: 0,
    mirror: 0,
    unit_mm: 0.0,
    fx: 0.0,
    fy: 0.0,
    cx: 0.0,
    cy: 0.0,
    timestamp_us: 0,
    data: std::ptr::null(),
    data_length: 0,
});

/// Whether a depth frame's size, stride, length, unit and intrinsics are plausible: what every call
/// that takes one checks first.
///
/// Errors: VULTUS_ERROR_FRAME_LAYOUT_INVALID; VULTUS_ERROR_SENSOR_FRAME_INVALID naming the value and its
/// range.
///
/// ```c
/// code = vultus_depth_frame_check(&depth);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_depth_frame_check(frame: *const vultus_depth_frame) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs.
        unsafe { lent_depth(frame, "frame")? };
        Ok(())
    })
}

/// The frame of a struct, checked.
///
/// # Safety
/// `frame` is NULL or a struct whose bytes stay as they are while the frame is used.
pub(crate) unsafe fn lent_depth<'a>(
    frame: *const vultus_depth_frame,
    name: &'static str,
) -> Result<DepthFrame<'a>> {
    // SAFETY: as asked of the caller.
    let frame = unsafe { pod::read(frame, name)? };
    let layout = DepthLayout {
        format: match frame.format {
            VULTUS_DEPTH_Z16 => DepthFormat::Z16,
            VULTUS_DEPTH_DEPTH16 => DepthFormat::Depth16,
            other => return Err(Misuse::choice("format", other, "1 and 2").into()),
        },
        width: frame.width,
        height: frame.height,
        stride: frame.stride as usize,
        unit_mm: frame.unit_mm,
        intrinsics: Intrinsics {
            fx: frame.fx,
            fy: frame.fy,
            cx: frame.cx,
            cy: frame.cy,
        },
        orientation: orientation(frame.rotation, frame.mirror)?,
        timestamp_us: frame.timestamp_us,
    };
    // SAFETY: as asked of the caller.
    let bytes = unsafe { lent(frame.data, frame.data_length, "data")? };
    Ok(DepthFrame::new(layout, bytes)?)
}
