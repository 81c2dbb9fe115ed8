//! JPEG files, read down to their blocks (ITU-T T.81).
//!
//! A decoder fills up what a file lacks with grey and says nothing. So a file is read here first:
//! its segments, as libjpeg reads them, and handed on as a plain stream that holds nothing but what
//! was understood: no bytes between segments, no thumbnails, nothing behind the picture's end, and
//! the tables that the standard gives where the file leaves them out. The decoder sees that stream
//! alone, so that two readers of one file cannot disagree about it.
//!
//! Whether all blocks are there is told in two ways. A file of one sequential scan, as nearly all
//! are, gets a guard behind its data at which the decoder stumbles ([`Headers::guarded`]). Of other
//! files, and of one that stumbled, every Huffman code of every scan is read without making pixels
//! ([`Headers::read_scans`]), which also tells the share that is missing.
//!
//! Everything here is a function of bytes: no input allocates more than a small multiple of its
//! length and 8 bytes for each block of 64 samples.

mod bits;
mod components;
mod guarded;
mod headers;
mod huffman;
mod markers;
pub(super) mod pixels;
mod progressive;
mod scan;
mod sequential;
mod share;
mod standard;
mod tables;
mod whole;

#[cfg(test)]
mod tests;

pub(super) use headers::Headers;
pub(super) use markers::{BEGINNING, Refused};
