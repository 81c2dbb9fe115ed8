//! What is computed over data sets: accuracy of comparisons, what quality is worth, and presentation attack detection.

pub mod accuracy;
pub mod error_versus_reject;
pub mod pad;
mod verification;

pub use verification::Verification;
