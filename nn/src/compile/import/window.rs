//! Where the windows of a convolution or pooling lie.

use super::call::Call;
use super::value::{Padded, Value};
use crate::compile::constant::Folded;
use crate::compile::graph::Graph;
use crate::compile::view::sides;
use crate::plan::{Extent, TensorId, Window};

/// The picture that is read, the windows on it and how many there are.
pub(super) struct Windows {
    pub(super) input: TensorId,
    pub(super) channels: usize,
    pub(super) window: Window,
    pub(super) height: usize,
    pub(super) width: usize,
    /// Whether a window of the operator, before a `Pad` in front of it was taken in, leaves the
    /// picture.
    pub(super) leaves: bool,
    /// Whether a `Pad` was taken in.
    pub(super) padded: bool,
    /// Whether the last window goes beyond the padding (`ceil_mode`).
    pub(super) beyond: bool,
}

/// Along one axis.
struct Axis {
    count: usize,
    before: usize,
    leaves: bool,
    beyond: bool,
}

impl Windows {
    pub(super) fn of(graph: &Graph, call: &Call<'_>, size: [usize; 2]) -> Folded<Self> {
        let padded = match call.input(0)? {
            Value::Padded(padded) => padded.clone(),
            _ => {
                let node = call.picture(0, graph)?;
                Padded {
                    node,
                    before: [0, 0],
                    extent: graph.extent(node),
                }
            }
        };
        let whole = graph.extent(padded.node);
        let [height, width, channels] = sides(padded.extent);
        if whole.channels as usize != channels {
            return Err("zeros as further channels".to_owned());
        }
        let stride = pair(call, "strides")?.unwrap_or([1, 1]);
        if size.contains(&0) || stride.contains(&0) {
            return Err("a window without size or step".to_owned());
        }
        let dilation = pair(call, "dilations")?.unwrap_or([1, 1]);
        if (0..2).any(|axis| size[axis] > 1 && dilation[axis] != 1) {
            return Err(format!("dilations {dilation:?}"));
        }
        let down = Axis::of(call, 0, height, size[0], stride[0])?;
        let across = Axis::of(call, 1, width, size[1], stride[1])?;
        let narrow = |value: usize| u32::try_from(value).map_err(|_| "a huge window".to_owned());
        let narrow = |[a, b]: [usize; 2]| Ok::<_, String>([narrow(a)?, narrow(b)?]);
        Ok(Self {
            input: padded.node,
            channels,
            window: Window {
                size: narrow(size)?,
                stride: narrow(stride)?,
                before: narrow([
                    down.before + padded.before[0],
                    across.before + padded.before[1],
                ])?,
            },
            height: down.count,
            width: across.count,
            leaves: down.leaves || across.leaves,
            padded: padded.extent != whole,
            beyond: down.beyond || across.beyond,
        })
    }

    pub(super) fn extent(&self, channels: usize) -> Folded<Extent> {
        let side = |side: usize| u32::try_from(side).map_err(|_| "a huge picture".to_owned());
        Ok(Extent {
            height: side(self.height)?,
            width: side(self.width)?,
            channels: side(channels)?,
        })
    }
}

impl Axis {
    fn of(call: &Call<'_>, axis: usize, from: usize, size: usize, stride: usize) -> Folded<Self> {
        let too_small = || "a window larger than the picture".to_owned();
        let ceil = call.int("ceil_mode", 0)? != 0;
        let (before, after) = match call.text("auto_pad", "NOTSET")? {
            "NOTSET" => explicit(call, axis)?,
            "VALID" => (0, 0),
            same @ ("SAME_UPPER" | "SAME_LOWER") => {
                let count = from.div_ceil(stride);
                let total = ((count - 1) * stride + size).saturating_sub(from);
                if same == "SAME_UPPER" {
                    (total / 2, total - total / 2)
                } else {
                    (total - total / 2, total / 2)
                }
            }
            other => return Err(format!("auto_pad {other}")),
        };
        let room = from + before + after;
        let steps = room.checked_sub(size).ok_or_else(too_small)?;
        let mut count = 1 + if ceil {
            steps.div_ceil(stride)
        } else {
            steps / stride
        };
        // A window that would begin in the padding behind the picture is none.
        if ceil && (count - 1) * stride >= from + before {
            count -= 1;
        }
        let end = (count - 1) * stride + size;
        Ok(Self {
            count,
            before,
            leaves: before > 0 || end > from + before,
            beyond: end > room,
        })
    }
}

/// The attribute `pads`: all beginnings, then all ends.
fn explicit(call: &Call<'_>, axis: usize) -> Folded<(usize, usize)> {
    let pads = call.ints("pads")?.unwrap_or(&[0; 4]);
    let side = |index: usize| pads.get(index).and_then(|&pad| usize::try_from(pad).ok());
    match (pads.len(), side(axis), side(axis + 2)) {
        (4, Some(before), Some(after)) if before.max(after) <= 1 << 16 => Ok((before, after)),
        _ => Err(format!("pads {pads:?}")),
    }
}

pub(super) fn pair(call: &Call<'_>, name: &str) -> Folded<Option<[usize; 2]>> {
    let Some(values) = call.ints(name)? else {
        return Ok(None);
    };
    match values {
        &[a, b] if (0..=1 << 16).contains(&a) && (0..=1 << 16).contains(&b) => {
            Ok(Some([a as usize, b as usize]))
        }
        _ => Err(format!("{name} {values:?}")),
    }
}
