//! A pool: the empty slots of one type of handle, which are used again and never given back to the allocator.

use super::slot::Slot;
use super::table;
use super::ticket::Ticket;
use crate::process::PerProcess;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

type Empty<T> = Mutex<VecDeque<&'static Slot<T>>>;

/// The empty slots of one type. A forked child leaves its parent's where they are.
pub(crate) struct Pool<T: 'static> {
    magic: u64,
    empty: PerProcess<Empty<T>>,
}

impl<T: Send + 'static> Pool<T> {
    pub(crate) const fn new(magic: u64) -> Self {
        Self {
            magic,
            empty: PerProcess::new(|| Mutex::new(VecDeque::new())),
        }
    }

    /// A slot with these contents, as its handle.
    pub(super) fn take(&'static self, inner: T) -> Ticket {
        let empty = self.empty.get();
        // The one that was empty for longest: a handle that was freed stays a refused one for as long as can be.
        let slot = empty
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        let Some(slot) = slot else {
            let place = table::reserve();
            let slot: &'static Slot<T> = Box::leak(Box::new(Slot::new(self.magic, place, inner)));
            let ticket = slot.header.ticket();
            table::set(place, slot);
            return ticket;
        };
        // SAFETY: slots in the list are empty, and this one was taken out of it.
        unsafe { slot.refill(inner) };
        slot.header.ticket()
    }

    /// Keeps an emptied slot for another handle.
    pub(super) fn put_back(&'static self, slot: &'static Slot<T>) {
        let empty = self.empty.get();
        empty
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(slot);
    }
}
