//! State of the library that belongs to a process: a forked child begins with its own.

use std::sync::atomic::{AtomicPtr, Ordering};
use vultus::licensing::process::Process;

struct Kept<T> {
    process: Process,
    value: T,
}

/// A value of each process. The parent's may be locked, in a child, by a thread that exists in the parent
/// alone: so the child leaves it, a few dozen bytes, and makes its own.
pub(crate) struct PerProcess<T: 'static> {
    present: AtomicPtr<Kept<T>>,
    make: fn() -> T,
}

impl<T: Sync> PerProcess<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self {
            present: AtomicPtr::new(std::ptr::null_mut()),
            make,
        }
    }

    /// This process's value.
    pub(crate) fn get(&'static self) -> &'static T {
        loop {
            let present = self.present.load(Ordering::Acquire);
            // SAFETY: NULL, or a value that was leaked below.
            if let Some(owned) = unsafe { present.as_ref() }
                && owned.process.is_current()
            {
                return &owned.value;
            }
            let made = Box::into_raw(Box::new(Kept {
                process: Process::current(),
                value: (self.make)(),
            }));
            let swapped =
                self.present
                    .compare_exchange(present, made, Ordering::AcqRel, Ordering::Relaxed);
            if swapped.is_err() {
                // SAFETY: another thread was first, and nobody else has seen this one.
                drop(unsafe { Box::from_raw(made) });
            }
        }
    }
}
