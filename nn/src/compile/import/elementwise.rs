//! Activations and arithmetic, value by value.

use super::affine::{affine, channel_values, uniform};
use super::call::Call;
use super::value::{Padded, Parts, Value};
use crate::compile::constant::{Constant, Folded};
use crate::compile::graph::{Graph, Work};
use crate::compile::view::View;
use crate::plan::{Activation, Add, Extent, Operation, Scale, TensorId};
use std::rc::Rc;

pub(super) fn activation(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    let value = call.input(0)?;
    match value {
        Value::View(view) => Ok(Value::View(activated(graph, call, view)?)),
        // What works on each value works on each part.
        Value::Parts(parts) if parts.softmax.is_none() => {
            let views = parts.views.iter().map(|view| activated(graph, call, view));
            Ok(Value::Parts(Parts {
                views: views.collect::<Result<_, _>>()?,
                ..parts.clone()
            }))
        }
        _ => call.view(0).map(|view| Value::View(view.clone())),
    }
}

fn activated(graph: &mut Graph, call: &Call<'_>, view: &View) -> Folded<View> {
    let extent = graph.extent(view.node);
    let activation = match call.operator {
        "Relu" => {
            call.only(&[])?;
            Activation::Relu
        }
        "Sigmoid" => {
            call.only(&[])?;
            Activation::Sigmoid
        }
        "LeakyRelu" => {
            call.only(&["alpha"])?;
            let slope = uniform(call.float("alpha", 0.01)?);
            Activation::Prelu(channel_values(view, extent, &slope)?)
        }
        "PRelu" => {
            call.only(&[])?;
            Activation::Prelu(channel_values(view, extent, call.constant(1)?)?)
        }
        _ => match clip(call)? {
            Some(clip) => clip,
            None => return Ok(view.clone()),
        },
    };
    Ok(activate(graph, view, activation))
}

fn activate(graph: &mut Graph, view: &View, activation: Activation) -> View {
    let input = view.node;
    let id = graph.operation(graph.extent(input), |output| Operation::Activate {
        input,
        output,
        activation,
    });
    view.of(id)
}

/// `None` where nothing is cut off.
fn clip(call: &Call<'_>) -> Folded<Option<Activation>> {
    let bound = |index: usize, name: &str, default: f32| match call.optional_constant(index)? {
        Some(bound) => bound.scalar(),
        None => call.float(name, default),
    };
    call.only(if call.opset < 11 {
        &["max", "min"]
    } else {
        &[]
    })?;
    let low = bound(1, "min", f32::MIN)?;
    let high = bound(2, "max", f32::MAX)?;
    // The largest numbers are how files write "no bound".
    let open = (low <= f32::MIN, high >= f32::MAX);
    match open {
        (true, true) => Ok(None),
        (false, true) if low == 0.0 => Ok(Some(Activation::Relu)),
        _ if low <= high => Ok(Some(Activation::Clip {
            low: low.max(f32::MIN),
            high: high.min(f32::MAX),
        })),
        _ => Err(format!("a range from {low} to {high}")),
    }
}

/// `Add`, `Sub`, `Mul` and `Div`.
pub(super) fn arithmetic(graph: &mut Graph, call: &Call<'_>) -> Folded<Value> {
    call.only(&[])?;
    match (call.input(0)?, call.input(1)?) {
        (Value::Constant(left), Value::Constant(right)) => {
            let value = Constant::combine(call.operator, left, right)?;
            Ok(Value::Constant(Rc::new(value)))
        }
        (Value::View(view), Value::Constant(constant)) => {
            with_constant(graph, call.operator, view, constant, false)
        }
        (Value::Constant(constant), Value::View(view)) => {
            with_constant(graph, call.operator, view, constant, true)
        }
        (left, right) => match call.operator {
            "Add" => sum(graph, left, right),
            "Mul" => product(graph, call.view(0)?, call.view(1)?),
            _ => Err("of two tensors that are no constants".to_owned()),
        },
    }
}

