//! Texts and bytes that the caller lends for one call.

use crate::misuse::Misuse;
use crate::pointer::lent;
use std::ffi::c_char;
use std::path::PathBuf;
use vultus::error::Result;

/// A text that the caller lends for one call: UTF-8, not NUL-terminated, without NUL.
///
/// `vultus_str_of("staff")` makes one of a C string.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_str {
    /// Its first byte; not NULL, also where `length` is 0.
    pub data: *const c_char,
    /// Its length in bytes.
    pub length: usize,
}

/// Bytes that the caller lends for one call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_bytes {
    /// The first byte; not NULL, also where `length` is 0.
    pub data: *const u8,
    /// How many there are.
    pub length: usize,
}

impl vultus_str {
    /// The text.
    ///
    /// # Safety
    /// As the header's first page asks of lent texts: `data` is NULL or points to `length` bytes
    /// that stay as they are while the text is used.
    pub(crate) unsafe fn get<'a>(self, name: &'static str) -> Result<&'a str> {
        // SAFETY: as asked of the caller.
        let bytes = unsafe { lent(self.data.cast::<u8>(), self.length, name)? };
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => Ok(text),
            _ => Err(Misuse::NotText { name }.into()),
        }
    }
}

impl vultus_bytes {
    /// The bytes.
    ///
    /// # Safety
    /// As for [`vultus_str::get`].
    pub(crate) unsafe fn get<'a>(self, name: &'static str) -> Result<&'a [u8]> {
        // SAFETY: as asked of the caller.
        unsafe { lent(self.data, self.length, name) }
    }

    /// Exactly so many bytes.
    ///
    /// # Safety
    /// As for [`vultus_str::get`].
    pub(crate) unsafe fn get_array<'a, const N: usize>(
        self,
        name: &'static str,
    ) -> Result<&'a [u8; N]> {
        // SAFETY: as asked of the caller.
        let bytes = unsafe { self.get(name)? };
        let length = bytes.len();
        Ok(bytes
            .try_into()
            .map_err(|_| Misuse::TooLong { name, length })?)
    }
}

/// The path that a text names.
pub(crate) fn path(text: &str, name: &'static str) -> Result<PathBuf> {
    if text.is_empty() {
        return Err(Misuse::Empty { name }.into());
    }
    Ok(PathBuf::from(text))
}
