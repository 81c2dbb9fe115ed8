//! Memory for codes: aligned for kernels, and in huge pages where the system lends them.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// A huge page of x86-64 and 64-bit ARM.
pub(in super::super) const HUGE: usize = 2 << 20;

/// A line of the cache, and an AVX-512 register.
const LINE: usize = 64;

/// A fixed number of bytes. From [`HUGE`] bytes on they start at a page boundary and the system
/// is asked for huge pages: a scan then waits less for address translation (a third more bytes a
/// second from memory, measured).
pub(in super::super) struct AlignedBuffer {
    start: NonNull<u8>,
    layout: Layout,
}

// SAFETY: the bytes are owned and reached through `&` and `&mut` of this value alone.
unsafe impl Send for AlignedBuffer {}
// SAFETY: as above; nothing changes behind a shared reference.
unsafe impl Sync for AlignedBuffer {}

impl AlignedBuffer {
    /// `len` bytes of one value.
    pub(in super::super) fn filled(len: usize, value: u8) -> Self {
        let align = if len >= HUGE { HUGE } else { LINE };
        let layout = Layout::from_size_align(len.max(LINE), align)
            .expect("a chunk is far smaller than the address space");
        // SAFETY: the size is not 0.
        let start = unsafe { alloc(layout) };
        let Some(start) = NonNull::new(start) else {
            handle_alloc_error(layout)
        };
        advise(start, layout);
        // SAFETY: the allocation holds `layout.size()` bytes; all of them are set here, so that
        // none is ever read before it was written.
        unsafe { start.as_ptr().write_bytes(value, layout.size()) };
        Self { start, layout }
    }

    /// The same bytes, followed by `value` up to a length of `len`.
    pub(in super::super) fn grown(&self, len: usize, value: u8) -> Self {
        let mut grown = Self::filled(len, value);
        grown[..self.len()].copy_from_slice(self);
        grown
    }
}

/// Asks for huge pages; a system without them loses time, nothing else.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn advise(start: NonNull<u8>, layout: Layout) {
    if layout.align() == HUGE {
        // SAFETY: the range was just allocated and the advice changes no byte of it.
        let _ = unsafe {
            rustix::mm::madvise(
                start.as_ptr().cast(),
                layout.size(),
                rustix::mm::Advice::LinuxHugepage,
            )
        };
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn advise(_: NonNull<u8>, _: Layout) {}

impl Drop for AlignedBuffer {
    fn drop(&mut self) {
        // SAFETY: `start` came from `alloc` with this layout and is not used again.
        unsafe { dealloc(self.start.as_ptr(), self.layout) };
    }
}

impl Deref for AlignedBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `filled` set this many bytes, and `&self` keeps writers away.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.layout.size()) }
    }
}

impl DerefMut for AlignedBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `deref`, and `&mut self` keeps everybody else away.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr(), self.layout.size()) }
    }
}

impl Clone for AlignedBuffer {
    fn clone(&self) -> Self {
        self.grown(self.len(), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_aligned_grow_and_copy() {
        for len in [64, 4_096, HUGE] {
            let bytes = AlignedBuffer::filled(len, 7);
            let align = if len >= HUGE { HUGE } else { LINE };
            assert_eq!(bytes.as_ptr().addr() % align, 0);
            assert_eq!((bytes.len(), bytes[0], bytes[len - 1]), (len, 7, 7));
        }
        let mut small = AlignedBuffer::filled(64, 1);
        small[63] = 9;
        let large = small.grown(128, 5);
        assert_eq!((large[62], large[63], large[64], large[127]), (1, 9, 5, 5));
        let mut copy = large.clone();
        copy[0] = 0;
        assert_eq!((large[0], copy[0], copy[127]), (1, 0, 5));
    }
}
