//! The log: what it tells, and that a callback may call back. One test, because there is one log.
#![allow(unsafe_code, clippy::unwrap_used)]

mod common;

use common::{copied, last_error, ok, refused};
use std::ffi::{c_char, c_void};
use std::ptr::null_mut;
use std::sync::Mutex;
use vultus::error::Status;
use vultus_ffi::log::*;
use vultus_ffi::session::vultus_session_new;
use vultus_ffi::status::vultus_status_name;

type Lines = Mutex<Vec<(u32, String)>>;

/// Keeps what it hears, and calls the SDK: what works, what fails, and what is refused here.
unsafe extern "C" fn hear(user_data: *mut c_void, level: u32, text: *const c_char, length: usize) {
    // SAFETY: what `vultus_log_set` was given, and a text as the callback is promised.
    let (lines, text) = unsafe {
        let bytes = std::slice::from_raw_parts(text.cast::<u8>(), length + 1);
        assert_eq!(bytes[length], 0);
        (
            &*user_data.cast::<Lines>(),
            String::from_utf8(bytes[..length].to_vec()).unwrap(),
        )
    };
    lines.lock().unwrap().push((level, text));
    // SAFETY: memory of this function.
    unsafe {
        let mut needed = 0;
        assert_eq!(vultus_status_name(-1, null_mut(), 0, &raw mut needed), 1);
        refused(
            vultus_log_set(VULTUS_LOG_INFO, Some(hear), user_data),
            Status::HandleBusy,
            "the log",
        );
        refused(vultus_log_clear(), Status::HandleBusy, "the log");
    }
}

#[test]
fn failures_and_openings_are_told_once_and_callbacks_may_call_back() {
    let lines = Lines::default();
    let user_data = (&raw const lines).cast_mut().cast::<c_void>();
    let take = || std::mem::take(&mut *lines.lock().unwrap());
    let mut session = null_mut();
    // SAFETY: a callback as it is asked for, what it needs, and memory of this function.
    unsafe {
        let code = vultus_log_set(0, Some(hear), user_data);
        refused(code, Status::InvalidParameter, "level is 0");
        ok(vultus_log_set(VULTUS_LOG_WARNING, Some(hear), user_data));
        assert_eq!(vultus_session_new(std::ptr::null(), &raw mut session), 1);
        // What the callback got wrong is not what the caller is told.
        assert_eq!(
            last_error(),
            (1, "InvalidParameter: sdk is NULL".to_owned())
        );
        let heard = take();
        assert_eq!(
            heard,
            [(
                VULTUS_LOG_WARNING,
                "InvalidParameter: sdk is NULL".to_owned()
            )]
        );

        // Openings are for those who ask for them.
        drop(common::door::Door::open());
        assert!(take().iter().all(|(level, _)| *level <= VULTUS_LOG_WARNING));
        ok(vultus_log_set(VULTUS_LOG_INFO, Some(hear), user_data));
        drop(common::door::Door::open());
        let heard = take();
        let opened = |(level, text): &(u32, String)| {
            *level == VULTUS_LOG_INFO && text.starts_with("model pack ")
        };
        assert!(heard.iter().any(opened), "{heard:?}");

        ok(vultus_log_clear());
        assert_eq!(vultus_session_new(std::ptr::null(), &raw mut session), 1);
        assert_eq!(take(), []);
        let name = copied(|text, capacity, needed| vultus_status_name(121, text, capacity, needed));
        assert_eq!(name, "LicenceExpired");
    }
}
