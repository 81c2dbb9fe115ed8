//! Defects stay inside, and what a caller gets wrong is refused by name.

use crate::common::door::{Door, OBAMA, Picture, detect_options};
use crate::common::{last_error, ok, refused, zeroed};
use std::ptr::null_mut;
use vultus::error::Status;
use vultus_ffi::codes::VULTUS_ERROR_INTERNAL_ERROR;
use vultus_ffi::detect::{vultus_detect_options, vultus_faces_free, vultus_session_detect};
use vultus_ffi::error::{vultus_error, vultus_last_error, vultus_last_error_text};
use vultus_ffi::session::{vultus_session_free, vultus_session_new, vultus_test_panic};

#[test]
fn a_panic_answers_900_and_poisons_its_session_alone() {
    let mut door = Door::open();
    let (frame, options) = (Picture::load(OBAMA), detect_options());
    let frame = frame.frame();
    // SAFETY: handles and memory of this function.
    unsafe {
        assert_eq!(vultus_test_panic(door.session), VULTUS_ERROR_INTERNAL_ERROR);
        let (code, words) = last_error();
        assert_eq!(code, 900);
        assert_eq!(words, "InternalError: a defect that a test asked for");
        let mut faces = null_mut();
        let detect = |session, faces| {
            vultus_session_detect(session, &raw const frame, &raw const options, faces)
        };
        let code = detect(door.session, &raw mut faces);
        refused(code, Status::HandlePoisoned, "session");
        assert!(faces.is_null());

        let mut other = null_mut();
        ok(vultus_session_new(door.sdk, &raw mut other));
        vultus_session_free(std::mem::replace(&mut door.session, other));
    }
}

#[test]
fn a_freed_session_is_refused() {
    let door = Door::open();
    let options = detect_options();
    let picture = Picture {
        pixels: vec![0; 64 * 64 * 3],
        width: 64,
        height: 64,
    };
    let frame = picture.frame();
    // SAFETY: a handle that was freed, which the library recognises.
    unsafe {
        let mut faces = null_mut();
        let code = vultus_session_detect(
            door.sdk.cast(),
            &raw const frame,
            &raw const options,
            &raw mut faces,
        );
        refused(code, Status::HandleInvalid, "session is no vultus_session");
        ok(vultus_session_detect(
            door.session,
            &raw const frame,
            &raw const options,
            &raw mut faces,
        ));
        vultus_faces_free(faces);
    }
}

#[test]
fn struct_sizes_of_no_version_are_refused() {
    let door = Door::open();
    let picture = Picture::load(OBAMA);
    let mut frame = picture.frame();
    let mut options: vultus_detect_options = detect_options();
    // SAFETY: handles and memory of this function.
    unsafe {
        let mut faces = null_mut();
        let mut detect =
            |frame, options| vultus_session_detect(door.session, frame, options, &raw mut faces);
        options.struct_size += 4;
        let code = detect(&raw const frame, &raw const options);
        refused(
            code,
            Status::StructSizeUnknown,
            "struct_size of vultus_detect_options is 16, known are 12",
        );
        options.struct_size -= 4;
        frame.struct_size = 0;
        let code = detect(&raw const frame, &raw const options);
        refused(code, Status::StructSizeUnknown, "vultus_frame is 0");
    }
}

#[test]
fn every_thread_has_its_own_last_error() {
    // SAFETY: memory of this function.
    unsafe {
        let door = Door::open();
        let mut faces = null_mut();
        let options = detect_options();
        let code = vultus_session_detect(
            door.session,
            std::ptr::null(),
            &raw const options,
            &raw mut faces,
        );
        refused(code, Status::InvalidParameter, "frame is NULL");
        std::thread::scope(|scope| {
            let fresh = scope.spawn(|| {
                let mut error: vultus_error = zeroed();
                ok(vultus_last_error(&raw mut error));
                let mut needed = 0;
                let text = vultus_last_error_text(0, null_mut(), 0, &raw mut needed);
                (error.code, error.causes, text)
            });
            assert_eq!(fresh.join().unwrap(), (0, 0, 1));
        });
        // Asking, and failing to ask, changes nothing.
        assert_eq!(vultus_last_error(null_mut()), 1);
        refused(code, Status::InvalidParameter, "frame is NULL");
    }
}
