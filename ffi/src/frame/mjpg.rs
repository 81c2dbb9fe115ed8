//! Frames of motion JPEG.

use super::colour::{VULTUS_FORMAT_RGB8, vultus_frame};
use crate::fence::fence;
use crate::output::OutValue;
use crate::pod::OutStruct;
use crate::strings::{OutBytes, vultus_bytes};
use vultus::frame::MjpgFrame;

/// Decodes a frame of motion JPEG, which USB cameras send, into a buffer of the caller: 3 bytes a pixel, which
/// `frame` then describes, not turned and not mirrored. The frame may lack Huffman tables and an end marker.
///
/// `missing` becomes 0, or the share of the picture that did not come, up to 1. Such a frame is no error:
/// there are no pixels, `needed` becomes 0, and `frame` stays as it was. So it does with a buffer of NULL. A camera
/// of 1280 × 720 pixels needs 2,764,800 bytes.
///
/// Errors: VULTUS_ERROR_IMAGE_DECODE_FAILED for bytes that are no JPEG, or damaged so that no decoder can follow
/// them; VULTUS_ERROR_IMAGE_SIZE_EXCEED; VULTUS_ERROR_IMAGE_RESOLUTION_EXCEED;
/// VULTUS_ERROR_IMAGE_RESOLUTION_TOO_SMALL; VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// vultus_bytes mjpg = { file, file_length };
/// static uint8_t pixels[1280 * 720 * 3];
/// size_t needed;
/// float missing = 0;
/// code = vultus_mjpg_decode(mjpg, pixels, sizeof pixels, &needed, &frame, &missing);
/// if (code == VULTUS_OK && missing > 0)
///     go_on();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_mjpg_decode(
    mjpg: vultus_bytes,
    buffer: *mut u8,
    capacity: usize,
    needed: *mut usize,
    frame: *mut vultus_frame,
    missing: *mut f32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (mjpg, pixels, frame, share) = unsafe {
            (
                mjpg.get("mjpg")?,
                OutBytes::at(buffer, capacity, needed)?,
                OutStruct::at(frame, "frame")?,
                OutValue::at(missing, "missing")?,
            )
        };
        match MjpgFrame::decode(mjpg)? {
            MjpgFrame::Incomplete { missing } => {
                pixels.put(&[])?;
                share.set(missing);
            }
            MjpgFrame::Whole(photo) => {
                let image = photo.image();
                let (width, height) = image.size();
                pixels.put(image.pixels())?;
                share.set(0.0);
                if !buffer.is_null() {
                    frame.set(vultus_frame {
                        format: VULTUS_FORMAT_RGB8,
                        width,
                        height,
                        stride: width * 3,
                        data: buffer,
                        data_length: image.pixels().len(),
                        ..vultus_frame::default()
                    });
                }
            }
        }
        Ok(())
    })
}