fn with_constant(
    graph: &mut Graph,
    operator: &str,
    view: &View,
    constant: &Constant,
    constant_first: bool,
) -> Folded<Value> {
    let shape = view.shape();
    // A constant with more axes or larger sides would make the tensor larger.
    let values = channel_values(view, graph.extent(view.node), constant)?;
    if constant.shape.len() > shape.len() {
        return Err(format!("{:?} with {shape:?}", constant.shape));
    }
    let ones = || vec![1.0; values.len()];
    let zeros = || vec![0.0; values.len()];
    let negative = || values.iter().map(|v| -v).collect();
    let inverse = || values.iter().map(|v| 1.0 / v).collect();
    let (scale, shift) = match (operator, constant_first) {
        ("Add", _) => (ones(), values),
        ("Mul", _) => (values.clone(), zeros()),
        ("Sub", false) => (ones(), negative()),
        ("Sub", true) => (vec![-1.0; values.len()], values),
        ("Div", false) => (inverse(), zeros()),
        _ => return Err("a constant divided by a tensor".to_owned()),
    };
    Ok(Value::View(affine(graph, view, scale, shift)))
}

/// A picture with what it lacks at the ends of its axes, as sums take it in.
fn filled(graph: &Graph, value: &Value) -> Folded<Padded> {
    match value {
        Value::Padded(padded) if padded.before == [0, 0] => Ok(padded.clone()),
        Value::View(view) if view.is_picture(graph.extent(view.node)) => Ok(Padded {
            node: view.node,
            before: [0, 0],
            extent: graph.extent(view.node),
        }),
        _ => Err("a sum of pictures that lie differently".to_owned()),
    }
}

fn sum(graph: &mut Graph, left: &Value, right: &Value) -> Folded<Value> {
    let add = |graph: &mut Graph, extent, left, right| {
        graph.operation(extent, |output| {
            Operation::Add(Add {
                left,
                right,
                output,
                activation: Activation::None,
            })
        })
    };
    if let (Value::View(a), Value::View(b)) = (left, right)
        && a.agrees(b)
        && graph.extent(a.node) == graph.extent(b.node)
    {
        let id = add(graph, graph.extent(a.node), a.node, b.node);
        return Ok(Value::View(a.of(id)));
    }
    let (left, right) = (filled(graph, left)?, filled(graph, right)?);
    let (a, b) = (graph.extent(left.node), graph.extent(right.node));
    let extent = Extent {
        height: a.height.max(b.height),
        width: a.width.max(b.width),
        channels: a.channels.max(b.channels),
    };
    if left.extent != extent || right.extent != extent {
        return Err(format!(
            "{:?} and {:?} are added",
            left.extent, right.extent
        ));
    }
    let id = add(graph, extent, left.node, right.node);
    Ok(Value::View(View::planes(id, extent)))
}

fn product(graph: &mut Graph, left: &View, right: &View) -> Folded<Value> {
    for (x, gate) in [(left, right), (right, left)] {
        if x.agrees(gate) && is_sigmoid_of(graph, gate.node, x.node) {
            return Ok(Value::View(activate(graph, x, Activation::Swish)));
        }
    }
    for (input, by) in [(left, right), (right, left)] {
        let (size, one) = (graph.extent(input.node), graph.extent(by.node));
        let pixel = (one.height, one.width) == (1, 1) && one.channels == size.channels;
        if pixel && input.is_picture(size) && by.is_picture(one) {
            let (from, by) = (input.node, by.node);
            let id = graph.operation(size, |output| {
                Operation::Scale(Scale {
                    input: from,
                    by,
                    output,
                })
            });
            return Ok(Value::View(input.of(id)));
        }
    }
    Err("a product of tensors other than x · sigmoid(x) and channel by channel".to_owned())
}

fn is_sigmoid_of(graph: &Graph, gate: TensorId, x: TensorId) -> bool {
    matches!(
        &graph.node(gate).work,
        Work::Operation(Operation::Activate { input, activation: Activation::Sigmoid, .. })
            if *input == x
    )
}
