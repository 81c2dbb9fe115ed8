//! A pool: the empty slots of one type of handle, which are used again and never given back to the allocator.

use super::slot::Slot;
use std::sync::{Mutex, PoisonError};

/// The empty slots of one type.
pub(crate) struct Pool<T: 'static> {
    magic: u64,
    empty: Mutex<Vec<&'static Slot<T>>>,
}

impl<T> Pool<T> {
    pub(crate) const fn new(magic: u64) -> Self {
        Self {
            magic,
            empty: Mutex::new(Vec::new()),
        }
    }

    /// A slot with these contents.
    pub(super) fn take(&'static self, inner: T) -> &'static Slot<T> {
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
        let mut empty = self.empty.lock().unwrap_or_else(PoisonError::into_inner);
        empty.push(slot);
    }
}
