//! One struct: read from the caller, or written to the caller.

use crate::misuse::Misuse;
use crate::pointer::check_pointer;
use vultus::error::Result;

/// A struct of the header that begins with `struct_size`.
///
/// # Safety
/// Its first field is `struct_size: u32`, and every pattern of bits is a valid value of it.
pub(crate) unsafe trait Pod: Copy + Default {
    /// Its name in the header.
    const NAME: &'static str;
    /// Its size in every version so far, the present one last.
    const SIZES: &'static [usize];
}

/// Declares a struct: its name, the first field that each later version added, and the value of each field
/// where the caller's older version does not have it.
macro_rules! pod {
    ($name:ident $(grown at $added:ident)* { $($field:ident: $value:expr),+ $(,)? }) => {
        impl Default for $name {
            fn default() -> Self {
                Self {
                    struct_size: size_of::<Self>() as u32,
                    $($field: $value),+
                }
            }
        }

        // No padding: a field that a later version adds could fit into it, and the size would not change.
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
            const SIZES: &'static [usize] =
                &[$(std::mem::offset_of!($name, $added),)* size_of::<$name>()];
        }
    };
}
pub(crate) use pod;

/// Bytes that a field takes.
pub(crate) const fn width<T>(_: &T) -> usize {
    size_of::<T>()
}

/// The `struct_size` that the caller wrote into a struct, checked.
///
/// # Safety
/// `pointer` is NULL, or points to a `struct_size` that can be read.
unsafe fn size_at_caller<T: Pod>(pointer: *const T, name: &'static str) -> Result<usize> {
    check_pointer(pointer, name)?;
    // SAFETY: `struct_size` is the first field of every such struct; the caller guarantees that it can be read.
    let size = unsafe { pointer.cast::<u32>().read() };
    if T::SIZES.contains(&(size as usize)) {
        return Ok(size as usize);
    }
    Err(Misuse::StructSize {
        type_name: T::NAME,
        size,
        known: T::SIZES,
    }
    .into())
}

/// Reads a struct of the caller.
///
/// # Safety
/// `pointer` is NULL, or points to as many readable bytes as its `struct_size` says.
pub(crate) unsafe fn read<T: Pod>(pointer: *const T, name: &'static str) -> Result<T> {
    // SAFETY: as asked of the caller.
    let size = unsafe { size_at_caller(pointer, name)? };
    let mut value = T::default();
    // SAFETY: the size is that of one of the versions, and none is larger than this one.
    unsafe { copy(pointer, &raw mut value, size) };
    Ok(value)
}

/// Copies the first `size` bytes of a struct.
///
/// # Safety
/// `from` can be read, and `to` written, for `size` bytes.
unsafe fn copy<T>(from: *const T, to: *mut T, size: usize) {
    // SAFETY: as asked of the caller; one of the two is always a local value, so they do not overlap.
    unsafe {
        to.cast::<u8>()
            .copy_from_nonoverlapping(from.cast::<u8>(), size);
    }
}

/// A struct that a function fills.
#[derive(Clone, Copy)]
pub(crate) struct OutStruct<T> {
    pub(super) pointer: *mut T,
    /// The caller's `struct_size`, in bytes.
    pub(super) size: usize,
}

impl<T: Pod> OutStruct<T> {
    /// Checks the pointer, so that a wrong one is refused before any work is done.
    ///
    /// # Safety
    /// `pointer` is NULL, or points to as many bytes that may be written as its `struct_size` says.
    pub(crate) unsafe fn at(pointer: *mut T, name: &'static str) -> Result<Self> {
        // SAFETY: as asked of the caller.
        let size = unsafe { size_at_caller(pointer.cast_const(), name)? };
        Ok(Self { pointer, size })
    }

    /// Writes the fields that the caller's version of the struct has.
    pub(crate) fn set(&self, value: T) {
        let mut value = value;
        let sized = (&raw mut value).cast::<u32>();
        // SAFETY: the first field of every such struct is `struct_size`; the caller keeps its own.
        unsafe { sized.write(self.size as u32) };
        // SAFETY: `at` checked the pointer, and its caller guarantees that so many bytes may be written.
        unsafe { copy(&raw const value, self.pointer, self.size) };
    }
}
