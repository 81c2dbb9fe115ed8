//! Liveness: whether a face is that of a living person.

pub mod colour;
pub mod decision;
pub mod depth;
pub mod infrared;
pub mod verdict;
