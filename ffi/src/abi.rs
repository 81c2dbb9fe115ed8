//! Which library this is.

use crate::fence::fence;
use crate::misuse::Misuse;
use crate::strings::OutText;
use std::ffi::c_char;

/// Version of the binary interface that this header describes. It changes when a program built with an
/// older header could not work; functions, and fields at the end of structs, may be added without a change.
pub const VULTUS_ABI_VERSION: u32 = 1;

/// Version of the SDK that this header is of: the first number.
pub const VULTUS_VERSION_MAJOR: u32 = 0;
/// The second number.
pub const VULTUS_VERSION_MINOR: u32 = 1;
/// The third number.
pub const VULTUS_VERSION_PATCH: u32 = 0;

/// Version of the library's binary interface.
///
/// ```c
/// if (vultus_abi_version() != VULTUS_ABI_VERSION)
///     return 1;
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn vultus_abi_version() -> u32 {
    fence(|| VULTUS_ABI_VERSION)
}

/// Whether the library fits the header that a program was built with: call it first, with
/// `VULTUS_ABI_VERSION`.
///
/// Errors: VULTUS_ERROR_ABI_MISMATCH, and nothing else of the library may be called then.
///
/// ```c
/// int32_t code = vultus_abi_check(VULTUS_ABI_VERSION);
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn vultus_abi_check(abi_version: u32) -> i32 {
    fence(|| {
        if abi_version == VULTUS_ABI_VERSION {
            return Ok(());
        }
        Err(Misuse::Abi {
            expected: abi_version,
            actual: VULTUS_ABI_VERSION,
        }
        .into())
    })
}

/// The library's version as a text, such as `0.1.0`.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char version[32];
/// size_t needed;
/// vultus_version(version, sizeof version, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_version(
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        out.put(env!("CARGO_PKG_VERSION"))
    })
}
