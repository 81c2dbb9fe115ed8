//! Pooling, enlarging and zeros around pictures.

use super::call::{Call, axis};
use super::value::{Padded, Value};
use super::window::{Windows, pair};
use crate::compile::constant::Folded;
use crate::compile::graph::Graph;
use crate::compile::view::View;
use crate::plan::{Extent, Operation, Pool, PoolKind, Resize, ResizeKind, TensorId};

pub(super) fn pool(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    let max = call.operator == "MaxPool";
    call.only(&[
        "auto_pad",
        "ceil_mode",
        "dilations",
        "kernel_shape",
        "pads",
        "strides",
        if max {
            "storage_order"
        } else {
            "count_include_pad"
        },
    ])?;
    let size = pair(call, "kernel_shape")?.ok_or("it has no kernel_shape")?;
    let windows = Windows::of(graph, call, size)?;
    let border = call.int("count_include_pad", 0)? != 0 && windows.leaves;
    let kind = match (max, windows.padded) {
        (true, false) => PoolKind::Max,
        (true, true) => return Err("zeros around a picture whose largest values count".to_owned()),
        // The zeros of a `Pad` are pixels like any other.
        (false, true) if windows.leaves => return Err("padding inside padding".to_owned()),
        (false, true) => PoolKind::AverageWithBorder,
        (false, false) if border && windows.beyond => {
            return Err("count_include_pad with windows beyond the padding".to_owned());
        }
        (false, false) if border => PoolKind::AverageWithBorder,
        (false, false) => PoolKind::Average,
    };
    let from = graph.extent(windows.input);
    let whole = windows.window.size == [from.height, from.width] && !windows.leaves;
    if kind == PoolKind::Average && whole {
        return Ok(average(graph, windows.input));
    }
    let extent = windows.extent(windows.channels)?;
    let id = graph.operation(extent, |output| {
        Operation::Pool(Pool {
            input: windows.input,
            output,
            kind,
            window: windows.window,
        })
    });
    Ok(Value::View(View::planes(id, extent)))
}

pub(super) fn global_average(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&[])?;
    let input = call.picture(0, graph)?;
    Ok(average(graph, input))
}

fn average(graph: &mut Graph, input: TensorId) -> Value {
    let extent = Extent {
        height: 1,
        width: 1,
        channels: graph.extent(input).channels,
    };
    let id = graph.operation(extent, |output| Operation::GlobalAverage { input, output });
    Value::View(View::planes(id, extent))
}

/// The mean over height and width; no other.
pub(super) fn reduce_mean(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axes", "keepdims", "noop_with_empty_axes"])?;
    let input = call.picture(0, graph)?;
    let axes = match call.optional_constant(1)? {
        Some(axes) => axes.as_integers()?,
        None => call.ints("axes")?.unwrap_or_default(),
    };
    let mut axes: Vec<usize> = axes.iter().map(|&a| axis(a, 4)).collect::<Result<_, _>>()?;
    axes.sort_unstable();
    if axes != [2, 3] {
        return Err(format!("a mean over the axes {axes:?}"));
    }
    let mean = average(graph, input);
    match (mean, call.int("keepdims", 1)?) {
        (Value::View(view), 0) => {
            let shape = &view.shape()[..2];
            let flat = view.reshape(shape).ok_or("a mean of no shape")?;
            Ok(Value::View(flat))
        }
        (mean, _) => Ok(mean),
    }
}

