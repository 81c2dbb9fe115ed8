//! Making, using and freeing handles.

use super::object::{Exclusive, Object, Owned, Shared};
use super::slot::{Names, Slot};
use super::table;
use super::ticket::Ticket;
use crate::misuse::Misuse;
use crate::pointer::check_pointer;
use std::ops::{Deref, DerefMut};
use vultus::error::Result;

/// A new handle that a function writes.
pub(crate) struct OutHandle<O: Owned>(*mut *mut O);

impl<O: Owned> OutHandle<O> {
    /// Checks the pointer, so that a wrong one is refused before any work is done.
    ///
    /// # Safety
    /// `pointer` is NULL, or points to a pointer that may be written until the call ends.
    pub(crate) unsafe fn at(pointer: *mut *mut O, name: &'static str) -> Result<Self> {
        check_pointer(pointer.cast_const(), name)?;
        Ok(Self(pointer))
    }

    /// Makes the handle and writes it.
    pub(crate) fn give(self, inner: O::Inner) {
        let ticket = O::pool().take(inner);
        // SAFETY: `at` checked the pointer, and its caller guarantees that it may be written.
        unsafe { self.0.write(ticket.to_pointer()) };
    }
}

/// A handle in use that other calls may use at the same time.
pub(crate) struct SharedUse<O: Shared>(&'static Slot<O::Inner>);

/// Enters a handle through `const X *`.
///
/// # Safety
/// `handle` was written by this library, or is refused: nothing is read through it. A number that a host made up might
/// name the handle of another part of it.
pub(crate) unsafe fn shared<O: Shared>(
    handle: *const O,
    name: &'static str,
) -> Result<SharedUse<O>> {
    let (slot, generation) = slot_of(handle, name)?;
    slot.header.enter_shared(generation, names::<O>(name))?;
    Ok(SharedUse(slot))
}

impl<O: Shared> Deref for SharedUse<O> {
    type Target = O::Inner;

    fn deref(&self) -> &O::Inner {
        // SAFETY: this value entered, so no call can enter to write.
        unsafe { self.0.inner() }
    }
}

impl<O: Shared> Drop for SharedUse<O> {
    fn drop(&mut self) {
        self.0.header.leave_shared();
    }
}

/// A handle in use that no other call may use.
pub(crate) struct ExclusiveUse<O: Object> {
    slot: &'static Slot<O::Inner>,
    /// Whether the thread was already unwinding, as it may be in a host that is written in Rust or C++.
    was_panicking: bool,
}

/// Enters a handle through `X *`.
///
/// # Safety
/// As for [`shared`].
pub(crate) unsafe fn exclusive<O: Exclusive>(
    handle: *mut O,
    name: &'static str,
) -> Result<ExclusiveUse<O>> {
    let (slot, generation) = slot_of(handle.cast_const(), name)?;
    slot.header.enter_exclusive(generation, names::<O>(name))?;
    Ok(ExclusiveUse {
        slot,
        was_panicking: std::thread::panicking(),
    })
}

impl<O: Object> Deref for ExclusiveUse<O> {
    type Target = O::Inner;

    fn deref(&self) -> &O::Inner {
        // SAFETY: this value entered exclusively.
        unsafe { self.slot.inner() }
    }
}

impl<O: Object> DerefMut for ExclusiveUse<O> {
    fn deref_mut(&mut self) -> &mut O::Inner {
        // SAFETY: this value entered exclusively.
        unsafe { self.slot.inner_mut() }
    }
}

impl<O: Object> Drop for ExclusiveUse<O> {
    fn drop(&mut self) {
        let broken = std::thread::panicking() && !self.was_panicking;
        self.slot.header.leave_exclusive(broken);
    }
}

/// Frees a handle; NULL is allowed. A handle that a call is using is refused and stays, and so is one of another process:
/// freeing it there would close what the parent uses.
///
/// # Safety
/// As for [`shared`].
pub(crate) unsafe fn free<O: Owned>(handle: *mut O, name: &'static str) -> Result<()> {
    if handle.is_null() {
        return Ok(());
    }
    let (slot, generation) = slot_of(handle.cast_const(), name)?;
    let inner = slot.empty(generation, names::<O>(name))?;
    // The slot can be used again before its old contents are dropped, which may take time.
    O::pool().put_back(slot);
    drop(inner);
    Ok(())
}

fn names<O: Object>(name: &'static str) -> Names {
    Names {
        type_name: O::NAME,
        name,
    }
}

/// The slot that a pointer from C stands for, and the generation that it asks for. Nothing is read through the pointer.
fn slot_of<O: Object>(
    handle: *const O,
    name: &'static str,
) -> Result<(&'static Slot<O::Inner>, u32)> {
    check_pointer(handle.cast::<u64>(), name)?;
    let ticket = Ticket::of_pointer(handle);
    let found = table::find(ticket.place).filter(|_| ticket.generation != 0);
    // SAFETY: a slot of any type begins with a header, and slots exist until the process ends.
    let found = found.filter(|slot| unsafe { slot.as_ref() }.magic == O::MAGIC);
    let Some(slot) = found else {
        let expected = O::NAME;
        return Err(Misuse::NotThisType { name, expected }.into());
    };
    // SAFETY: the magic word says that it is a slot of this type, and the table has a pointer to the whole of it.
    let slot: &'static Slot<O::Inner> = unsafe { slot.cast().as_ref() };
    slot.header.check_process(names::<O>(name))?;
    Ok((slot, ticket.generation))
}
