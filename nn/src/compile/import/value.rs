//! What a tensor of the file has become.

use crate::compile::constant::Constant;
use crate::compile::view::View;
use crate::plan::{Extent, TensorId};
use std::rc::Rc;

/// What a tensor of the file has become.
#[derive(Clone)]
pub(super) enum Value {
    Constant(Rc<Constant>),
    View(View),
    Padded(Padded),
    Parts(Parts),
}

/// A picture with zeros around it. No operation writes them: the one that reads the picture takes them in.
#[derive(Clone)]
pub(super) struct Padded {
    pub(super) node: TensorId,
    /// Rows above and pixels to the left.
    pub(super) before: [usize; 2],
    /// The size with the zeros.
    pub(super) extent: Extent,
}

/// Views behind each other: the heads of a detector.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) views: Vec<View>,
    pub(super) shape: Vec<usize>,
    /// Values that share a softmax.
    pub(super) softmax: Option<usize>,
}

impl Value {
    /// The dimensions that the file sees.
    pub(super) fn shape(&self) -> Vec<usize> {
        match self {
            Self::Constant(constant) => constant.shape.clone(),
            Self::View(view) => view.shape(),
            Self::Padded(padded) => {
                let Extent {
                    height,
                    width,
                    channels,
                } = padded.extent;
                let mut shape = vec![1];
                shape.extend([channels, height, width].map(|side| side as usize));
                shape
            }
            Self::Parts(parts) => parts.shape.clone(),
        }
    }
}
