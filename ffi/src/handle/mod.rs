//! Handles: the opaque objects whose pointers C holds.
//!
//! A handle lives in a [`Shell`] of its type's pool. Shells are never given back to the allocator,
//! so whether a handle was freed can be asked of it at any time; memory is bounded by the most
//! handles that were ever alive at once. A shell counts its users: any number for `const X *`, one
//! for `X *`. What C gets wrong (a freed handle, one of another type, two threads in one session, a
//! callback that re-enters) is refused by name and touches nothing.

mod pool;
#[cfg(test)]
mod tests;

pub(crate) use pool::Pool;
use pool::Shell;

use crate::error::Misuse;
use std::ops::{Deref, DerefMut};
use vultus::error::Result;

/// An opaque type of the header and what stands behind it.
pub(crate) trait Object: Sized + 'static {
    /// What stands behind it.
    type Inner: Send + 'static;
    /// Its name in the header.
    const NAME: &'static str;
    /// What the first word of its shells reads, different for every type.
    const MAGIC: u64;

    /// Where its shells come from.
    fn pool() -> &'static Pool<Self::Inner>;
}

/// Objects that several threads may use at once through `const X *`.
pub(crate) trait Shared: Object<Inner: Sync> {}

/// Objects that only one call uses at a time, through `X *`: a panic leaves them in pieces, so that
/// it poisons them.
pub(crate) trait Exclusive: Object {}

/// Objects that belong to the caller, who frees them. Only these can be handed out and freed.
pub(crate) trait Owned: Object {}

/// Declares an object: its inner type, its magic word, and what may be done with it.
macro_rules! object {
    ($name:ident, $inner:ty, $magic:literal, $($may:ident),+) => {
        impl $crate::handle::Object for $name {
            type Inner = $inner;
            const NAME: &'static str = stringify!($name);
            const MAGIC: u64 = u64::from_le_bytes(*$magic);

            fn pool() -> &'static $crate::handle::Pool<$inner> {
                static POOL: $crate::handle::Pool<$inner> =
                    $crate::handle::Pool::new(<$name as $crate::handle::Object>::MAGIC);
                &POOL
            }
        }
        $(impl $crate::handle::$may for $name {})+
    };
}
pub(crate) use object;

/// Where a new handle will be put.
pub(crate) struct NewHandle<O: Owned>(*mut *mut O);

impl<O: Owned> NewHandle<O> {
    /// Checks the place before any work is done for it.
    ///
    /// # Safety
    /// `place` is NULL or points to a pointer that may be written until the call ends.
    pub(crate) unsafe fn at(place: *mut *mut O, name: &'static str) -> Result<Self> {
        check_place(place.cast_const(), name)?;
        Ok(Self(place))
    }

    /// Makes the handle.
    pub(crate) fn give(self, inner: O::Inner) {
        let shell = O::pool().take(inner);
        // SAFETY: checked in `at`, whose caller answers for the rest.
        unsafe {
            self.0
                .write(std::ptr::from_ref(shell).cast::<O>().cast_mut());
        }
    }
}

