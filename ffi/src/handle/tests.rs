use super::ticket::Ticket;
use super::{OutHandle, Owned, exclusive, free, object, shared};
use std::collections::BTreeSet;
use vultus::error::{Result, Status};

/// A type of its own for a test: tests run beside one another, and freed slots are used again.
macro_rules! thing {
    () => {
        struct thing;
        object!(thing, Vec<u32>, b"vultTHIN", Shared, Exclusive, Owned);
    };
}

fn make<O: Owned<Inner = Vec<u32>>>(inner: Vec<u32>) -> *mut O {
    let mut handle = std::ptr::null_mut();
    // SAFETY: a pointer of this function.
    unsafe { OutHandle::at(&raw mut handle, "out") }
        .expect("a pointer")
        .give(inner);
    handle
}

fn status<T>(result: Result<T>) -> Status {
    result.err().expect("refused").status()
}

#[test]
fn a_handle_is_used_and_freed_once() {
    thing!();
    let handle: *mut thing = make(vec![1]);
    // SAFETY: handles of this library, freed ones among them.
    unsafe {
        exclusive(handle, "thing").expect("free").push(2);
        assert_eq!(*shared(handle, "thing").expect("not freed"), [1, 2]);
        free(handle, "thing").expect("not freed");
        assert_eq!(status(free(handle, "thing")), Status::HandleInvalid);
        assert_eq!(status(shared(handle, "thing")), Status::HandleInvalid);
        assert_eq!(status(exclusive(handle, "thing")), Status::HandleInvalid);
        free(std::ptr::null_mut::<thing>(), "thing").expect("nothing to free");
    }
}

#[test]
fn a_stale_handle_is_refused_when_its_slot_serves_another() {
    thing!();
    let stale: *mut thing = make(vec![1]);
    // SAFETY: handles of this library, freed ones among them.
    unsafe {
        free(stale, "thing").expect("not freed");
        let next: *mut thing = make(vec![2]);
        assert_eq!(
            Ticket::of_pointer(next).place,
            Ticket::of_pointer(stale).place
        );
        assert_ne!(next, stale);
        for refused in [
            shared(stale, "it").err(),
            exclusive(stale, "it").err(),
            free(stale, "it").err(),
        ] {
            let refused = refused.expect("refused");
            assert_eq!(refused.status(), Status::HandleInvalid);
            assert_eq!(
                refused.to_string(),
                "HandleInvalid: it is a thing that was freed"
            );
        }
        let inside = exclusive(next, "thing").expect("the stale one changed nothing");
        // Not busy: the stale one was freed, whatever the new owner does.
        assert_eq!(status(shared(stale, "thing")), Status::HandleInvalid);
        drop(inside);
        assert_eq!(*shared(next, "thing").expect("not freed"), [2]);
        free(next, "thing").expect("not freed");
    }
}

#[test]
fn ten_thousand_handles_one_after_another_need_one_slot() {
    thing!();
    let places: BTreeSet<u32> = (0..10_000)
        .map(|i| {
            let handle: *mut thing = make(vec![i]);
            // SAFETY: a handle of this library.
            unsafe { free(handle, "thing") }.expect("not freed");
            Ticket::of_pointer(handle).place
        })
        .collect();
    assert_eq!(places.len(), 1, "memory grows");
}

#[test]
fn several_readers_enter_at_once_and_a_writer_does_not() {
    thing!();
    let handle: *mut thing = make(vec![]);
    // SAFETY: a handle of this library.
    unsafe {
        let first = shared(handle, "thing").expect("not freed");
        let second = shared(handle, "thing").expect("not freed");
        assert_eq!(status(exclusive(handle, "thing")), Status::HandleBusy);
        assert_eq!(status(free(handle, "thing")), Status::HandleBusy);
        drop((first, second));
        let writer = exclusive(handle, "thing").expect("no user");
        assert_eq!(status(shared(handle, "thing")), Status::HandleBusy);
        assert_eq!(status(exclusive(handle, "thing")), Status::HandleBusy);
        drop(writer);
        free(handle, "thing").expect("no user");
    }
}

#[test]
fn other_pointers_are_refused_by_name() {
    thing!();
    struct other;
    object!(other, u8, b"vultOTHE", Shared, Owned);
    let handle: *mut thing = make(vec![]);
    // SAFETY: a handle of this library, of another type; bytes that can be read.
    unsafe {
        let error = shared(handle.cast::<other>(), "it").err().expect("refused");
        assert_eq!(error.status(), Status::HandleInvalid);
        assert_eq!(error.to_string(), "HandleInvalid: it is no other");
        let error = shared::<thing>(std::ptr::null(), "it")
            .err()
            .expect("refused");
        assert_eq!(error.to_string(), "InvalidParameter: it is NULL");
        let words = [0_u64; 8];
        let odd = words.as_ptr().cast::<u8>().add(1).cast::<thing>();
        assert_eq!(status(shared(odd, "it")), Status::InvalidParameter);
        assert_eq!(
            status(shared(words.as_ptr().cast::<thing>(), "it")),
            Status::HandleInvalid
        );
        free(handle, "thing").expect("not freed");
    }
}

#[test]
fn a_panic_inside_poisons_until_the_handle_is_freed() {
    thing!();
    let handle: *mut thing = make(vec![]);
    let address = handle as usize;
    let broken = std::panic::catch_unwind(|| {
        // SAFETY: a handle of this library.
        let mut inside = unsafe { exclusive(address as *mut thing, "thing") }.expect("not freed");
        inside.push(1);
        panic!("in the middle");
    });
    assert!(broken.is_err());
    // SAFETY: a handle of this library.
    unsafe {
        assert_eq!(status(exclusive(handle, "thing")), Status::HandlePoisoned);
        assert_eq!(status(shared(handle, "thing")), Status::HandlePoisoned);
        free(handle, "thing").expect("freeing is what is left to do");
    }
    // The next handle in the same slot is not poisoned.
    let next: *mut thing = make(vec![7]);
    // SAFETY: a handle of this library.
    unsafe {
        assert_eq!(*exclusive(next, "thing").expect("not poisoned"), [7]);
        free(next, "thing").expect("not freed");
    }
}

#[test]
fn threads_that_fight_for_a_handle_are_let_in_one_by_one() {
    thing!();
    let handle: *mut thing = make(vec![0]);
    let handle = handle as usize;
    let entered = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(move || {
                    let mut entered = 0;
                    for _ in 0..2_000 {
                        // SAFETY: a handle of this library.
                        let inside = unsafe { exclusive(handle as *mut thing, "thing") };
                        if let Ok(mut inside) = inside {
                            inside[0] += 1;
                            entered += 1;
                        }
                    }
                    entered
                })
            })
            .collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .map(|entered| entered.expect("no panic"))
            .sum::<u32>()
    });
    let handle = handle as *mut thing;
    // SAFETY: a handle of this library.
    unsafe {
        assert_eq!(shared(handle, "thing").expect("not freed")[0], entered);
        free(handle, "thing").expect("not freed");
    }
}
