//! What went wrong in the last call of this thread that failed.

use crate::fence::quiet;
use crate::last_error;
use crate::misuse::Misuse;
use crate::pod::{OutStruct, pod};
use crate::strings::{OutText, copy_name};
use std::ffi::c_char;

/// The last call of this thread that failed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_error {
    /// `sizeof(vultus_error)`, set by the caller.
    pub struct_size: u32,
    /// The number that the call returned; 0 when no call of this thread has failed yet.
    pub code: i32,
    /// How many causes it has: `vultus_last_error_text` has one text more than that.
    pub causes: u32,
    /// The error's name, which never changes, such as `LicenceExpired`; NUL-terminated.
    pub name: [c_char; 52],
}
pod!(vultus_error {
    code: 0,
    causes: 0,
    name: [0; 52]
});

/// What the last call of this thread that failed returned, and how many texts there are about it.
///
/// Every thread has its own; a call that succeeds leaves it as it is, so ask right after a failure.
/// The functions that ask (`vultus_last_error`, `vultus_last_error_text`) do not change it.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER, VULTUS_ERROR_STRUCT_SIZE_UNKNOWN.
///
/// ```c
/// vultus_error error = {0};
/// error.struct_size = sizeof error;
/// if (vultus_last_error(&error) == VULTUS_OK)
///     fprintf(stderr, "%s (%d)\n", error.name, (int)error.code);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_last_error(error: *mut vultus_error) -> i32 {
    quiet(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { OutStruct::at(error, "error")? };
        last_error::read(|last| {
            let mut answer = vultus_error::default();
            if let Some(failure) = last {
                answer.code = i32::from(failure.status.code());
                answer.causes = (failure.texts.len() - 1) as u32;
                answer.name = copy_name(failure.status.name());
            }
            out.set(answer);
            Ok(())
        })
    })
}

/// A text about the last call of this thread that failed.
///
/// Text 0 says what happened and names the value that was refused; texts 1 to `causes` are its causes, such
/// as the answer of the operating system, outermost first. No text holds personal data.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an index beyond the last text;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char text[512];
/// size_t needed;
/// if (vultus_last_error_text(0, text, sizeof text, &needed) == VULTUS_OK)
///     fprintf(stderr, "%s\n", text);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_last_error_text(
    index: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    quiet(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        last_error::read(|last| {
            let texts = last.map_or(&[][..], |failure| &failure.texts);
            let found = texts.get(index as usize);
            out.put(found.ok_or(Misuse::index(index, texts.len()))?)
        })
    })
}
