//! A host's numbers beside its bytes: `vultus_frame`, `vultus_depth_frame` and `vultus_infrared_frame`, and detection
//! in what is accepted. The length that is told is never more than there is: that much has to be true.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use vultus_ffi::detect::*;
use vultus_ffi::frame::colour::*;
use vultus_ffi::frame::depth::*;
use vultus_ffi::frame::infrared::*;
use vultus_ffi::sdk::vultus_sdk_free;
use vultus_ffi::session::{vultus_session, vultus_session_new};
use vultus_fuzz::{answered, bytes, grant, made, ok, sdk, sized};

/// The most pixels of a frame in which faces are detected: a network takes time.
const SMALL: u64 = 64 * 64;

fuzz_target!(|input: &[u8]| {
    let mut input = Input(input);
    match input.byte() % 4 {
        0 => packed(&mut input),
        1 => colour(&mut input),
        2 => depth(&mut input),
        _ => infrared(&mut input),
    }
});

/// Numbers from the front of the input; zeros when it is used up.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        let count = N.min(self.0.len());
        out[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        out
    }

    fn byte(&mut self) -> u8 {
        self.take::<1>()[0]
    }

    /// Often a small number, sometimes any.
    fn number(&mut self) -> u32 {
        match self.byte() {
            kind @ 0..=199 => u32::from(kind),
            200..=239 => u32::from(u16::from_le_bytes(self.take())),
            _ => u32::from_le_bytes(self.take()),
        }
    }

    fn float(&mut self) -> f32 {
        match self.byte() {
            small @ 0..=199 => f32::from(small),
            _ => f32::from_le_bytes(self.take()),
        }
    }
}

fn packed(input: &mut Input<'_>) {
    let (format, width, height) = (input.number(), input.number(), input.number());
    let mut frame: vultus_frame = sized();
    // SAFETY: bytes of the input and memory of this function.
    let code =
        unsafe { vultus_frame_packed(format, width, height, bytes(input.0), &raw mut frame) };
    if answered(code) == 0 {
        // SAFETY: what the library has just filled in.
        ok(unsafe { vultus_frame_check(&raw const frame) });
    }
}

fn colour(input: &mut Input<'_>) {
    let mut frame: vultus_frame = sized();
    frame.format = input.number();
    frame.width = input.number();
    frame.height = input.number();
    frame.stride = input.number();
    frame.rotation = input.number();
    frame.mirror = input.number();
    frame.yuv_range = input.number();
    frame.timestamp_us = u64::from_le_bytes(input.take());
    let wants_faces = input.byte().is_multiple_of(16);
    frame.data = input.0.as_ptr();
    frame.data_length = input.0.len();
    // SAFETY: bytes of the input.
    let code = answered(unsafe { vultus_frame_check(&raw const frame) });
    if code == 0 && wants_faces && u64::from(frame.width) * u64::from(frame.height) <= SMALL {
        detect(&frame);
    }
}

fn detect(frame: &vultus_frame) {
    struct Session(*mut vultus_session);
    // SAFETY: libFuzzer runs inputs one after the other, on one thread.
    unsafe impl Send for Session {}
    // SAFETY: as above.
    unsafe impl Sync for Session {}
    static SESSION: OnceLock<Session> = OnceLock::new();
    // SAFETY: handles of this process, which live as long as it does.
    let session = SESSION.get_or_init(|| unsafe {
        let sdk = sdk(grant("frame"));
        let session = Session(made(|out| vultus_session_new(sdk, out)));
        vultus_sdk_free(sdk);
        session
    });
    let mut options: vultus_detect_options = sized();
    let mut faces = std::ptr::null_mut();
    // SAFETY: handles of this process, a frame that was checked, memory of this function.
    unsafe {
        ok(vultus_detect_options_default(&raw mut options));
        ok(vultus_session_detect(
            session.0,
            frame,
            &raw const options,
            &raw mut faces,
        ));
        vultus_faces_free(faces);
    }
}

fn depth(input: &mut Input<'_>) {
    let mut frame: vultus_depth_frame = sized();
    frame.format = input.number();
    frame.width = input.number();
    frame.height = input.number();
    frame.stride = input.number();
    frame.rotation = input.number();
    frame.mirror = input.number();
    frame.unit_mm = input.float();
    frame.fx = input.float();
    frame.fy = input.float();
    frame.cx = input.float();
    frame.cy = input.float();
    frame.timestamp_us = u64::from_le_bytes(input.take());
    frame.data = input.0.as_ptr();
    frame.data_length = input.0.len();
    // SAFETY: bytes of the input.
    answered(unsafe { vultus_depth_frame_check(&raw const frame) });
}

fn infrared(input: &mut Input<'_>) {
    let mut frame: vultus_infrared_frame = sized();
    frame.format = input.number();
    frame.width = input.number();
    frame.height = input.number();
    frame.stride = input.number();
    frame.rotation = input.number();
    frame.mirror = input.number();
    frame.emitter = input.number();
    frame.has_intrinsics = input.number();
    frame.fx = input.float();
    frame.fy = input.float();
    frame.cx = input.float();
    frame.cy = input.float();
    frame.timestamp_us = u64::from_le_bytes(input.take());
    frame.data = input.0.as_ptr();
    frame.data_length = input.0.len();
    // SAFETY: bytes of the input.
    answered(unsafe { vultus_infrared_frame_check(&raw const frame) });
}
