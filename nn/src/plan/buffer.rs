//! What a step reads or writes: a tensor, or a copy of one.

use super::{Extent, Plan, TensorId};

/// How the pixels of a buffer lie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Packing {
    /// Pixels of whole vectors.
    Vectors,
    /// Pixels without padding, with this many pixels of zeros left and right of a row.
    Tight { left: usize, right: usize },
    /// Int8, four bytes in the place of an f32.
    Int8,
}

/// A tensor, or a copy of one in another packing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buffer {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) channels: usize,
    pub(super) packing: Packing,
}

/// Values of the widest vector.
const MAX_LANES: usize = 16;

impl Buffer {
    /// Values of a row with vectors of so many lanes.
    pub(super) fn row(&self, lanes: usize) -> usize {
        match self.packing {
            Packing::Vectors => self.width * self.channels.next_multiple_of(lanes),
            Packing::Tight { left, right } => (left + self.width + right) * self.channels,
            Packing::Int8 => self.width * self.channels,
        }
    }

    /// Values that it takes with the widest vectors, all its rows kept.
    pub(super) fn most_values(&self) -> u64 {
        let (margins, pixel) = match self.packing {
            Packing::Vectors => (0, self.channels.next_multiple_of(MAX_LANES)),
            Packing::Tight { left, right } => (left + right, self.channels),
            Packing::Int8 => (0, self.channels),
        };
        // Three sides of 17 bits.
        self.height as u64 * (self.width + margins) as u64 * pixel as u64
    }

    /// A tensor of the plan.
    pub(super) fn tensor(plan: &Plan, id: TensorId) -> Self {
        let extent = plan.tensors[id.0 as usize];
        match plan.int8_shape(id) {
            Some(shape) => Self {
                channels: shape.pixel / size_of::<f32>(),
                ..Self::new(extent, Packing::Int8)
            },
            None => Self::new(extent, Packing::Vectors),
        }
    }

    pub(super) fn new(extent: Extent, packing: Packing) -> Self {
        Self {
            height: extent.height as usize,
            width: extent.width as usize,
            channels: extent.channels as usize,
            packing,
        }
    }
}
