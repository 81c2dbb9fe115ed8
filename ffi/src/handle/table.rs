//! Where slots are. The table only grows, and nothing in it waits for a lock, which a thread of a parent might hold for ever
//! in a forked child.

use super::slot::Header;
use super::ticket::PLACE_BITS;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// The first chunk has so many places, and each further one as many as all before it.
const FIRST_BITS: u32 = 6;
const CHUNKS: usize = (PLACE_BITS - FIRST_BITS + 1) as usize;

type Entry = AtomicPtr<Header>;

static TABLE: [AtomicPtr<Entry>; CHUNKS] = [const { AtomicPtr::new(std::ptr::null_mut()) }; CHUNKS];
static USED: AtomicU32 = AtomicU32::new(0);

/// The chunk of a place, how long it is, and where in it the place is.
fn chunk_of(place: u32) -> (usize, usize, usize) {
    let first = 1 << FIRST_BITS;
    if place < first {
        return (0, first as usize, place as usize);
    }
    let bits = place.ilog2();
    let begin = 1 << bits;
    (
        (bits - FIRST_BITS + 1) as usize,
        begin as usize,
        (place - begin) as usize,
    )
}

fn entry(place: u32) -> Option<&'static Entry> {
    let (chunk, length, at) = chunk_of(place);
    let chunk = TABLE.get(chunk)?.load(Ordering::Acquire);
    if chunk.is_null() {
        return None;
    }
    // SAFETY: a chunk that is there has its whole length, and is never taken away.
    unsafe { std::slice::from_raw_parts(chunk, length) }.get(at)
}

fn grown(place: u32) -> &'static Entry {
    let (chunk, length, _) = chunk_of(place);
    if TABLE[chunk].load(Ordering::Acquire).is_null() {
        let made: Box<[Entry]> = (0..length).map(|_| Entry::default()).collect();
        let made: *mut [Entry] = Box::into_raw(made);
        let swapped = TABLE[chunk].compare_exchange(
            std::ptr::null_mut(),
            made.cast(),
            Ordering::AcqRel,
            Ordering::Relaxed,
        );
        if swapped.is_err() {
            // SAFETY: another thread was first, and nobody else has seen this one.
            drop(unsafe { Box::from_raw(made) });
        }
    }
    entry(place).expect("the chunk is there")
}

/// A new place.
pub(super) fn reserve() -> u32 {
    let more = |used: u32| (used < 1 << PLACE_BITS).then_some(used + 1);
    USED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more)
        .expect("fewer handles than the interface has places for")
}

/// Puts a slot, which begins with its header, in its place.
pub(super) fn set<S>(place: u32, slot: &'static S) {
    let slot = std::ptr::from_ref(slot).cast_mut().cast();
    grown(place).store(slot, Ordering::Release);
}

/// The slot that is in a place.
pub(super) fn find(place: u32) -> Option<NonNull<Header>> {
    NonNull::new(entry(place)?.load(Ordering::Acquire))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lie_one_after_another_in_chunks() {
        assert_eq!(chunk_of(0), (0, 64, 0));
        assert_eq!(chunk_of(63), (0, 64, 63));
        assert_eq!(chunk_of(64), (1, 64, 0));
        assert_eq!(chunk_of(127), (1, 64, 63));
        assert_eq!(chunk_of(128), (2, 128, 0));
        let last = (1 << PLACE_BITS) - 1;
        let half = 1 << (PLACE_BITS - 1);
        assert_eq!(chunk_of(last), (CHUNKS - 1, half, half - 1));
    }
}
