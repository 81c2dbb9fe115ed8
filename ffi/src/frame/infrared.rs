//! Infrared frames.

use super::orientation::orientation;
use crate::fence::fence;
use crate::misuse::Misuse;
use crate::numbers::flag;
use crate::pod::{self, pod};
use crate::pointer::lent;
use vultus::error::Result;
use vultus::frame::{Emitter, InfraredFormat, InfraredFrame, InfraredLayout};
use vultus::geom::Intrinsics;

/// One byte a sample.
pub const VULTUS_INFRARED_Y8: u32 = 1;
/// Two bytes a sample, little-endian, of which the lower 10 bits count (V4L2's Y10).
pub const VULTUS_INFRARED_Y10: u32 = 2;
/// Two bytes a sample, little-endian.
pub const VULTUS_INFRARED_Y16: u32 = 3;

/// The sensor's own light was on while the frame was exposed.
pub const VULTUS_EMITTER_ON: u32 = 1;
/// It was off: the frame shows the room's light alone.
pub const VULTUS_EMITTER_OFF: u32 = 2;
/// The driver does not say.
pub const VULTUS_EMITTER_UNKNOWN: u32 = 3;

/// A near-infrared picture in bytes that the caller lends for one call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_infrared_frame {
    /// `sizeof(vultus_infrared_frame)`.
    pub struct_size: u32,
    /// VULTUS_INFRARED_Y8, VULTUS_INFRARED_Y10 or VULTUS_INFRARED_Y16.
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
    /// VULTUS_EMITTER_ON, VULTUS_EMITTER_OFF or VULTUS_EMITTER_UNKNOWN.
    pub emitter: u32,
    /// 1 when the next four fields are known; 0 when the camera is not.
    pub has_intrinsics: u32,
    /// Focal length along the rows in stored pixels.
    pub fx: f32,
    /// Focal length along the columns in stored pixels.
    pub fy: f32,
    /// Where the optical axis meets the picture, in stored pixels from its left edge.
    pub cx: f32,
    /// The same from its top edge.
    pub cy: f32,
    /// 0.
    pub reserved: u32,
    /// Monotonic capture time in microseconds, by the clock of the colour frames; not 0.
    pub timestamp_us: u64,
    /// The first byte.
    pub data: *const u8,
    /// How many bytes there are.
    pub data_length: usize,
}
pod!(vultus_infrared_frame {
    format: 0,
    width: 0,
    height: 0,
    stride: 0,
    rotation: 0,
    mirror: 0,
    emitter: 0,
    has_intrinsics: 0,
    fx: 0.0,
    fy: 0.0,
    cx: 0.0,
    cy: 0.0,
    reserved: 0,
    timestamp_us: 0,
    data: std::ptr::null(),
    data_length: 0,
});

/// Whether an infrared frame's size, stride, length, samples and intrinsics are plausible: what every
/// call that takes one checks first.
///
/// Errors: VULTUS_ERROR_FRAME_LAYOUT_INVALID; VULTUS_ERROR_SENSOR_FRAME_INVALID naming the value and its
/// range.
///
/// ```c
/// code = vultus_infrared_frame_check(&lit);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_infrared_frame_check(frame: *const vultus_infrared_frame) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs.
        unsafe { lent_infrared(frame, "frame")? };
        Ok(())
    })
}

/// The frame of a struct, checked.
///
/// # Safety
/// `frame` is NULL or a struct whose bytes stay as they are while the frame is used.
pub(crate) unsafe fn lent_infrared<'a>(
    frame: *const vultus_infrared_frame,
    name: &'static str,
) -> Result<InfraredFrame<'a>> {
    // SAFETY: as asked of the caller.
    let frame = unsafe { pod::read(frame, name)? };
    if frame.reserved != 0 {
        return Err(Misuse::choice("reserved", frame.reserved, "0").into());
    }
    let intrinsics = Intrinsics {
        fx: frame.fx,
        fy: frame.fy,
        cx: frame.cx,
        cy: frame.cy,
    };
    let layout = InfraredLayout {
        format: match frame.format {
            VULTUS_INFRARED_Y8 => InfraredFormat::Y8,
            VULTUS_INFRARED_Y10 => InfraredFormat::Y10,
            VULTUS_INFRARED_Y16 => InfraredFormat::Y16,
            other => return Err(Misuse::choice("format", other, "1 to 3").into()),
        },
        width: frame.width,
        height: frame.height,
        stride: frame.stride as usize,
        emitter: match frame.emitter {
            VULTUS_EMITTER_ON => Emitter::On,
            VULTUS_EMITTER_OFF => Emitter::Off,
            VULTUS_EMITTER_UNKNOWN => Emitter::Unknown,
            other => return Err(Misuse::choice("emitter", other, "1 to 3").into()),
        },
        intrinsics: flag(frame.has_intrinsics, "has_intrinsics")?.then_some(intrinsics),
        orientation: orientation(frame.rotation, frame.mirror)?,
        timestamp_us: frame.timestamp_us,
    };
    // SAFETY: as asked of the caller.
    let bytes = unsafe { lent(frame.data, frame.data_length, "data")? };
    Ok(InfraredFrame::new(layout, bytes)?)
}
