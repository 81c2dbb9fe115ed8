//! A slot: the memory that a handle points to, and who is using it.

use crate::misuse::Misuse;
use std::cell::UnsafeCell;
use std::process;
use std::ptr::addr_of;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};
use vultus::error::Result;

/// `users` of a slot that is empty.
const EMPTY: i32 = i32::MIN;
/// `users` of a slot with one user, which may write.
const EXCLUSIVE: i32 = -1;

/// What a handle points to.
#[repr(C)]
pub(crate) struct Slot<T> {
    magic: u64,
    /// The process that filled it.
    process: AtomicU32,
    /// The number of shared users, or [`EXCLUSIVE`] or [`EMPTY`].
    users: AtomicI32,
    is_poisoned: AtomicBool,
    inner: UnsafeCell<Option<T>>,
}

// SAFETY: `users` lets in one exclusive user or several shared ones, and only handles whose contents are `Sync` can be
// entered shared.
unsafe impl<T: Send> Sync for Slot<T> {}

/// The first word of a slot of any type.
///
/// # Safety
/// `slot` points to eight readable, aligned bytes.
pub(super) unsafe fn magic_of(slot: *const u64) -> u64 {
    // SAFETY: as asked of the caller. Volatile, because a wrong pointer from C may point to memory of another kind.
    unsafe { addr_of!(*slot).read_volatile() }
}

impl<T> Slot<T> {
    /// A slot in use by no call.
    pub(super) fn new(magic: u64, inner: T) -> Self {
        Self {
            magic,
            process: AtomicU32::new(process::id()),
            users: AtomicI32::new(0),
            is_poisoned: AtomicBool::new(false),
            inner: UnsafeCell::new(Some(inner)),
        }
    }

    /// Puts new contents into a slot that was emptied.
    ///
    /// # Safety
    /// The slot is empty, and no other call fills it.
    pub(super) unsafe fn refill(&self, inner: T) {
        // SAFETY: an empty slot cannot be entered, and the caller guarantees that it alone fills it.
        unsafe { *self.inner.get() = Some(inner) };
        self.is_poisoned.store(false, Ordering::Relaxed);
        self.process.store(process::id(), Ordering::Relaxed);
        self.users.store(0, Ordering::Release);
    }

    /// Refuses a process that was forked from the one that made the handle. Asked before anything else: who was using the
    /// handle at the fork does not exist in the child.
    pub(super) fn check_process(&self, type_name: &'static str, name: &'static str) -> Result<()> {
        let made_by = self.process.load(Ordering::Relaxed);
        let used_by = process::id();
        if made_by == used_by {
            return Ok(());
        }
        Err(Misuse::Forked {
            name,
            type_name,
            made_by,
            used_by,
        }
        .into())
    }

    pub(super) fn enter_shared(&self, type_name: &'static str, name: &'static str) -> Result<()> {
        let more = |users: i32| (users >= 0).then(|| users.checked_add(1)).flatten();
        match self
            .users
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, more)
        {
            Ok(_) => {
                if self.is_poisoned.load(Ordering::Relaxed) {
                    self.leave_shared();
                    return Err(Misuse::Poisoned { name }.into());
                }
                Ok(())
            }
            Err(users) => Err(refusal(users, type_name, name)),
        }
    }

    pub(super) fn leave_shared(&self) {
        self.users.fetch_sub(1, Ordering::Release);
    }

    pub(super) fn enter_exclusive(
        &self,
        type_name: &'static str,
        name: &'static str,
    ) -> Result<()> {
        self.claim(EXCLUSIVE, type_name, name)?;
        if self.is_poisoned.load(Ordering::Relaxed) {
            self.leave_exclusive(false);
            return Err(Misuse::Poisoned { name }.into());
        }
        Ok(())
    }

    pub(super) fn leave_exclusive(&self, broken: bool) {
        if broken {
            self.is_poisoned.store(true, Ordering::Relaxed);
        }
        self.users.store(0, Ordering::Release);
    }

    /// Takes out the contents, unless a call is using them.
    pub(super) fn empty(&self, type_name: &'static str, name: &'static str) -> Result<Option<T>> {
        self.claim(EMPTY, type_name, name)?;
        // SAFETY: an empty slot has no users, and `claim` succeeded for this caller alone.
        Ok(unsafe { (*self.inner.get()).take() })
    }

    /// Changes `users` from none to `state`.
    fn claim(&self, state: i32, type_name: &'static str, name: &'static str) -> Result<()> {
        self.users
            .compare_exchange(0, state, Ordering::Acquire, Ordering::Relaxed)
            .map(|_| ())
            .map_err(|users| refusal(users, type_name, name))
    }

    /// The contents.
    ///
    /// # Safety
    /// The caller has entered.
    pub(super) unsafe fn inner(&self) -> &T {
        // SAFETY: while the caller is inside, no other call can write or empty the slot.
        let inner = unsafe { &*self.inner.get() };
        inner.as_ref().expect("a slot that can be entered is full")
    }

    /// The contents, to change them.
    ///
    /// # Safety
    /// The caller has entered exclusively, and holds no other reference.
    #[expect(clippy::mut_from_ref, reason = "`users` lets one user in")]
    pub(super) unsafe fn inner_mut(&self) -> &mut T {
        // SAFETY: while the caller is inside exclusively, no other call can enter.
        let inner = unsafe { &mut *self.inner.get() };
        inner.as_mut().expect("a slot that can be entered is full")
    }
}

/// Why a slot with these `users` cannot be entered.
fn refusal(users: i32, type_name: &'static str, name: &'static str) -> vultus::error::Error {
    match users {
        EMPTY => Misuse::Freed { name, type_name }.into(),
        _ => Misuse::Busy { name, type_name }.into(),
    }
}
