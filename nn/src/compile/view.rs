//! How a tensor of the ONNX graph lies in a picture of the plan. Reshaping and transposing change
//! the view and cost nothing; only an output has to say in which order it is written.

use super::constant::{Folded, places};
use crate::plan::{Extent, Order, TensorId};

/// Places at equal distances.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Axis {
    length: usize,
    step: usize,
}

/// A tensor whose value at each index is one value of a picture. Places are counted in the order
/// of planes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct View {
    pub(super) node: TensorId,
    /// The dimensions of the tensor, each made of axes, the last fastest; none for a dimension
    /// of 1.
    dims: Vec<Vec<Axis>>,
}

impl View {
    /// `[1, channels, height, width]`.
    pub(super) fn planes(node: TensorId, extent: Extent) -> Self {
        let [height, width, channels] = sides(extent);
        let axis = |length, step| vec![Axis { length, step }];
        Self {
            node,
            dims: vec![
                vec![],
                axis(channels, height * width),
                axis(height, width),
                axis(width, 1),
            ],
        }
    }

    /// `[1, height, width, channels]`.
    pub(super) fn interleaved(node: TensorId, extent: Extent) -> Self {
        Self::planes(node, extent).transpose(&[0, 2, 3, 1])
    }

    /// The same view of another picture of the same size.
    pub(super) fn of(&self, node: TensorId) -> Self {
        Self {
            node,
            dims: self.dims.clone(),
        }
    }

    pub(super) fn shape(&self) -> Vec<usize> {
        let length = |dim: &Vec<Axis>| dim.iter().map(|axis| axis.length).product();
        self.dims.iter().map(length).collect()
    }

    pub(super) fn transpose(&self, order: &[usize]) -> Self {
        Self {
            node: self.node,
            dims: order.iter().map(|&dim| self.dims[dim].clone()).collect(),
        }
    }

    /// The same values in another shape; `None` where the new dimensions do not divide the old.
    pub(super) fn reshape(&self, shape: &[usize]) -> Option<Self> {
        let mut rest = self.axes().into_iter();
        let mut current: Option<Axis> = None;
        let mut dims = Vec::with_capacity(shape.len());
        for &side in shape {
            let (mut dim, mut needed) = (Vec::new(), side);
            while needed > 1 {
                let axis = current.take().or_else(|| rest.next())?;
                if needed.is_multiple_of(axis.length) {
                    dim.push(axis);
                    needed /= axis.length;
                } else if axis.length.is_multiple_of(needed) {
                    let inner = axis.length / needed;
                    dim.push(Axis {
                        length: needed,
                        step: axis.step * inner,
                    });
                    current = Some(Axis {
                        length: inner,
                        step: axis.step,
                    });
                    needed = 1;
                } else {
                    return None;
                }
            }
            dims.push(dim);
        }
        let complete = current.is_none() && rest.next().is_none();
        complete.then_some(Self {
            node: self.node,
            dims,
        })
    }

    /// All axes, neighbours that follow each other without a gap made one.
    fn axes(&self) -> Vec<Axis> {
        let mut axes: Vec<Axis> = Vec::new();
        for axis in self.dims.iter().flatten().filter(|axis| axis.length > 1) {
            match axes.last_mut() {
                Some(last) if last.step == axis.step * axis.length => {
                    last.length *= axis.length;
                    last.step = axis.step;
                }
                _ => axes.push(*axis),
            }
        }
        axes
    }

    /// Whether both show the same places in the same order and shape.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.axes() == other.axes() && self.shape() == other.shape()
    }

    /// Whether this is the whole picture as `[1, channels, height, width]`.
    pub(super) fn is_picture(&self, extent: Extent) -> bool {
        self.agrees(&Self::planes(self.node, extent))
    }

    /// Whether the values, one after the other, are the picture in this order.
    pub(super) fn is_in(&self, order: Order, extent: Extent) -> bool {
        let whole = match order {
            Order::Planes => Some(Self::planes(self.node, extent)),
            Order::Interleaved => Some(Self::interleaved(self.node, extent)),
            Order::Blocks(side) => Self::blocks(self.node, extent, side as usize),
        };
        whole.is_some_and(|whole| whole.axes() == self.axes())
    }

    fn blocks(node: TensorId, extent: Extent, side: usize) -> Option<Self> {
        let [height, width, channels] = sides(extent);
        if side < 2 || !channels.is_multiple_of(side * side) {
            return None;
        }
        let inner = channels / (side * side);
        let split = Self::planes(node, extent).reshape(&[side, side, inner, height, width])?;
        Some(split.transpose(&[3, 0, 4, 1, 2]))
    }

    /// The place of each value, in the order of planes.
    pub(super) fn places(&self) -> Folded<Vec<usize>> {
        let axes = self.axes();
        let lengths: Vec<usize> = axes.iter().map(|axis| axis.length).collect();
        let steps: Vec<usize> = axes.iter().map(|axis| axis.step).collect();
        places(&lengths, &steps, 0)
    }
}

/// Height, width and channels.
pub(super) fn sides(extent: Extent) -> [usize; 3] {
    [extent.height, extent.width, extent.channels].map(|side| side as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Extent = Extent {
        height: 4,
        width: 6,
        channels: 8,
    };

    fn planes() -> View {
        View::planes(TensorId(3), EXTENT)
    }

    #[test]
    fn heads_of_detectors_are_recognised() {
        let head = planes().transpose(&[0, 2, 3, 1]);
        assert!(!head.is_picture(EXTENT));
        let head = head.reshape(&[1, 96, 2]).unwrap();
        assert_eq!(head.shape(), [1, 96, 2]);
        assert!(head.is_in(Order::Interleaved, EXTENT));
        assert!(!head.is_in(Order::Planes, EXTENT));
    }

    #[test]
    fn a_view_reshaped_and_back_is_the_picture() {
        let flat = planes().reshape(&[1, 192]).unwrap();
        assert!(flat.is_in(Order::Planes, EXTENT));
        assert!(flat.reshape(&[1, 8, 4, 6]).unwrap().is_picture(EXTENT));
        assert!(!flat.reshape(&[1, 4, 8, 6]).unwrap().is_picture(EXTENT));
        let turned = planes().transpose(&[0, 2, 3, 1]).transpose(&[0, 3, 1, 2]);
        assert!(turned.is_picture(EXTENT));
    }

    #[test]
    fn blocks_are_recognised_by_their_side() {
        let split = planes().reshape(&[1, 2, 2, 2, 4, 6]).unwrap();
        let large = split.transpose(&[0, 4, 1, 5, 2, 3]).reshape(&[1, 8, 12, 2]);
        let large = large.unwrap();
        assert!(large.is_in(Order::Blocks(2), EXTENT));
        assert!(!large.is_in(Order::Interleaved, EXTENT));
        assert!(!large.is_in(Order::Blocks(4), EXTENT));
    }

    #[test]
    fn places_follow_the_view() {
        let extent = Extent {
            height: 1,
            width: 2,
            channels: 3,
        };
        let view = View::interleaved(TensorId(0), extent);
        assert_eq!(view.places(), Ok(vec![0, 2, 4, 1, 3, 5]));
    }

    #[test]
    fn what_does_not_divide_is_no_view() {
        let turned = planes().transpose(&[0, 2, 1, 3]);
        assert_eq!(turned.reshape(&[1, 3, 64]), None);
        assert_eq!(planes().reshape(&[1, 191]), None);
        assert_eq!(planes().reshape(&[1, 193]), None);
        assert!(planes().reshape(&[3, 64]).is_some());
    }
}
