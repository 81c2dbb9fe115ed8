//! Buffers whose length is exactly that of another layout than the one that was said.

use super::error::{FrameError, OtherLayout};
use super::layout::{FrameLayout, PixelFormat};

/// What drivers round the bytes of a row and the rows of a plane up to.
const ALIGNMENTS: [usize; 7] = [4, 8, 16, 32, 64, 128, 256];

/// Refuses a buffer that is longer than this layout by exactly as much as another alignment would make
/// it. A host that means it says so with `plane_rows`.
pub(super) fn check_other_layouts(layout: &FrameLayout, length: usize) -> Result<(), FrameError> {
    let rows = layout.height as usize;
    let chroma = layout.default_chroma_stride(layout.stride);
    let said = layout.bytes(layout.stride, rows, rows, chroma);
    if !layout.says_nothing_of_planes() || length <= said {
        return Ok(());
    }
    match layout.aligned(length).or_else(|| layout.of_format(length)) {
        Some(fits) => Err(FrameError::OtherLayout { length, fits }),
        None => Ok(()),
    }
}

impl FrameLayout {
    fn aligned(&self, length: usize) -> Option<OtherLayout> {
        let height = self.height as usize;
        let planar = self.format == PixelFormat::I420;
        let chroma_width = (self.width as usize).div_ceil(2);
        // A stride that is not the least one was chosen by somebody who knew it.
        let free = self.stride == self.format.min_stride(self.width);
        for stride in aligned_to(self.stride, free) {
            for rows in aligned_to(height, self.format.has_chroma_planes()) {
                let chroma = self.default_chroma_stride(stride);
                let fits = |chroma_rows, chroma| {
                    self.is_length(length, (stride, rows, chroma_rows, chroma))
                };
                if fits(rows, chroma) || fits(height, chroma) {
                    return Some(OtherLayout::Aligned { stride, rows });
                }
                let others = aligned_to(chroma, planar).chain(aligned_to(chroma_width, planar));
                if let Some(stride) = others.into_iter().find(|&other| {
                    stride == self.stride
                        && rows == height
                        && other > chroma_width
                        && fits(height, other)
                }) {
                    return Some(OtherLayout::ChromaStride { stride });
                }
            }
        }
        None
    }

    fn of_format(&self, length: usize) -> Option<OtherLayout> {
        let plane = self.stride * self.height as usize;
        let name = match self.format {
            _ if length == plane * 2 && self.format.has_chroma_planes() => {
                "4:2:2 pictures (NV16, YUYV): ask the driver for NV12, or use YUYV"
            }
            _ if length == plane * 3 && self.format.has_chroma_planes() => {
                "samples of two bytes (P010): keep the upper byte of each, which makes it NV12"
            }
            PixelFormat::Gray8 if length == plane * 2 => {
                "samples of two bytes (10, 12 or 16 bits): keep the upper 8 bits of each"
            }
            PixelFormat::Gray8 if length * 4 == plane * 5 => {
                "packed 10 bits (MIPI RAW10): keep four of every five bytes"
            }
            _ => return None,
        };
        Some(OtherLayout::Format { name })
    }

    fn default_chroma_stride(&self, stride: usize) -> usize {
        match self.format {
            PixelFormat::I420 => stride.div_ceil(2),
            _ => stride,
        }
    }

    /// Bytes of whole rows, planes behind one another.
    fn bytes(&self, stride: usize, rows: usize, chroma_rows: usize, chroma: usize) -> usize {
        let planes = match self.format {
            PixelFormat::I420 => 2,
            _ => usize::from(self.format.has_chroma_planes()),
        };
        stride * rows + planes * chroma * chroma_rows.div_ceil(2)
    }

    /// Whether a buffer has this length, with the whole last row or only its pixels.
    fn is_length(
        &self,
        length: usize,
        (stride, rows, chroma_rows, chroma): (usize, usize, usize, usize),
    ) -> bool {
        let whole = self.bytes(stride, rows, chroma_rows, chroma);
        let (row, used) = match self.format {
            PixelFormat::I420 => (chroma, (self.width as usize).div_ceil(2)),
            _ => (stride, self.format.min_stride(self.width)),
        };
        length == whole || length == whole - (row - used)
    }
}

/// A number, and where it is free to be rounded up, what it becomes.
fn aligned_to(value: usize, free: bool) -> impl Iterator<Item = usize> {
    let rounded = ALIGNMENTS.map(|alignment| value.next_multiple_of(alignment));
    let others = rounded
        .into_iter()
        .filter(move |&other| free && other != value);
    std::iter::once(value).chain(others)
}
