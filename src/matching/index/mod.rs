//! Exact search of one model's embeddings in memory.
//!
//! Rows are quantised to int8. A search reads the high 4 bits of each code and proves with a bound
//! which rows can be among the best; for those it reads the low 4 bits, which prove more, and for the
//! few that remain the stored `f32` values (`bound.rs` has the mathematics). So the answer is that of
//! a full scan, not an approximation, at an eighth of the memory traffic.
//!
//! An [`Index`] is a value: cloning it copies pointers, and a change copies only the chunk that it
//! touches. A writer prepares the next state of a gallery on its own clone while readers search
//! the last one. A group is a [`RowSet`]: searching within one costs as much as its rows.
//!
//! Memory a face: `dimension · 4` bytes of values, `dimension` rounded up to 128 of codes, 8 of
//! scale and bound; 2 568 bytes at 512 values. The values stay `f32`: `f16` would save 1 024 of them,
//! not time (a search reads the values of some dozens of rows), and a search would no longer give the
//! cosine that a verification gives.
//!
//! From the ground up: `limits`, `rows`, `error`; `planes` and `bound`, then `chunk`; `vectors` (the
//! [`Index`]); `search`.

mod bound;
mod chunk;
mod error;
mod limits;
mod planes;
mod rows;
mod search;
#[cfg(test)]
mod tests;
mod vectors;

pub use error::IndexError;
pub use limits::{MAX_DIMENSION, MAX_ROWS};
pub use rows::{Row, RowSet};
pub use search::Hit;
pub use vectors::Index;
