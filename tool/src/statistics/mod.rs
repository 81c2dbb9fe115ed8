//! Rates of few trials and how sure they are. Pure numbers: nothing here knows faces or files.

mod mixer;
mod normal;
mod rate;
mod share;

pub use mixer::SplitMix64;
pub use normal::normal_deviate;
pub use rate::{Rate, student_quantile};
pub use share::Share;
