//! The f32 kernels of x86-64, written once for every width of register.
//!
//! A body is generic over [`Vector`] and has no instructions of its own: it is always inlined into
//! the function of a table, which [`instructions`] makes with the instructions of that table.

pub(super) mod dense;
pub(super) mod inner;
mod instantiate;
mod vector;
pub(super) mod window;

pub(super) use instantiate::{instructions, portable, shapes};
pub(super) use vector::{Vector, vector};
