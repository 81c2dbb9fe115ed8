//! Texts and bytes that are copied into the caller's memory.

use crate::misuse::Misuse;
use crate::output::OutValue;
use std::ffi::c_char;
use vultus::error::Result;

/// A buffer of the caller that gets a text and a NUL.
pub(crate) struct OutText(OutBytes);

impl OutText {
    /// Checks the pointers, so that wrong ones are refused before any work is done.
    ///
    /// # Safety
    /// `text` is NULL or has room for `capacity` bytes; `needed` is NULL or may be written.
    pub(crate) unsafe fn at(
        text: *mut c_char,
        capacity: usize,
        needed: *mut usize,
    ) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let out = unsafe { OutBytes::named(text.cast(), capacity, needed, "text")? };
        Ok(Self(out))
    }

    /// Copies the text and a NUL.
    pub(crate) fn put(self, text: &str) -> Result<()> {
        self.0.put_parts(&[text.as_bytes(), &[0]])
    }
}

/// A buffer of the caller that gets bytes.
pub(crate) struct OutBytes {
    buffer: *mut u8,
    capacity: usize,
    needed: OutValue<usize>,
    name: &'static str,
}

impl OutBytes {
    /// Checks the pointers, so that wrong ones are refused before any work is done.
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
        // NULL with a capacity of 0 asks for the length alone.
        if buffer.is_null() && capacity != 0 {
            return Err(Misuse::Null { name }.into());
        }
        Ok(Self {
            buffer,
            capacity,
            // SAFETY: as asked of the caller.
            needed: unsafe { OutValue::at(needed, "needed")? },
            name,
        })
    }

    /// Copies the bytes.
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
            // SAFETY: the buffer has room for `capacity` bytes, which is enough for all parts.
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

/// A text of at most `N - 1` bytes in a field of a struct; the rest of the field is NUL.
pub(crate) fn copy_name<const N: usize>(text: &str) -> [c_char; N] {
    let mut field = [0; N];
    // The last byte is always NUL. Fields have room for the longest text that they can hold.
    for (to, &byte) in field[..N - 1].iter_mut().zip(text.as_bytes()) {
        *to = byte as c_char;
    }
    field
}
