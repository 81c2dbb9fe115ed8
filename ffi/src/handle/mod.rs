//! Handles: the opaque objects whose pointers C holds.
//!
//! A handle is a number in the shape of a pointer: the place of a slot in a table, and the slot's generation. It is looked up
//! and never followed. Slots belong to the pool of their type and are used again, each time under another generation, so
//! that a handle that was freed is refused and never means the next owner's object. Their memory is never given back: it is
//! bounded by the largest number of handles that existed at once. A slot counts its users: any number through
//! `const X *`, one through `X *`. What C can get wrong (a freed handle, one of another type, two threads in one
//! session, a callback that uses the same session, a handle of the process before a fork) is refused with the parameter's
//! name, and nothing is touched.

mod access;
mod object;
mod pool;
mod slot;
mod table;
#[cfg(test)]
mod tests;
mod ticket;

pub(crate) use access::{OutHandle, exclusive, free, shared};
pub(crate) use object::{Exclusive, Object, Owned, Shared, object};
pub(crate) use pool::Pool;
