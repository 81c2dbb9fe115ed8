//! The report on presentation attack detection.

mod det;
mod page;
mod words;

pub use page::pad_page;
