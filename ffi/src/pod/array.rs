//! Arrays of structs that a function fills.

use super::single::{OutStruct, Pod};
use crate::misuse::Misuse;
use crate::output::OutValue;
use vultus::error::Result;

/// An array of structs that a function fills. The `struct_size` of its first entry is the distance in bytes
/// from each entry to the next.
pub(crate) struct OutArray<T> {
    first: Option<OutStruct<T>>,
    capacity: usize,
    name: &'static str,
}

impl<T: Pod> OutArray<T> {
    /// Checks an array of exactly so many entries, so that a wrong one is refused before any work is done.
    ///
    /// # Safety
    /// `first` is NULL, or points to `capacity` structs of the size that the first one says.
    pub(crate) unsafe fn fixed(first: *mut T, capacity: usize, name: &'static str) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let out = unsafe { OutStruct::at(first, name)? };
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
        if let Some(OutStruct { pointer, size }) = self.first {
            // SAFETY: `at` is below the capacity, and the whole array fits into memory.
            let pointer = unsafe { pointer.cast::<u8>().add(at * size).cast::<T>() };
            OutStruct { pointer, size }.set(value);
        }
    }
}

/// An array that a function fills with a list of unknown length, and the number that says how many entries
/// there are.
pub(crate) struct OutList<T> {
    array: OutArray<T>,
    count: OutValue<usize>,
}

impl<T: Pod> OutList<T> {
    /// Checks the pointers, so that wrong ones are refused before any work is done.
    ///
    /// # Safety
    /// `first` is NULL, or points to `capacity` structs of the size that the first one says; `count` is
    /// NULL or may be written.
    pub(crate) unsafe fn at(
        first: *mut T,
        capacity: usize,
        count: *mut usize,
        name: &'static str,
    ) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let count = unsafe { OutValue::at(count, "count")? };
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

    /// Fills the array with a whole list and writes how many entries it has. Without an array only the
    /// number is written.
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
