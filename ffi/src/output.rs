//! Outputs of a size that the header fixes: one number, or an array of bytes.

use crate::pointer::check_pointer;
use vultus::error::Result;

/// A number that a function writes.
pub(crate) struct OutValue<T>(*mut T);

impl<T: Copy> OutValue<T> {
    /// Checks the pointer, so that a wrong one is refused before any work is done.
    ///
    /// # Safety
    /// `pointer` is NULL, or may be written until the call ends.
    pub(crate) unsafe fn at(pointer: *mut T, name: &'static str) -> Result<Self> {
        check_pointer(pointer.cast_const(), name)?;
        Ok(Self(pointer))
    }

    pub(crate) fn set(&self, value: T) {
        // SAFETY: `at` checked the pointer, and its caller guarantees that it may be written.
        unsafe { self.0.write(value) };
    }
}

/// Copies an array of bytes whose length the header fixes.
///
/// # Safety
/// `to` is NULL or has room for `N` bytes.
pub(crate) unsafe fn copy_array<const N: usize>(
    from: &[u8; N],
    to: *mut u8,
    name: &'static str,
) -> Result<()> {
    check_pointer(to.cast_const(), name)?;
    // SAFETY: as asked of the caller.
    unsafe { to.copy_from_nonoverlapping(from.as_ptr(), N) };
    Ok(())
}
