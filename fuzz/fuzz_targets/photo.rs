//! A picture file, and the same bytes as a camera's frame of motion JPEG: `Photo::decode`, which every function that takes
//! a photograph begins with, and `vultus_mjpg_decode`. Half of the inputs are data behind the headers of a JPEG, so that
//! what reads scans is reached without guessing tables first.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vultus::frame::{MAX_FRAME_SIDE, Photo, PhotoError, PhotoLimits};
use vultus::geom::Rect;
use vultus_ffi::frame::colour::{vultus_frame, vultus_frame_check};
use vultus_ffi::frame::mjpg::vultus_mjpg_decode;
use vultus_fuzz::{answered, bytes, ok, sized};

fuzz_target!(|input: &[u8]| {
    let Some((kind, input)) = input.split_first() else {
        return;
    };
    match kind % 4 {
        0 | 1 => look(input),
        2 => look(&[SEQUENTIAL, input].concat()),
        _ => look(&[PROGRESSIVE, input].concat()),
    }
});

/// 64 × 64 pixels of luma and two colours of a quarter each, flat quantisation, no tables: the standard's hold.
const SEQUENTIAL: &[u8] = &headers(0xc0);
const PROGRESSIVE: &[u8] = &headers(0xc2);

const fn headers(frame: u8) -> [u8; 90] {
    let mut out = [1; 90];
    let front = [0xff, 0xd8, 0xff, 0xdb, 0, 67, 0];
    let back = [
        0xff, frame, 0, 17, 8, 0, 64, 0, 64, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0,
    ];
    let mut at = 0;
    while at < front.len() {
        out[at] = front[at];
        at += 1;
    }
    let mut at = 0;
    while at < back.len() {
        out[front.len() + 64 + at] = back[at];
        at += 1;
    }
    out
}

fn look(file: &[u8]) {
    match Photo::decode(file) {
        Ok(photo) => whole(&photo),
        Err(PhotoError::Incomplete { missing }) => assert!(missing > 0.0 && missing <= 1.0),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    as_frame(file);
}

fn whole(photo: &Photo) {
    let (width, height) = photo.image().size();
    assert!(width.min(height) >= PhotoLimits::MIN_SIDE && width.max(height) <= MAX_FRAME_SIDE);
    let all = Rect {
        x: 0.0,
        y: 0.0,
        width: width as f32,
        height: height as f32,
    };
    assert!((0.0..=1.0).contains(&photo.frame().transparent_share(&all)));
}

fn as_frame(file: &[u8]) {
    /// The largest frame that the buffer has room for, 512 × 512 pixels.
    const ROOM: usize = 512 * 512 * 3;
    let mut pixels = vec![0; ROOM];
    let mut frame: vultus_frame = sized();
    let (mut needed, mut missing) = (0, -1.0);
    // SAFETY: bytes of the input and places of this function.
    let code = unsafe {
        vultus_mjpg_decode(
            bytes(file),
            pixels.as_mut_ptr(),
            ROOM,
            &raw mut needed,
            &raw mut frame,
            &raw mut missing,
        )
    };
    if answered(code) == 0 && missing == 0.0 {
        assert!(needed > 0 && needed <= ROOM);
        // SAFETY: what the library has just filled in.
        ok(unsafe { vultus_frame_check(&raw const frame) });
    }
}
