//! Structs that the caller owns: plain data whose first field is `struct_size`.
//!
//! A struct may grow at its end from version to version. A caller who was built with an older
//! header says so by a smaller `struct_size`: what it does not know is not written, and where it is
//! read, has the value that behaves as before. A size that no version had is refused.

use crate::error::Misuse;
use crate::handle::{Place, check_place};
use vultus::error::Result;

/// A struct of the header that begins with `struct_size`.
///
/// # Safety
/// Its first field is `struct_size: u32`, and any bits are a value of it.
pub(crate) unsafe trait Pod: Copy + Default {
    /// Its name in the header.
    const NAME: &'static str;
    /// Its size in every version so far, the present one last.
    const SIZES: &'static [usize];
}

/// Declares a struct: its name and what its fields are where a caller of an older version has none.
macro_rules! pod {
    ($name:ident { $($field:ident: $value:expr),+ $(,)? }) => {
        impl Default for $name {
            fn default() -> Self {
                Self {
                    struct_size: size_of::<Self>() as u32,
                    $($field: $value),+
                }
            }
        }

        // Padding would hide a field that is added at the end: the size would stay.
        const _: () = {
            let value = $name {
                struct_size: 0,
                $($field: $value),+
            };
            let fields = size_of::<u32>() $(+ $crate::pod::width(&value.$field))+;
            assert!(fields == size_of::<$name>(), "the struct has padding");
        };

        // SAFETY: `default` names the first field, and the struct holds numbers and pointers alone.
        unsafe impl $crate::pod::Pod for $name {
            const NAME: &'static str = stringify!($name);
            const SIZES: &'static [usize] = &[size_of::<$name>()];
        }
    };
}
pub(crate) use pod;

/// Bytes of a field.
pub(crate) const fn width<T>(_: &T) -> usize {
    size_of::<T>()
}

/// The size that the caller says a struct has.
///
/// # Safety
/// `place` is NULL or points to a readable `struct_size`.
unsafe fn size_of_callers<T: Pod>(place: *const T, name: &'static str) -> Result<usize> {
    check_place(place, name)?;
    // SAFETY: the first field of every such struct; the caller answers that it can be read.
    let size = unsafe { place.cast::<u32>().read() };
    if T::SIZES.contains(&(size as usize)) {
        return Ok(size as usize);
    }
    Err(Misuse::StructSize {
        of: T::NAME,
        size,
        known: T::SIZES,
    }
    .into())
}

/// Reads a struct of the caller.
///
/// # Safety
/// `place` is NULL or points to as many readable bytes as its `struct_size` says.
pub(crate) unsafe fn read<T: Pod>(place: *const T, name: &'static str) -> Result<T> {
    // SAFETY: as asked of the caller.
    let size = unsafe { size_of_callers(place, name)? };
    let mut value = T::default();
    // SAFETY: the size is that of a version, none of which is larger than this one.
    unsafe { copy(place, &raw mut value, size) };
    Ok(value)
}

/// # Safety
/// Both can hold `size` bytes.
unsafe fn copy<T>(from: *const T, to: *mut T, size: usize) {
    // SAFETY: as asked of the caller; one of the two is always a local value.
    unsafe {
        to.cast::<u8>()
            .copy_from_nonoverlapping(from.cast::<u8>(), size);
    }
}

/// A struct that a function fills.
#[derive(Clone, Copy)]
pub(crate) struct Out<T> {
    place: *mut T,
    size: usize,
}

impl<T: Pod> Out<T> {
    /// Checks the place before any work is done for it.
    ///
    /// # Safety
    /// `place` is NULL or points to as many bytes that may be written as its `struct_size` says.
    pub(crate) unsafe fn at(place: *mut T, name: &'static str) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let size = unsafe { size_of_callers(place.cast_const(), name)? };
        Ok(Self { place, size })
    }

    /// Writes as much of a value as the caller knows.
    pub(crate) fn set(&self, value: T) {
        let mut value = value;
        let sized = (&raw mut value).cast::<u32>();
        // SAFETY: the first field of every such struct is `struct_size`, which stays the caller's.
        unsafe { sized.write(self.size as u32) };
        // SAFETY: checked in `at`, whose caller answers for the rest.
        unsafe { copy(&raw const value, self.place, self.size) };
    }
}

/// An array of structs that a function fills. The `struct_size` of its first entry holds for all:
/// it is the distance from one to the next.
pub(crate) struct OutArray<T> {
    first: Option<Out<T>>,
    capacity: usize,
    name: &'static str,
}

impl<T: Pod> OutArray<T> {
    /// Checks a place for exactly so many entries, before any work is done for them.
    ///
    /// # Safety
    /// `first` is NULL or points to `capacity` structs whose first says their size.
    pub(crate) unsafe fn fixed(first: *mut T, capacity: usize, name: &'static str) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let out = unsafe { Out::at(first, name)? };
        if capacity > isize::MAX as usize / out.size {
            let length = capacity;
            return Err(Misuse::TooLong { name, length }.into());
        }
        Ok(Self {
            first: Some(out),
            capacity,
            name,
        })
    }

    /// Writes an entry within the capacity.
    pub(crate) fn set(&self, at: usize, value: T) {
        assert!(at < self.capacity, "an entry beyond the array");
        if let Some(Out { place, size }) = self.first {
            // SAFETY: `at` is below the capacity, and the whole array fits memory.
            let place = unsafe { place.cast::<u8>().add(at * size).cast::<T>() };
            Out { place, size }.set(value);
        }
    }
}

/// An array of unknown length that a function fills, and where it says how many entries there are.
pub(crate) struct OutList<T> {
    array: OutArray<T>,
    count: Place<usize>,
}

impl<T: Pod> OutList<T> {
    /// Checks the places before any work is done for them.
    ///
    /// # Safety
    /// `first` is NULL or points to `capacity` structs whose first says their size; `count` is NULL
    /// or may be written.
    pub(crate) unsafe fn at(
        first: *mut T,
        capacity: usize,
        count: *mut usize,
        name: &'static str,
    ) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let count = unsafe { Place::at(count, "count")? };
        let array = if first.is_null() && capacity == 0 {
            OutArray {
                first: None,
                capacity,
                name,
            }
        } else {
            // SAFETY: as asked of the caller.
            unsafe { OutArray::fixed(first, capacity, name)? }
        };
        Ok(Self { array, count })
    }

    /// How many entries there is room for.
    pub(crate) fn capacity(&self) -> usize {
        self.array.capacity
    }

    /// Fills the array with a whole list, and says how many entries it has. Without an array only
    /// that is asked for.
    pub(crate) fn put(self, values: impl ExactSizeIterator<Item = T>) -> Result<()> {
        let needed = values.len();
        let OutArray { capacity, name, .. } = self.array;
        self.count.set(needed);
        if self.array.first.is_none() {
            return Ok(());
        }
        if needed > capacity {
            return Err(Misuse::Buffer {
                name,
                capacity,
                needed,
            }
            .into());
        }
        for (n, value) in values.enumerate() {
            self.array.set(n, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            let out = Out::at(&raw mut old, "it").expect("known");
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
        // SAFETY: places of this function; the array is written as structs of 8 bytes.
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
        // SAFETY: places of this function.
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
}
