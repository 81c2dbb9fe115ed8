//! Where the planes of a frame lie in the bytes that came.

use super::alignment::check_other_layouts;
use super::error::{FrameError, MAX_FRAME_SIDE, check_length, check_sides, check_stride};
use super::layout::{ChromaLayout, FrameLayout, PixelFormat};

/// The samples of U or of V, checked.
#[derive(Clone, Copy)]
pub(super) struct ChromaPlane<'a> {
    bytes: &'a [u8],
    stride: usize,
    step: usize,
    /// What stands for the last sample where the buffer ends before it.
    last: u8,
}

impl<'a> ChromaPlane<'a> {
    pub(super) const NONE: Self = Self {
        bytes: &[],
        stride: 0,
        step: 0,
        last: 0,
    };

    /// The sample at half the coordinates of a pixel.
    #[inline]
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        let sample = self.bytes.get(y * self.stride + x * self.step);
        // Only the last one can be missing: everything before it was checked.
        *sample.unwrap_or(&self.last)
    }

    /// Checks a plane. Where U and V take turns, cameras let each buffer end with its last sample or
    /// the one before (Android's Camera2): the neighbour stands for it then.
    fn new(
        plane: &'static str,
        layout: ChromaLayout,
        (width, height): (u32, u32),
        bytes: &'a [u8],
    ) -> Result<Self, FrameError> {
        let ChromaLayout {
            stride,
            pixel_stride: step,
            ..
        } = layout;
        if !(1..=4).contains(&step) {
            return Err(FrameError::PixelStride { plane, value: step });
        }
        let row = (width as usize - 1) * step;
        let (least, most) = (row + 1, MAX_FRAME_SIDE as usize * 4);
        if !(least..=most).contains(&stride) {
            return Err(FrameError::PlaneStride {
                plane,
                stride,
                least,
                most,
            });
        }
        let last = stride * (height as usize - 1) + row;
        let may_lack = step == 2 && width > 1;
        let present = last - if may_lack { step } else { 0 };
        let neighbour = bytes.get(present).ok_or(FrameError::PlaneTooShort {
            plane,
            length: bytes.len(),
            needed: last + 1,
        })?;
        Ok(Self {
            bytes,
            stride,
            step,
            last: *neighbour,
        })
    }
}

/// The planes of a frame, checked. Formats of one plane have no chroma.
#[derive(Clone, Copy)]
pub(super) struct Planes<'a> {
    pub(super) first: &'a [u8],
    pub(super) u: ChromaPlane<'a>,
    pub(super) v: ChromaPlane<'a>,
}

impl<'a> Planes<'a> {
    /// All planes in one buffer.
    pub(super) fn of_one_buffer(layout: &FrameLayout, bytes: &'a [u8]) -> Result<Self, FrameError> {
        check_common(layout)?;
        let FrameLayout { width, height, .. } = *layout;
        if !layout.format.has_chroma_planes() {
            check_length(bytes, layout.format.min_bytes(width, height, layout.stride))?;
            check_other_layouts(layout, bytes.len())?;
            return Ok(Self::single(bytes));
        }
        if layout.says_nothing_of_planes() {
            let needed = layout.format.min_bytes(width, height, layout.stride);
            let may_lack = usize::from(layout.format.is_interleaved() && width > 2);
            if bytes.len() + may_lack < needed {
                return Err(FrameError::TooFewBytes {
                    length: bytes.len(),
                    needed,
                });
            }
            check_other_layouts(layout, bytes.len())?;
        }
        let luma = luma_bytes(layout);
        check_length(bytes, luma)?;
        let [u, v] = layout.chroma();
        for (plane, chroma) in [("u", u), ("v", v)] {
            if chroma.offset < luma {
                return Err(FrameError::PlaneOffset {
                    plane,
                    offset: chroma.offset,
                    least: luma,
                });
            }
        }
        let of = |plane, chroma: ChromaLayout| {
            let rest = bytes.get(chroma.offset..).unwrap_or(&[]);
            ChromaPlane::new(plane, chroma, layout.chroma_size(), rest)
        };
        Ok(Self {
            first: bytes,
            u: of("u", u)?,
            v: of("v", v)?,
        })
    }

    /// A buffer for luma, and one for the pairs of chroma or one each for U and V.
    pub(super) fn of_buffers(
        layout: &FrameLayout,
        buffers: &[&'a [u8]],
    ) -> Result<Self, FrameError> {
        let interleaved = layout.format.is_interleaved();
        let (first, u, v) = match *buffers {
            [bytes] => return Self::of_one_buffer(layout, bytes),
            [first, pairs] if interleaved => {
                let second = pairs.get(1..).unwrap_or(&[]);
                match layout.format {
                    PixelFormat::Nv12 => (first, pairs, second),
                    _ => (first, second, pairs),
                }
            }
            [first, u, v] if layout.format.has_chroma_planes() => (first, u, v),
            _ => {
                return Err(FrameError::PlaneCount {
                    count: buffers.len(),
                    allowed: match (interleaved, layout.format.has_chroma_planes()) {
                        (true, _) => "1, 2 or 3",
                        (_, true) => "1 or 3",
                        _ => "1",
                    },
                });
            }
        };
        check_common(layout)?;
        for (plane, said) in [("u", layout.u), ("v", layout.v)] {
            if said.offset != 0 {
                return Err(FrameError::PlaneOffset {
                    plane,
                    offset: said.offset,
                    least: 0,
                });
            }
        }
        check_length(first, luma_bytes(layout))?;
        let [u_layout, v_layout] = layout.chroma();
        let size = layout.chroma_size();
        Ok(Self {
            first,
            u: ChromaPlane::new("u", u_layout, size, u)?,
            v: ChromaPlane::new("v", v_layout, size, v)?,
        })
    }

    fn single(first: &'a [u8]) -> Self {
        Self {
            first,
            u: ChromaPlane::NONE,
            v: ChromaPlane::NONE,
        }
    }
}

/// Bytes of luma; the last row may stop after its pixels.
fn luma_bytes(layout: &FrameLayout) -> usize {
    layout.stride * (layout.height as usize - 1) + layout.width as usize
}

/// What is checked before any product of a layout's numbers is taken.
fn check_common(layout: &FrameLayout) -> Result<(), FrameError> {
    check_sides(layout.width, layout.height)?;
    check_stride(layout.stride, layout.format.min_stride(layout.width))?;
    let (rows, least) = (layout.plane_rows, layout.height);
    // Twice the longest side: more than any alignment adds.
    let most = MAX_FRAME_SIDE * 2;
    if rows != 0 && !(least..=most).contains(&rows) {
        return Err(FrameError::PlaneRows { rows, least, most });
    }
    for (plane, said) in [("u", layout.u), ("v", layout.v)] {
        if said != ChromaLayout::default() && !layout.format.has_chroma_planes() {
            return Err(FrameError::NoSuchPlane { plane });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
