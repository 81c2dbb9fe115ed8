//! A slot: the memory behind a handle, and who is using it.

use super::ticket::{self, Ticket};
use crate::misuse::Misuse;
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use vultus::error::Result;
use vultus::licensing::process::Process;

/// The users of a slot that is empty.
const EMPTY: u32 = u32::MAX;
/// The users of a slot with one user, which may write.
const EXCLUSIVE: u32 = EMPTY - 1;
/// The most shared users.
const SHARED_MAX: u32 = EXCLUSIVE - 1;

/// What slots of all types begin with.
pub(super) struct Header {
    pub(super) magic: u64,
    place: u32,
    process: Process,
    /// The generation, and in the lower half the number of shared users, or [`EXCLUSIVE`] or [`EMPTY`]. One word, so
    /// that a handle of an earlier generation can change nothing.
    state: AtomicU64,
    is_poisoned: AtomicBool,
}

fn word(generation: u32, users: u32) -> u64 {
    u64::from(generation) << 32 | u64::from(users)
}

fn generation_of(state: u64) -> u32 {
    (state >> 32) as u32
}

/// The names that a refusal tells: of the type and of the parameter.
#[derive(Clone, Copy)]
pub(super) struct Names {
    pub(super) type_name: &'static str,
    pub(super) name: &'static str,
}

impl Header {
    /// The handle of what is in the slot.
    pub(super) fn ticket(&self) -> Ticket {
        Ticket {
            place: self.place,
            generation: generation_of(self.state.load(Ordering::Relaxed)),
        }
    }

    /// Refuses what a fork copied from another process.
    pub(super) fn check_process(&self, names: Names) -> Result<()> {
        let Names { type_name, name } = names;
        let forked = |forked| Misuse::Forked {
            name,
            type_name,
            forked,
        };
        Ok(self.process.check().map_err(forked)?)
    }

    pub(super) fn enter_shared(&self, generation: u32, names: Names) -> Result<()> {
        let free = word(generation, 0)..word(generation, SHARED_MAX);
        let more = |state: u64| free.contains(&state).then(|| state + 1);
        let entered = self
            .state
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, more);
        if let Err(state) = entered {
            return Err(refusal(state, generation, names));
        }
        if self.is_poisoned.load(Ordering::Relaxed) {
            self.leave_shared();
            return Err(Misuse::Poisoned { name: names.name }.into());
        }
        Ok(())
    }

    pub(super) fn leave_shared(&self) {
        self.state.fetch_sub(1, Ordering::Release);
    }

    pub(super) fn enter_exclusive(&self, generation: u32, names: Names) -> Result<()> {
        self.claim(generation, EXCLUSIVE, names)?;
        if self.is_poisoned.load(Ordering::Relaxed) {
            self.leave_exclusive(false);
            return Err(Misuse::Poisoned { name: names.name }.into());
        }
        Ok(())
    }

    pub(super) fn leave_exclusive(&self, broken: bool) {
        if broken {
            self.is_poisoned.store(true, Ordering::Relaxed);
        }
        let generation = self.ticket().generation;
        self.state.store(word(generation, 0), Ordering::Release);
    }

    /// Changes the users from none to `users`.
    fn claim(&self, generation: u32, users: u32, names: Names) -> Result<()> {
        let (none, some) = (word(generation, 0), word(generation, users));
        self.state
            .compare_exchange(none, some, Ordering::Acquire, Ordering::Relaxed)
            .map(|_| ())
            .map_err(|state| refusal(state, generation, names))
    }
}

/// Why a slot in this state cannot be entered.
fn refusal(state: u64, generation: u32, names: Names) -> vultus::error::Error {
    let Names { type_name, name } = names;
    if generation_of(state) != generation || state == word(generation, EMPTY) {
        return Misuse::Freed { name, type_name }.into();
    }
    Misuse::Busy { name, type_name }.into()
}

/// What a handle stands for.
#[repr(C)]
pub(crate) struct Slot<T> {
    /// First, so that a slot is found by its header.
    pub(super) header: Header,
    inner: UnsafeCell<Option<T>>,
}

// SAFETY: `state` lets in one exclusive user or several shared ones, and only handles whose contents are `Sync` can be
// entered shared.
unsafe impl<T: Send> Sync for Slot<T> {}

impl<T> Slot<T> {
    /// A slot in use by no call.
    pub(super) fn new(magic: u64, place: u32, inner: T) -> Self {
        let header = Header {
            magic,
            place,
            process: Process::current(),
            state: AtomicU64::new(word(1, 0)),
            is_poisoned: AtomicBool::new(false),
        };
        Self {
            header,
            inner: UnsafeCell::new(Some(inner)),
        }
    }

    /// Puts new contents into a slot that was emptied, under the next generation.
    ///
    /// # Safety
    /// The slot is empty, and no other call fills it.
    pub(super) unsafe fn refill(&self, inner: T) {
        // SAFETY: an empty slot cannot be entered, and the caller guarantees that it alone fills it.
        unsafe { *self.inner.get() = Some(inner) };
        self.header.is_poisoned.store(false, Ordering::Relaxed);
        let generation = ticket::next(self.header.ticket().generation);
        self.header
            .state
            .store(word(generation, 0), Ordering::Release);
    }

    /// Takes out the contents, unless a call is using them.
    pub(super) fn empty(&self, generation: u32, names: Names) -> Result<Option<T>> {
        self.header.claim(generation, EMPTY, names)?;
        // SAFETY: an empty slot has no users, and `claim` succeeded for this caller alone.
        Ok(unsafe { (*self.inner.get()).take() })
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
    #[expect(clippy::mut_from_ref, reason = "`state` lets one user in")]
    pub(super) unsafe fn inner_mut(&self) -> &mut T {
        // SAFETY: while the caller is inside exclusively, no other call can enter.
        let inner = unsafe { &mut *self.inner.get() };
        inner.as_mut().expect("a slot that can be entered is full")
    }
}
