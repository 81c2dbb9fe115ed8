//! Compares embeddings: 1:1 with a calibrated score, 1:N with a threshold that follows from the
//! number of faces searched.
//!
//! From the ground up: `error`; `kernels`, the inner loops; `compare` (1:1), `threshold` and `margin` (1:N);
//! [`index`] over many faces in memory. Within `index`:
//! `limits`, `rows`, `error`, `planes`, `bound`, `chunk`, `vectors`, `search`; within `kernels`:
//! `block` and `buffer`, one file for each instruction set on `native`, `dispatch`.

mod compare;
mod error;
pub mod index;
mod kernels;
mod margin;
#[cfg(test)]
mod samples;
mod threshold;

pub use compare::{Comparison, compare, cosine};
pub(crate) use compare::{decide, reachable};
pub use error::MatchError;
pub use margin::{DISTINGUISHABLE_DB, Margin};
pub use threshold::{expected_fpir, search_threshold};
