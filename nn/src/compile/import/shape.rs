//! What changes no value: shapes, and constants made of shapes.

use super::call::{Call, axis};
use super::value::{Parts, Value};
use crate::compile::constant::{Constant, Folded, Values};
use crate::compile::graph::Graph;
use crate::compile::source::Attribute;
use crate::compile::view::View;
use crate::plan::{Extent, Operation};
use std::rc::Rc;

fn known(constant: Constant) -> Value {
    Value::Constant(Rc::new(constant))
}

pub(super) fn constant(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&[
        "value",
        "value_float",
        "value_floats",
        "value_int",
        "value_ints",
    ])?;
    let mut found = [
        "value",
        "value_float",
        "value_floats",
        "value_int",
        "value_ints",
    ]
    .into_iter()
    .filter_map(|name| call.attribute(name));
    let constant = match found.next() {
        Some(Attribute::Tensor(tensor)) => tensor.clone(),
        Some(Attribute::Float(value)) => Constant {
            shape: vec![],
            values: Values::Floats(vec![*value]),
        },
        Some(Attribute::Floats(values)) => Constant {
            shape: vec![values.len()],
            values: Values::Floats(values.clone()),
        },
        Some(Attribute::Int(value)) => Constant::integers(vec![], vec![*value]),
        Some(Attribute::Ints(values)) => Constant::integers(vec![values.len()], values.clone()),
        _ => return Err("it has no value".to_owned()),
    };
    Ok(known(constant))
}

pub(super) fn identity(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    // Dropout does nothing unless it is told to train.
    call.only(&["is_test", "ratio", "seed"])?;
    match call.optional_constant(2)? {
        Some(training) if training.as_integers()?.iter().any(|&on| on != 0) => {
            Err("training".to_owned())
        }
        _ => Ok(call.input(0)?.clone()),
    }
}

pub(super) fn cast(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["to", "saturate", "round_mode"])?;
    let to = call.int("to", 0)?;
    match call.input(0)? {
        Value::Constant(constant) => Ok(known(constant.cast(to)?)),
        value if to == 1 => Ok(value.clone()),
        _ => Err(format!("a cast to type {to}")),
    }
}

pub(super) fn shape(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["end", "start"])?;
    let shape = call.input(0)?.shape();
    let sides: Vec<i64> = shape.iter().map(|&side| side as i64).collect();
    let constant = Constant::integers(vec![sides.len()], sides);
    let (start, end) = (call.int("start", 0)?, call.int("end", i64::MAX)?);
    Ok(known(constant.slice(0, start, end, 1)?))
}

/// A value in another shape with as many values.
fn reshaped(value: &Value, shape: Vec<usize>) -> Folded<Value> {
    let count = |shape: &[usize]| shape.iter().try_fold(1_usize, |n, &s| n.checked_mul(s));
    let old = value.shape();
    let fits = count(&shape) == count(&old);
    let error = || format!("from {old:?} to {shape:?}");
    if !fits {
        return Err(error());
    }
    Ok(match value {
        Value::Constant(constant) => known(constant.reshape(shape)),
        Value::View(view) => Value::View(view.reshape(&shape).ok_or_else(error)?),
        Value::Parts(parts) => Value::Parts(Parts {
            shape,
            ..parts.clone()
        }),
        Value::Padded(_) => return Err("zeros around a picture that is reshaped".to_owned()),
    })
}

pub(super) fn reshape(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["allowzero", "shape"])?;
    call.must_be("allowzero", 0)?;
    let value = call.input(0)?;
    let old = value.shape();
    let wanted = match call.optional_constant(1)? {
        Some(wanted) => wanted.as_integers()?,
        None => call.ints("shape")?.ok_or("it has no shape")?,
    };
    let error = || format!("from {old:?} to {wanted:?}");
    let mut shape = Vec::with_capacity(wanted.len());
    for (index, &side) in wanted.iter().enumerate() {
        shape.push(match side {
            0 => *old.get(index).ok_or_else(error)?,
            -1 => 1,
            side => usize::try_from(side).map_err(|_| error())?,
        });
    }
    let mut open = (0..wanted.len()).filter(|&index| wanted[index] == -1);
    if let Some(index) = open.next() {
        let rest = shape.iter().try_fold(1_usize, |n, &s| n.checked_mul(s));
        let all: usize = old.iter().product();
        let rest = rest.filter(|&rest| rest > 0 && all.is_multiple_of(rest));
        shape[index] = all / rest.ok_or_else(error)?;
    }
    if open.next().is_some() {
        return Err(error());
    }
    reshaped(value, shape)
}

pub(super) fn flatten(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axis"])?;
    let value = call.input(0)?;
    let shape = value.shape();
    let at = match call.int("axis", 1)? {
        end if end == shape.len() as i64 => shape.len(),
        other => axis(other, shape.len())?,
    };
    let (rows, columns) = shape.split_at(at);
    let flat = vec![rows.iter().product(), columns.iter().product()];
    reshaped(value, flat)
}

