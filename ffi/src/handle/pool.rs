//! Shells of handles, which are used again and never given back.

use crate::error::Misuse;
use std::cell::UnsafeCell;
use std::ptr::addr_of;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};
use vultus::error::Result;

/// `users` of a shell that holds nothing.
const EMPTY: i32 = i32::MIN;
/// `users` of a shell with one user who may write.
const ALONE: i32 = -1;

/// What a handle points to.
#[repr(C)]
pub(crate) struct Shell<T> {
    magic: u64,
    /// Readers, [`ALONE`] or [`EMPTY`].
    users: AtomicI32,
    is_poisoned: AtomicBool,
    inner: UnsafeCell<Option<T>>,
}

// SAFETY: `users` lets one writer or several readers in; `Use` asks for `T: Sync` where there may
// be several.
unsafe impl<T: Send> Sync for Shell<T> {}

/// The first word of a shell of whatever type.
///
/// # Safety
/// `shell` points to eight readable, aligned bytes.
pub(super) unsafe fn magic_of(shell: *const u64) -> u64 {
    // SAFETY: as asked of the caller. Volatile, because a pointer that C made up may point anywhere.
    unsafe { addr_of!(*shell).read_volatile() }
}

impl<T> Shell<T> {
    pub(super) fn enter_shared(&self, of: &'static str, name: &'static str) -> Result<()> {
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
            Err(users) => Err(refusal(users, of, name)),
        }
    }

    pub(super) fn leave_shared(&self) {
        self.users.fetch_sub(1, Ordering::Release);
    }

    pub(super) fn enter_alone(&self, of: &'static str, name: &'static str) -> Result<()> {
        self.claim(ALONE, of, name)?;
        if self.is_poisoned.load(Ordering::Relaxed) {
            self.leave_alone(false);
            return Err(Misuse::Poisoned { name }.into());
        }
        Ok(())
    }

    pub(super) fn leave_alone(&self, broken: bool) {
        if broken {
            self.is_poisoned.store(true, Ordering::Relaxed);
        }
        self.users.store(0, Ordering::Release);
    }

    /// Takes out what is in it, unless somebody uses it.
    pub(super) fn empty(&self, of: &'static str, name: &'static str) -> Result<Option<T>> {
        self.claim(EMPTY, of, name)?;
        // SAFETY: an empty shell has no users, and `claim` let one caller empty it.
        Ok(unsafe { (*self.inner.get()).take() })
    }

    fn claim(&self, state: i32, of: &'static str, name: &'static str) -> Result<()> {
        self.users
            .compare_exchange(0, state, Ordering::Acquire, Ordering::Relaxed)
            .map(|_| ())
            .map_err(|users| refusal(users, of, name))
    }

    /// # Safety
    /// The caller has entered.
    pub(super) unsafe fn inner(&self) -> &T {
        // SAFETY: whoever entered keeps writers and emptying out.
        let inner = unsafe { &*self.inner.get() };
        inner.as_ref().expect("a shell that can be entered is full")
    }

    /// # Safety
    /// The caller has entered alone, and holds no other reference.
    #[expect(clippy::mut_from_ref, reason = "`users` lets one in")]
    pub(super) unsafe fn inner_mut(&self) -> &mut T {
        // SAFETY: whoever entered alone keeps everybody else out.
        let inner = unsafe { &mut *self.inner.get() };
        inner.as_mut().expect("a shell that can be entered is full")
    }
}

fn refusal(users: i32, of: &'static str, name: &'static str) -> vultus::error::Error {
    match users {
        EMPTY => Misuse::Freed { name, of }.into(),
        _ => Misuse::Busy { name, of }.into(),
    }
}

/// Empty shells of one type.
pub(crate) struct Pool<T: 'static> {
    magic: u64,
    empty: Mutex<Vec<&'static Shell<T>>>,
}

impl<T> Pool<T> {
    pub(crate) const fn new(magic: u64) -> Self {
        Self {
            magic,
            empty: Mutex::new(Vec::new()),
        }
    }

    /// A shell with this in it.
    pub(super) fn take(&'static self, inner: T) -> &'static Shell<T> {
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(shell) = empty.pop() else {
            return Box::leak(Box::new(Shell {
                magic: self.magic,
                users: AtomicI32::new(0),
                is_poisoned: AtomicBool::new(false),
                inner: UnsafeCell::new(Some(inner)),
            }));
        };
        drop(empty);
        // SAFETY: an empty shell is entered by nobody, and this one is in no list any more.
        unsafe { *shell.inner.get() = Some(inner) };
        shell.is_poisoned.store(false, Ordering::Relaxed);
        shell.users.store(0, Ordering::Release);
        shell
    }

    /// Keeps a shell that was emptied for another handle.
    pub(super) fn put_back(&'static self, shell: &'static Shell<T>) {
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        empty.push(shell);
    }
}
