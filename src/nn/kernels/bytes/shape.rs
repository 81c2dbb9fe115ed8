//! How a picture of bytes lies in memory.

use crate::nn::plan::Extent;

/// Height × width × channel, rows and pixels one after another without gaps. Bytes of a pixel past
/// its last channel mean nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Shape {
    /// Rows.
    pub(crate) height: usize,
    /// Pixels of a row.
    pub(crate) width: usize,
    /// Channels that mean something.
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
                channels.next_multiple_of(super::LANES)
            },
        }
    }

    /// Bytes of a row.
    pub(crate) fn row(&self) -> usize {
        self.width * self.pixel
    }

    /// Bytes of the picture.
    pub(crate) fn len(&self) -> usize {
        self.height * self.row()
    }
}
