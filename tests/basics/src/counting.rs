//! How much memory something takes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which counts what the current thread allocates. A test program makes it its own:
/// `#[global_allocator] static ALLOCATOR: Counting = Counting;`
#[derive(Debug)]
pub struct Counting;

impl Counting {
    /// Forgets what this thread has allocated so far.
    pub fn restart() {
        LIVE.set(0);
        PEAK.set(0);
        LARGEST.set(0);
    }

    /// Most bytes that were live at once on this thread since [`restart`](Self::restart).
    #[must_use]
    pub fn peak() -> usize {
        PEAK.get()
    }

    /// Bytes of the largest single allocation of this thread since [`restart`](Self::restart).
    #[must_use]
    pub fn largest() -> usize {
        LARGEST.get()
    }
}

// SAFETY: every call goes to the system allocator unchanged; the counters are plain thread-local
// numbers that allocate nothing.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let live = LIVE.get() + layout.size();
        LIVE.set(live);
        PEAK.set(PEAK.get().max(live));
        LARGEST.set(LARGEST.get().max(layout.size()));
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get().saturating_sub(layout.size()));
        // SAFETY: the caller's contract is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}
