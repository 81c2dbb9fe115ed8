//! Photographs on disk and the faces in them: bounded reading, the rule which face counts, and work on many photographs
//! at once.

mod files;
mod parallel;
mod photographs;
mod pixels;

pub(crate) use files::MAX_CSV_BYTES;
pub use files::{is_picture, open_plain, pictures_below, read_at_most, sorted_entries};
pub use parallel::{each_of_some, each_photograph};
pub use photographs::{FaceChoice, Pick};
pub use pixels::to_image;
