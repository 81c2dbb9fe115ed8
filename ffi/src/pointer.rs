//! Checks of a pointer from C, before anything is read or written through it.

use crate::misuse::Misuse;
use vultus::error::Result;

/// Checks that a pointer may point to one value: it is not NULL, and it is aligned. `name` is the
/// parameter's name.
pub(crate) fn check_pointer<T>(pointer: *const T, name: &'static str) -> Result<()> {
    if pointer.is_null() {
        return Err(Misuse::Null { name }.into());
    }
    if !pointer.is_aligned() {
        return Err(Misuse::Misaligned { name }.into());
    }
    Ok(())
}

/// An array that the caller lends for one call.
///
/// # Safety
/// `data` is NULL, or points to `length` values that do not change while they are used.
pub(crate) unsafe fn lent<'a, T>(
    data: *const T,
    length: usize,
    name: &'static str,
) -> Result<&'a [T]> {
    check_pointer(data, name)?;
    if length > isize::MAX as usize / size_of::<T>() {
        return Err(Misuse::TooLong { name, length }.into());
    }
    // SAFETY: the pointer and the length were checked; the caller guarantees the values.
    Ok(unsafe { std::slice::from_raw_parts(data, length) })
}
