//! Handles: the opaque objects whose pointers C holds.
//!
//! A handle points to a slot, which belongs to the pool of its type. Slots are used again, but their memory is never
//! given back to the allocator, so the library can check at any time whether a handle was freed; the memory of a pool is
//! bounded by the largest number of handles that existed at once. A slot counts its users: any number through
//! `const X *`, one through `X *`. What C can get wrong (a freed handle, one of another type, two threads in one
//! session, a callback that uses the same session) is refused with the parameter's name, and nothing is touched.

mod access;
mod object;
mod pool;
mod slot;
#[cfg(test)]
mod tests;

pub(crate) use access::{OutHandle, exclusive, free, shared};
pub(crate) use object::{Exclusive, Object, Owned, Shared, object};
pub(crate) use pool::Pool;
