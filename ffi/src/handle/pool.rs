//! A pool: the empty slots of one type of handle, which are used again and never given back to the allocator.

use super::slot::Slot;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// The empty slots of one type.
pub(crate) struct Pool<T: 'static> {
    magic: u64,
    /// The process that first used it, 0 before. In one that was forked from it the list may be locked for ever, by a thread
    /// that does not exist there; so handles that a child makes get slots of their own, which are not used again.
    process: AtomicU32,
    empty: Mutex<Vec<&'static Slot<T>>>,
}

impl<T> Pool<T> {
    pub(crate) const fn new(magic: u64) -> Self {
        Self {
            magic,
            process: AtomicU32::new(0),
            empty: Mutex::new(Vec::new()),
        }
    }

    fn is_ours(&self) -> bool {
        let here = process::id();
        let first = self
            .process
            .compare_exchange(0, here, Ordering::Relaxed, Ordering::Relaxed);
        first.is_ok() || first == Err(here)
    }

    /// A slot with these contents.
    pub(super) fn take(&'static self, inner: T) -> &'static Slot<T> {
        if !self.is_ours() {
            return Box::leak(Box::new(Slot::new(self.magic, inner)));
        }
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(slot) = empty.pop() else {
            return Box::leak(Box::new(Slot::new(self.magic, inner)));
        };
        drop(empty);
        // SAFETY: slots in the list are empty, and this one was taken out of it.
        unsafe { slot.refill(inner) };
        slot
    }

    /// Keeps an emptied slot for another handle.
    pub(super) fn put_back(&'static self, slot: &'static Slot<T>) {
        if !self.is_ours() {
            return;
        }
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        empty.push(slot);
    }
}
