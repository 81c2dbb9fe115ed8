//! Constants that meet a picture channel by channel.

use crate::compile::constant::{Constant, Folded, Values};
use crate::compile::graph::{Affine, Graph, Work};
use crate::compile::view::{View, sides};
use crate::plan::Extent;

/// The values of a constant that meets a view with ONNX's broadcasting, one for each channel of
/// the picture.
pub(super) fn channel_values(view: &View, extent: Extent, constant: &Constant) -> Folded<Vec<f32>> {
    let values = constant.floats()?;
    let [height, width, channels] = sides(extent);
    if let [value] = values {
        return Ok(vec![*value; channels]);
    }
    let mut found: Vec<Option<f32>> = vec![None; channels];
    for (place, at) in view
        .places()?
        .into_iter()
        .zip(constant.spread(&view.shape())?)
    {
        let known = &mut found[place / (height * width)];
        match *known {
            Some(value) if value.to_bits() != values[at].to_bits() => {
                return Err("a constant that differs from pixel to pixel".to_owned());
            }
            _ => *known = Some(values[at]),
        }
    }
    Ok(found
        .into_iter()
        .map(|value| value.unwrap_or(0.0))
        .collect())
}

/// `scale · x + shift` of the picture under a view.
pub(super) fn affine(graph: &mut Graph, view: &View, scale: Vec<f32>, shift: Vec<f32>) -> View {
    let input = view.node;
    let id = graph.add(graph.extent(input), |_| {
        Work::Affine(Affine {
            input,
            scale,
            shift,
        })
    });
    view.of(id)
}

/// A constant with the same value everywhere.
pub(super) fn uniform(value: f32) -> Constant {
    Constant {
        shape: vec![],
        values: Values::Floats(vec![value]),
    }
}
