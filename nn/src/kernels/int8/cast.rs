//! Memory that was made for f32, seen as bytes.
#![allow(unsafe_code)]

/// The first `len` bytes.
///
/// # Panics
/// When there are fewer.
pub(crate) fn as_bytes(values: &[f32], len: usize) -> &[u8] {
    assert!(len <= size_of_val(values), "{len} bytes");
    // SAFETY: so many bytes are there, initialised, and any value is a byte.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), len) }
}

/// The first `len` bytes, to write.
///
/// # Panics
/// When there are fewer.
pub(crate) fn as_bytes_mut(values: &mut [f32], len: usize) -> &mut [u8] {
    assert!(len <= size_of_val(values), "{len} bytes");
    // SAFETY: so many bytes are there and borrowed by this call alone; any four bytes are an f32.
    unsafe { std::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), len) }
}