pub(super) fn pad(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["mode", "pads", "value"])?;
    let mode = call.text("mode", "constant")?;
    let fill = match call.optional_constant(2)? {
        Some(value) => value.scalar()?,
        None => call.float("value", 0.0)?,
    };
    if mode != "constant" || fill != 0.0 || call.optional(3).is_some() {
        return Err(format!(
            "mode {mode} with value {fill}; only zeros around all axes are known"
        ));
    }
    let node = call.picture(0, graph)?;
    let pads = match call.optional_constant(1)? {
        Some(pads) => pads.as_integers()?,
        None => call.ints("pads")?.unwrap_or_default(),
    };
    let &[0, 0, top, left, 0, channels, bottom, right] = pads else {
        return Err(format!("pads {pads:?}"));
    };
    let grown = |side: u32, pads: &[i64]| -> Folded<u32> {
        let sum = pads.iter().try_fold(side, |sum, &pad| {
            let pad = u32::try_from(pad).ok().filter(|pad| *pad <= 1 << 16)?;
            sum.checked_add(pad)
        });
        sum.ok_or_else(|| format!("pads {pads:?}"))
    };
    let from = graph.extent(node);
    let extent = Extent {
        height: grown(from.height, &[top, bottom])?,
        width: grown(from.width, &[left, right])?,
        channels: grown(from.channels, &[channels])?,
    };
    if extent == from {
        return Ok(Value::View(View::planes(node, from)));
    }
    Ok(Value::Padded(Padded {
        node,
        before: [top as usize, left as usize],
        extent,
    }))
}

pub(super) fn resize(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&[
        "antialias",
        "coordinate_transformation_mode",
        "cubic_coeff_a",
        "exclude_outside",
        "extrapolation_value",
        "mode",
        "nearest_mode",
    ])?;
    if call.opset < 11 {
        return Err("the form before version 11 of the operators".to_owned());
    }
    call.must_be("antialias", 0)?;
    call.must_be("exclude_outside", 0)?;
    let input = call.picture(0, graph)?;
    let from = graph.extent(input);
    let (height, width) = target(call, from)?;
    let extent = Extent {
        height,
        width,
        ..from
    };
    let whole = height.is_multiple_of(from.height) && width.is_multiple_of(from.width);
    if !whole || height == 0 || width == 0 {
        return Err(format!(
            "from {from:?} to {height} × {width}: no whole factors"
        ));
    }
    let mode = call.text("mode", "nearest")?;
    let place = call.text("coordinate_transformation_mode", "half_pixel")?;
    let nearest = call.text("nearest_mode", "round_prefer_floor")?;
    let kind = match (mode, place, nearest) {
        ("nearest", "asymmetric", "floor") => ResizeKind::Nearest,
        // With whole factors no place is half way between two pixels, and the nearest is the pixel
        // that is repeated.
        (
            "nearest",
            "half_pixel" | "pytorch_half_pixel",
            "round_prefer_floor" | "round_prefer_ceil",
        ) => ResizeKind::Nearest,
        ("linear", "half_pixel", _) => ResizeKind::BilinearCentres,
        ("linear", "pytorch_half_pixel", _) if height > 1 && width > 1 => {
            ResizeKind::BilinearCentres
        }
        ("linear", "align_corners", _) => ResizeKind::BilinearCorners,
        _ => return Err(format!("mode {mode}, {place}, {nearest}")),
    };
    let id = graph.operation(extent, |output| {
        Operation::Resize(Resize {
            input,
            output,
            kind,
        })
    });
    Ok(Value::View(View::planes(id, extent)))
}

/// Height and width from `sizes` or `scales`.
fn target(call: &Call<'_>, from: Extent) -> Folded<(u32, u32)> {
    let given = |index: usize| {
        let constant = call.optional_constant(index)?;
        Ok::<_, String>(constant.filter(|constant| constant.shape != [0]))
    };
    let sizes = match (given(2)?, given(3)?) {
        (_, Some(sizes)) => match sizes.as_integers()? {
            &[1, channels, height, width] if channels == i64::from(from.channels) => {
                Some((height, width))
            }
            _ => None,
        },
        (Some(scales), None) => match scales.floats()? {
            &[1.0, 1.0, down, across] => {
                // ONNX: floor(side · scale).
                let side = |side: u32, scale: f32| (f64::from(side) * f64::from(scale)) as i64;
                Some((side(from.height, down), side(from.width, across)))
            }
            _ => None,
        },
        (None, None) => None,
    };
    let narrow = |side: i64| u32::try_from(side).ok().filter(|side| *side <= 1 << 16);
    sizes
        .and_then(|(height, width)| Some((narrow(height)?, narrow(width)?)))
        .ok_or_else(|| "other axes than height and width, or no target".to_owned())
}
