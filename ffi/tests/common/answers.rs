//! What a function answers: its number, the words about it, texts and handles.

use super::lend::zeroed;
use vultus_ffi::error::{vultus_error, vultus_last_error, vultus_last_error_text};

/// The text of a field of a struct.
pub fn field(field: &[std::ffi::c_char]) -> String {
    let bytes: Vec<u8> = field.iter().map(|&c| c as u8).collect();
    let end = bytes.iter().position(|&byte| byte == 0).unwrap();
    String::from_utf8(bytes[..end].to_vec()).unwrap()
}

/// A text that a function copies out.
pub fn copied(copy: impl Fn(*mut std::ffi::c_char, usize, *mut usize) -> i32) -> String {
    let mut needed = 0;
    ok(copy(std::ptr::null_mut(), 0, &raw mut needed));
    let mut buffer = vec![0_u8; needed];
    ok(copy(buffer.as_mut_ptr().cast(), needed, &raw mut needed));
    assert_eq!(buffer.pop(), Some(0));
    String::from_utf8(buffer).unwrap()
}

/// Number and words of the last failure of this thread.
pub fn last_error() -> (i32, String) {
    let mut error: vultus_error = zeroed();
    // SAFETY: memory of this function.
    unsafe {
        assert_eq!(vultus_last_error(&raw mut error), 0);
        let words =
            copied(|text, capacity, needed| vultus_last_error_text(0, text, capacity, needed));
        (error.code, words)
    }
}

/// Fails with the words of the failure unless a call succeeded.
#[track_caller]
pub fn ok(code: i32) {
    assert!(code == 0, "{code}: {}", last_error().1);
}

/// Fails unless a call was refused with this number and these words.
#[track_caller]
pub fn refused(code: i32, status: vultus::error::Status, words: &str) {
    assert_eq!(code, i32::from(status.code()), "{}", last_error().1);
    let (last, text) = last_error();
    assert_eq!(last, code);
    assert!(text.contains(words), "{text:?} does not say {words:?}");
}

/// A handle that a function makes.
#[track_caller]
pub fn made<T>(make: impl FnOnce(*mut *mut T) -> i32) -> *mut T {
    let mut handle = std::ptr::null_mut();
    ok(make(&raw mut handle));
    assert!(!handle.is_null());
    handle
}
