//! Motion JPEG through the C interface.

use crate::common::door::{Door, OBAMA};
use crate::common::{ok, refused, zeroed};
use crate::frames::best;
use vultus::error::Status;
use vultus_ffi::frame::colour::*;
use vultus_ffi::frame::mjpg::vultus_mjpg_decode;

#[test]
fn a_frame_of_motion_jpeg_is_decoded_or_incomplete() {
    let jpeg = crate::common::fixture(OBAMA);
    let photo = vultus::Photo::decode_ignoring_exif(&jpeg).unwrap();
    let (width, height) = photo.image().size();
    let mut pixels = vec![7; photo.image().pixels().len() + 1];
    let (mut needed, mut missing) = (0, -1.0);
    let mut frame: vultus_frame = zeroed();
    let mut decode = |bytes: &[u8], capacity: usize, frame: &mut vultus_frame| {
        let buffer = match capacity {
            0 => std::ptr::null_mut(),
            _ => pixels.as_mut_ptr(),
        };
        let lent = crate::common::bytes(bytes);
        // SAFETY: lent bytes and memory of this function.
        let code = unsafe {
            vultus_mjpg_decode(
                lent,
                buffer,
                capacity,
                &raw mut needed,
                frame,
                &raw mut missing,
            )
        };
        (code, needed, missing)
    };
    let size = photo.image().pixels().len();

    // Half of it: no error, and nothing to look at.
    let (code, needed, missing) = decode(&jpeg[..jpeg.len() / 2], size, &mut frame);
    ok(code);
    assert!(needed == 0 && missing > 0.2 && missing < 0.8, "{missing}");
    assert!(frame.data.is_null());

    let (code, needed, _) = decode(&jpeg, size - 1, &mut frame);
    refused(code, Status::BufferTooSmall, "");
    assert_eq!(needed, size);
    let (code, needed, missing) = decode(&jpeg, 0, &mut frame);
    ok(code);
    assert_eq!((needed, missing, frame.data.is_null()), (size, 0.0, true));
    let (code, _, missing) = decode(&jpeg, size + 1, &mut frame);
    ok(code);
    assert_eq!((missing, frame.width, frame.height), (0.0, width, height));
    assert_eq!((frame.stride, frame.data_length), (width * 3, size));
    let (code, ..) = decode(b"no picture at all", size, &mut zeroed());
    refused(code, Status::ImageDecodeFailed, "not a JPEG");
    assert!(pixels[..size] == *photo.image().pixels() && pixels[size] == 7);

    let door = Door::open();
    let face = best(&door, &frame);
    assert!(face.score > 0.5);
}
