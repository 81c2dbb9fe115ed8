use super::{OutList, OutStruct, Pod, read};
use vultus::error::Status;

/// A struct in its second version.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq)]
struct grown {
    struct_size: u32,
    old: u32,
    new: u64,
}

impl Default for grown {
    fn default() -> Self {
        Self {
            struct_size: 16,
            old: 0,
            new: 42,
        }
    }
}

// SAFETY: numbers alone, `struct_size` first.
unsafe impl Pod for grown {
    const NAME: &'static str = "grown";
    const SIZES: &'static [usize] = &[8, 16];
}

fn of(struct_size: u32) -> grown {
    grown {
        struct_size,
        old: 1,
        new: 2,
    }
}

#[test]
fn an_older_caller_is_read_and_written_no_further_than_it_knows() {
    // SAFETY: structs of this function.
    unsafe {
        let old = of(8);
        let read: grown = read(&raw const old, "it").expect("known");
        assert_eq!((read.old, read.new), (1, 42));
        let mut old = of(8);
        let out = OutStruct::at(&raw mut old, "it").expect("known");
        out.set(grown {
            struct_size: 16,
            old: 7,
            new: 8,
        });
        assert_eq!((old.struct_size, old.old, old.new), (8, 7, 2));
    }
}

#[test]
fn sizes_of_no_version_are_refused_by_name() {
    for size in [0, 7, 9, 12, 17, u32::MAX] {
        let value = of(size);
        // SAFETY: a struct of this function.
        let error = unsafe { read::<grown>(&raw const value, "it") }.expect_err("refused");
        assert_eq!(error.status(), Status::StructSizeUnknown);
        assert_eq!(
            error.to_string(),
            format!("StructSizeUnknown: struct_size of grown is {size}, known are 8, 16")
        );
    }
}

#[test]
fn arrays_have_the_distance_that_the_first_entry_says() {
    /// As aligned as the struct.
    #[repr(align(8))]
    struct Words([u32; 6]);
    // An older caller's array of two: 8 bytes each.
    let mut array = Words([8, 0, 8, 0, 99, 99]);
    let mut count = 0;
    // SAFETY: memory of this function; the array is written as structs of 8 bytes.
    unsafe {
        let first = array.0.as_mut_ptr().cast::<grown>();
        let out = OutList::at(first, 2, &raw mut count, "array").expect("known");
        out.put([of(16), of(16)].into_iter()).expect("room");
    }
    assert_eq!((array.0, count), ([8, 1, 8, 1, 99, 99], 2));
}

#[test]
fn an_array_that_is_too_short_is_left_alone() {
    let mut array = [of(16)];
    let mut count = 0;
    // SAFETY: memory of this function.
    unsafe {
        let out = OutList::at(array.as_mut_ptr(), 1, &raw mut count, "array").expect("known");
        let error = out.put([of(16), of(16)].into_iter()).expect_err("no room");
        assert_eq!(error.status(), Status::BufferTooSmall);
        let out = OutList::<grown>::at(std::ptr::null_mut(), 0, &raw mut count, "array");
        out.expect("a question")
            .put([of(16)].into_iter())
            .expect("an answer");
    }
    assert_eq!((array, count), ([of(16)], 1));
}
