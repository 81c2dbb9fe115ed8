//! Structs of the caller (plain old data): their first field is `struct_size`.
//!
//! A later version of the library may add fields at the end of a struct. A caller that was built with an older header has
//! a smaller `struct_size`: fields that it does not know are not written, and where they are read they have the value
//! that keeps the old behaviour. A size that no version had is refused.

mod array;
mod single;
#[cfg(test)]
mod tests;

pub(crate) use array::{OutArray, OutList};
pub(crate) use single::{OutStruct, Pod, pod, read, width};
