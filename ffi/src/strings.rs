//! Texts and bytes across the border: length-delimited on the way in, copied on the way out.

use crate::error::Misuse;
use crate::fence::{Answer, Defect, fence};
use crate::handle::{Place, check_place};
use std::ffi::{CStr, c_char};
use vultus::error::Result;

/// A text that the caller lends for one call: UTF-8, not NUL-terminated, without NUL.
///
/// `vultus_str_of("staff")` makes one of a C string.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_str {
    /// Its first byte; not NULL, also where `length` is 0.
    pub data: *const c_char,
    /// Its length in bytes.
    pub length: usize,
}

/// Bytes that the caller lends for one call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_bytes {
    /// The first byte; not NULL, also where `length` is 0.
    pub data: *const u8,
    /// How many there are.
    pub length: usize,
}

/// A C string as a text to lend. Of NULL it makes one that every function refuses.
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
            // SAFETY: as the header's first page asks of C strings: there is a NUL.
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

/// A lent array.
///
/// # Safety
/// `data` is NULL, or points to `length` values that stay as they are while they are used.
pub(crate) unsafe fn lent<'a, T>(
    data: *const T,
    length: usize,
    name: &'static str,
) -> Result<&'a [T]> {
    check_place(data, name)?;
    if length > isize::MAX as usize / size_of::<T>() {
        return Err(Misuse::TooLong { name, length }.into());
    }
    // SAFETY: checked above; the caller answers for what is there.
    Ok(unsafe { std::slice::from_raw_parts(data, length) })
}

/// Where a text is copied to.
pub(crate) struct TextOut(BytesOut);

impl TextOut {
    /// Checks the places before any work is done for them.
    ///
    /// # Safety
    /// `text` is NULL or has room for `capacity` bytes; `needed` is NULL or may be written.
    pub(crate) unsafe fn at(
        text: *mut c_char,
        capacity: usize,
        needed: *mut usize,
    ) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let out = unsafe { BytesOut::named(text.cast(), capacity, needed, "text")? };
        Ok(Self(out))
    }

    /// Copies the text and a NUL.
    pub(crate) fn put(self, text: &str) -> Result<()> {
        self.0.put_parts(&[text.as_bytes(), &[0]])
    }
}

/// Where bytes are copied to.
pub(crate) struct BytesOut {
    buffer: *mut u8,
    capacity: usize,
    needed: Place<usize>,
    name: &'static str,
}

impl BytesOut {
    /// Checks the places before any work is done for them.
    ///
    /// # Safety
    /// `buffer` is NULL or has room for `capacity` bytes; `needed` is NULL or may be written.
    pub(crate) unsafe fn at(buffer: *mut u8, capacity: usize, needed: *mut usize) -> Result<Self> {
        // SAFETY: as asked of the caller.
        unsafe { Self::named(buffer, capacity, needed, "buffer") }
    }

    unsafe fn named(
        buffer: *mut u8,
        capacity: usize,
        needed: *mut usize,
        name: &'static str,
    ) -> Result<Self> {
        // Without a buffer only the length is asked for.
        if buffer.is_null() && capacity != 0 {
            return Err(Misuse::Null { name }.into());
        }
        Ok(Self {
            buffer,
            capacity,
            // SAFETY: as asked of the caller.
            needed: unsafe { Place::at(needed, "needed")? },
            name,
        })
    }

    pub(crate) fn put(self, bytes: &[u8]) -> Result<()> {
        self.put_parts(&[bytes])
    }

    fn put_parts(self, parts: &[&[u8]]) -> Result<()> {
        let needed = parts.iter().map(|part| part.len()).sum();
        self.needed.set(needed);
        if self.buffer.is_null() {
            return Ok(());
        }
        if needed > self.capacity {
            return Err(Misuse::Buffer {
                name: self.name,
                capacity: self.capacity,
                needed,
            }
            .into());
        }
        let mut at = 0;
        for part in parts {
            // SAFETY: the buffer has room for `capacity` bytes, which are enough for all parts.
            unsafe {
                self.buffer
                    .add(at)
                    .copy_from_nonoverlapping(part.as_ptr(), part.len());
            }
            at += part.len();
        }
        Ok(())
    }
}

/// A text of at most `N - 1` bytes in a field of a struct, filled up with NUL.
pub(crate) fn copy_name<const N: usize>(text: &str) -> [c_char; N] {
    let mut field = [0; N];
    // One place stays NUL whatever the text is like; fields are as long as their longest text.
    for (place, &byte) in field[..N - 1].iter_mut().zip(text.as_bytes()) {
        *place = byte as c_char;
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;
    use vultus::error::Status;

    fn put(text: &str, capacity: usize) -> (Result<()>, Vec<u8>, usize) {
        let mut buffer = vec![0xaa_u8; 16];
        let mut needed = 77;
        // SAFETY: places of this function, `capacity` no more than there is.
        let out = unsafe { TextOut::at(buffer.as_mut_ptr().cast(), capacity, &raw mut needed) };
        let done = out.expect("two places").put(text);
        (done, buffer, needed)
    }

    #[test]
    fn texts_end_with_a_nul_or_are_not_copied_at_all() {
        let (done, buffer, needed) = put("abc", 4);
        assert!(done.is_ok() && needed == 4);
        assert_eq!(buffer[..5], [b'a', b'b', b'c', 0, 0xaa]);
        let (done, buffer, needed) = put("abc", 3);
        assert_eq!(
            done.expect_err("too small").status(),
            Status::BufferTooSmall
        );
        assert!(needed == 4 && buffer.iter().all(|byte| *byte == 0xaa));
    }

    #[test]
    fn without_a_buffer_the_length_is_told() {
        let mut needed = 0;
        // SAFETY: no buffer, and a place of this function.
        let out = unsafe { TextOut::at(std::ptr::null_mut(), 0, &raw mut needed) };
        out.expect("a question").put("abc").expect("an answer");
        assert_eq!(needed, 4);
    }

    #[test]
    fn lent_texts_are_checked() {
        let of = |bytes: &'static [u8]| vultus_str {
            data: bytes.as_ptr().cast(),
            length: bytes.len(),
        };
        // SAFETY: bytes of this program.
        unsafe {
            assert_eq!(
                of("\u{95e8}".as_bytes()).get("it").expect("text"),
                "\u{95e8}"
            );
            assert_eq!(of(b"").get("it").expect("text"), "");
            for bad in [&b"\xff"[..], b"a\0b"] {
                let error = of(bad).get("it").expect_err("refused");
                assert_eq!(error.status(), Status::InvalidParameter);
                assert!(error.to_string().contains("it is not UTF-8"));
            }
            let long = vultus_str {
                data: b"a".as_ptr().cast(),
                length: usize::MAX,
            };
            assert!(long.get("it").is_err());
        }
    }

    #[test]
    fn names_in_structs_always_end() {
        assert_eq!(copy_name::<4>("ab").map(|c| c as u8), *b"ab\0\0");
        assert_eq!(copy_name::<4>("abcdef").map(|c| c as u8), *b"abc\0");
    }
}
