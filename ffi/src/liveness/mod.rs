//! Whether a face is a living person's: the answer, and its kinds.

pub mod colour;
pub mod decision;
pub mod depth;
pub mod infrared;
pub mod verdict;
