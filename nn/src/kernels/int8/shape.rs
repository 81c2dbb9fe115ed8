//! How an int8 tensor lies in memory.

use super::line::LANES;
use crate::ir::Extent;
use std::ops::Range;

/// Height × width × channel, rows and pixels one after another without gaps. Bytes of a pixel past
/// its last channel are padding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Shape {
    /// Rows.
    pub(crate) height: usize,
    /// Pixels of a row.
    pub(crate) width: usize,
    /// Channels.
    pub(crate) channels: usize,
    /// Bytes from one pixel to the next.
    pub(crate) pixel: usize,
}

impl Shape {
    /// Colours take 4 bytes a pixel, so that the first layer reads no padding; all else whole vectors.
    pub(crate) fn of(extent: Extent) -> Self {
        let channels = extent.channels as usize;
        Self {
            height: extent.height as usize,
            width: extent.width as usize,
            channels,
            pixel: if channels <= 4 {
                4
            } else {
                channels.next_multiple_of(LANES)
            },
        }
    }

    /// Bytes of a row.
    pub(crate) fn row(&self) -> usize {
        self.width * self.pixel
    }

    /// Bytes of the picture.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.height * self.row()
    }
}

/// Rows of a picture to read, of which a buffer may keep fewer than the picture has: row `y` lies where row
/// `y - ring` lay.
#[derive(Clone, Copy)]
pub(crate) struct Int8Rows<'a> {
    shape: Shape,
    ring: usize,
    bytes: &'a [u8],
}

impl<'a> Int8Rows<'a> {
    /// # Panics
    /// When the buffer is not as long as the rows that it keeps.
    pub(crate) fn new(shape: Shape, ring: usize, bytes: &'a [u8]) -> Self {
        assert!(
            ring > 0 && bytes.len() == ring * shape.row(),
            "{ring} rows of {shape:?} in {} bytes",
            bytes.len()
        );
        Self { shape, ring, bytes }
    }

    /// All rows of a picture.
    #[cfg(test)]
    pub(crate) fn whole(shape: Shape, bytes: &'a [u8]) -> Self {
        Self::new(shape, shape.height, bytes)
    }

    pub(crate) fn shape(&self) -> Shape {
        self.shape
    }

    /// Row `y`.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        self.rows(&(y..y + 1))
    }

    /// Rows that do not wrap around the ring.
    pub(crate) fn rows(&self, rows: &Range<usize>) -> &'a [u8] {
        let start = rows.start % self.ring * self.shape.row();
        &self.bytes[start..start + rows.len() * self.shape.row()]
    }
}
