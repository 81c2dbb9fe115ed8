//! The exported function that makes a text to lend from a C string.

use crate::fence::{Answer, Defect, fence};
use crate::strings::vultus_str;
use std::ffi::{CStr, c_char};

/// A C string as a text to lend. NULL gives a text that every function refuses.
///
/// ```c
/// vultus_str group = vultus_str_of("staff");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_str_of(text: *const c_char) -> vultus_str {
    fence(|| vultus_str {
        data: text,
        length: match text.is_null() {
            true => 0,
            // SAFETY: as the header's first page asks of C strings, the text ends with a NUL.
            false => unsafe { CStr::from_ptr(text) }.count_bytes(),
        },
    })
}

impl Answer for vultus_str {
    type Body = Self;

    fn of(body: Self) -> Self {
        body
    }

    fn of_panic(_: Defect) -> Self {
        Self {
            data: std::ptr::null(),
            length: 0,
        }
    }
}