/// A handle that other calls may use as well.
pub(crate) struct Use<O: Shared>(&'static Shell<O::Inner>);

/// Enters a handle through `const X *`.
///
/// # Safety
/// `handle` is NULL, or points to at least as many readable bytes as a pointer has and was made by
/// this library.
pub(crate) unsafe fn shared<O: Shared>(handle: *const O, name: &'static str) -> Result<Use<O>> {
    // SAFETY: as asked of the caller.
    let shell = unsafe { shell_of(handle, name)? };
    shell.enter_shared(O::NAME, name)?;
    Ok(Use(shell))
}

impl<O: Shared> Deref for Use<O> {
    type Target = O::Inner;

    fn deref(&self) -> &O::Inner {
        // SAFETY: this use is counted, so that nobody writes.
        unsafe { self.0.inner() }
    }
}

impl<O: Shared> Drop for Use<O> {
    fn drop(&mut self) {
        self.0.leave_shared();
    }
}

/// A handle that no other call uses.
pub(crate) struct UseAlone<O: Object> {
    shell: &'static Shell<O::Inner>,
    /// Whether the thread was unwinding already, as a host written in Rust or C++ may be.
    was_panicking: bool,
}

/// Enters a handle through `X *`.
///
/// # Safety
/// As for [`shared`].
pub(crate) unsafe fn alone<O: Exclusive>(
    handle: *mut O,
    name: &'static str,
) -> Result<UseAlone<O>> {
    // SAFETY: as asked of the caller.
    let shell = unsafe { shell_of(handle.cast_const(), name)? };
    shell.enter_alone(O::NAME, name)?;
    Ok(UseAlone {
        shell,
        was_panicking: std::thread::panicking(),
    })
}

impl<O: Object> Deref for UseAlone<O> {
    type Target = O::Inner;

    fn deref(&self) -> &O::Inner {
        // SAFETY: nobody else is inside.
        unsafe { self.shell.inner() }
    }
}

impl<O: Object> DerefMut for UseAlone<O> {
    fn deref_mut(&mut self) -> &mut O::Inner {
        // SAFETY: nobody else is inside.
        unsafe { self.shell.inner_mut() }
    }
}

impl<O: Object> Drop for UseAlone<O> {
    fn drop(&mut self) {
        let broken = std::thread::panicking() && !self.was_panicking;
        self.shell.leave_alone(broken);
    }
}

/// Frees a handle; NULL is nothing to free. One that a call is using stays, and is lost to the
/// caller: freeing it under that call's hands would be worse.
///
/// # Safety
/// As for [`shared`].
pub(crate) unsafe fn free<O: Owned>(handle: *mut O, name: &'static str) -> Result<()> {
    if handle.is_null() {
        return Ok(());
    }
    // SAFETY: as asked of the caller.
    let shell = unsafe { shell_of(handle.cast_const(), name)? };
    let inner = shell.empty(O::NAME, name)?;
    // The shell is free for others before what was in it goes: dropping may take its time.
    O::pool().put_back(shell);
    drop(inner);
    Ok(())
}

/// The shell that a pointer from C stands for.
///
/// # Safety
/// As for [`shared`].
unsafe fn shell_of<O: Object>(
    handle: *const O,
    name: &'static str,
) -> Result<&'static Shell<O::Inner>> {
    let shell = handle.cast::<Shell<O::Inner>>();
    if shell.is_null() {
        return Err(Misuse::Null { name }.into());
    }
    if !shell.is_aligned() {
        return Err(Misuse::Misaligned { name }.into());
    }
    // SAFETY: a shell of any type begins with its magic word, and shells are never unmapped.
    if unsafe { pool::magic_of(shell.cast()) } != O::MAGIC {
        let expected = O::NAME;
        return Err(Misuse::NotThisType { name, expected }.into());
    }
    // SAFETY: the magic word says that it is a shell of this type; those live until the process
    // ends.
    Ok(unsafe { &*shell })
}

/// Checks a place for one value.
pub(crate) fn check_place<T>(place: *const T, name: &'static str) -> Result<()> {
    if place.is_null() {
        return Err(Misuse::Null { name }.into());
    }
    if !place.is_aligned() {
        return Err(Misuse::Misaligned { name }.into());
    }
    Ok(())
}

/// A plain number that a function writes.
pub(crate) struct Place<T>(*mut T);

impl<T: Copy> Place<T> {
    /// Checks the place before any work is done for it.
    ///
    /// # Safety
    /// `place` is NULL or may be written until the call ends.
    pub(crate) unsafe fn at(place: *mut T, name: &'static str) -> Result<Self> {
        check_place(place.cast_const(), name)?;
        Ok(Self(place))
    }

    pub(crate) fn set(&self, value: T) {
        // SAFETY: checked in `at`, whose caller answers for the rest.
        unsafe { self.0.write(value) };
    }
}
