//! What a test hands to a function: texts, bytes, and structs to be filled.

use std::path::Path;
use vultus_ffi::strings::{vultus_bytes, vultus_str};

/// A text to lend.
pub fn text(text: &str) -> vultus_str {
    vultus_str {
        data: text.as_ptr().cast(),
        length: text.len(),
    }
}

/// A path to lend.
pub fn path(path: &Path) -> vultus_str {
    text(path.to_str().unwrap())
}

/// Bytes to lend.
pub fn bytes(bytes: &[u8]) -> vultus_bytes {
    vultus_bytes {
        data: bytes.as_ptr(),
        length: bytes.len(),
    }
}

/// A struct of zeros with its size set, as a C program makes one.
pub fn zeroed<T: Copy>() -> T {
    // SAFETY: structs of the header are numbers and pointers; `struct_size` comes first.
    unsafe {
        let mut value: T = std::mem::zeroed();
        (&raw mut value).cast::<u32>().write(size_of::<T>() as u32);
        value
    }
}