pub(super) fn squeeze(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axes"])?;
    let value = call.input(0)?;
    let mut shape = value.shape();
    let axes = match call.optional_constant(1)? {
        Some(axes) => Some(axes.as_integers()?),
        None => call.ints("axes")?,
    };
    if call.operator == "Unsqueeze" {
        let axes = axes.ok_or("it has no axes")?;
        let rank = shape.len() + axes.len();
        let mut axes: Vec<usize> = axes
            .iter()
            .map(|&a| axis(a, rank))
            .collect::<Result<_, _>>()?;
        axes.sort_unstable();
        for at in axes {
            if at > shape.len() {
                return Err(format!("axis {at} of {}", shape.len()));
            }
            shape.insert(at, 1);
        }
    } else if let Some(axes) = axes {
        let rank = shape.len();
        let mut axes: Vec<usize> = axes
            .iter()
            .map(|&a| axis(a, rank))
            .collect::<Result<_, _>>()?;
        axes.sort_unstable();
        for at in axes.into_iter().rev() {
            if shape.remove(at) != 1 {
                return Err(format!("axis {at} of {:?} is no 1", value.shape()));
            }
        }
    } else {
        shape.retain(|&side| side != 1);
    }
    reshaped(value, shape)
}

pub(super) fn transpose(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["perm"])?;
    let value = call.input(0)?;
    let rank = value.shape().len();
    let order: Vec<usize> = match call.ints("perm")? {
        Some(perm) => perm
            .iter()
            .map(|&a| axis(a, rank))
            .collect::<Result<_, _>>()?,
        None => (0..rank).rev().collect(),
    };
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if sorted != (0..rank).collect::<Vec<_>>() {
        return Err(format!("perm {order:?}"));
    }
    Ok(match value {
        Value::Constant(constant) => known(constant.transpose(&order)?),
        _ => Value::View(call.view(0)?.transpose(&order)),
    })
}

pub(super) fn gather(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axis"])?;
    let data = call.constant(0)?;
    let at = axis(call.int("axis", 0)?, data.shape.len())?;
    Ok(known(data.gather(at, call.constant(1)?)?))
}

pub(super) fn slice(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axes", "ends", "starts"])?;
    let mut data = call.constant(0)?.clone();
    let list = |index: usize, name: &str| match call.optional_constant(index)? {
        Some(constant) => Ok(Some(constant.as_integers()?.to_vec())),
        None => Ok::<_, String>(call.ints(name)?.map(<[i64]>::to_vec)),
    };
    let starts = list(1, "starts")?.ok_or("it has no starts")?;
    let ends = list(2, "ends")?.ok_or("it has no ends")?;
    let count = starts.len();
    let axes = list(3, "axes")?.unwrap_or_else(|| (0..count as i64).collect());
    let steps = list(4, "steps")?.unwrap_or_else(|| vec![1; count]);
    if [ends.len(), axes.len(), steps.len()] != [count; 3] {
        return Err("starts, ends, axes and steps of different number".to_owned());
    }
    for index in 0..count {
        let at = axis(axes[index], data.shape.len())?;
        data = data.slice(at, starts[index], ends[index], steps[index])?;
    }
    Ok(known(data))
}

pub(super) fn concat(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axis"])?;
    let values: Vec<&Value> = (0..call.count())
        .map(|i| call.input(i))
        .collect::<Result<_, _>>()?;
    let shape = values.first().ok_or("it reads nothing")?.shape();
    let at = axis(call.int("axis", 0)?, shape.len())?;
    if values
        .iter()
        .all(|value| matches!(value, Value::Constant(_)))
    {
        let parts: Vec<&Constant> = (0..call.count())
            .map(|i| call.constant(i))
            .collect::<Result<_, _>>()?;
        return Ok(known(Constant::concat(&parts, at)?));
    }
    let mut whole = shape.clone();
    whole[at] = 0;
    for value in &values {
        let mut part = value.shape();
        if part.len() != shape.len() {
            return Err(format!("{part:?} beside {shape:?}"));
        }
        whole[at] += std::mem::replace(&mut part[at], shape[at]);
        if part != shape {
            return Err(format!("{part:?} beside {shape:?}"));
        }
    }
    let pictures = (0..call.count()).map(|i| call.picture(i, graph));
    match pictures.collect::<Result<Vec<_>, _>>() {
        Ok(inputs) if at == 1 => {
            let side = |axis: usize| u32::try_from(whole[axis]).map_err(|_| "too large");
            let extent = Extent {
                height: side(2)?,
                width: side(3)?,
                channels: side(1)?,
            };
            let id = graph.operation(extent, |output| Operation::Concat { inputs, output });
            Ok(Value::View(View::planes(id, extent)))
        }
        _ if shape[..at].iter().all(|&side| side == 1) => behind_each_other(&values, whole),
        _ => Err(format!("side by side along axis {at} of {shape:?}")),
    }
}

fn behind_each_other(values: &[&Value], shape: Vec<usize>) -> Folded<Value> {
    let mut views = Vec::new();
    for value in values {
        match value {
            Value::View(view) => views.push(view.clone()),
            Value::Parts(parts) if parts.softmax.is_none() => {
                views.extend_from_slice(&parts.views);
            }
            _ => return Err("constants, padding or a softmax beside a tensor".to_owned()),
        }
    }
    Ok(Value::Parts(Parts {
        views,
        shape,
        softmax: None,
    }))
}

pub(super) fn softmax(_: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&["axis"])?;
    let value = call.input(0)?;
    let shape = value.shape();
    // Before version 13 the softmax goes over the axis and all behind it.
    let old = call.opset < 13;
    let at = axis(call.int("axis", if old { 1 } else { -1 })?, shape.len())?;
    if !old && shape[at + 1..].iter().any(|&side| side != 1) {
        return Err(format!("axis {at} of {shape:?}: only the last is known"));
    }
    let views = match value {
        Value::Parts(parts) if parts.softmax.is_none() => parts.views.clone(),
        _ => vec![call.view(0)?.clone()],
    };
    Ok(Value::Parts(Parts {
        views,
        softmax: Some(shape[at..].iter().product()),
        shape,
    }))
}
