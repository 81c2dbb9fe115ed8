//! From the nodes of an ONNX file to plain operations on pictures. Constants are folded on the way,
//! and reshaping and transposing become views.

mod affine;
mod call;
mod elementwise;
mod linear;
mod resample;
mod shape;
mod value;
mod window;

use super::CompileError;
use super::constant::Folded;
use super::graph::{Graph, Work};
use super::source::{Attribute, Node, Source};
use super::view::View;
use crate::plan::{Extent, Order, PlanOutput};
use crate::{Signature, TensorSpec};
use call::Call;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use value::{Parts, Value};

type Handler = fn(&mut Graph, &Call<'_>) -> Folded<Value>;

fn handler(operator: &str) -> Option<Handler> {
    Some(match operator {
        "Add" | "Sub" | "Mul" | "Div" => elementwise::arithmetic,
        "AveragePool" | "MaxPool" => resample::pool,
        "BatchNormalization" => linear::batch_normalization,
        "Cast" => shape::cast,
        "Clip" | "LeakyRelu" | "PRelu" | "Relu" | "Sigmoid" => elementwise::activation,
        "Concat" => shape::concat,
        "Constant" => shape::constant,
        "Conv" => linear::convolution,
        "Dropout" | "Identity" => shape::identity,
        "Flatten" => shape::flatten,
        "Gather" => shape::gather,
        "Gemm" | "MatMul" => linear::matrix,
        "GlobalAveragePool" => resample::global_average,
        "Pad" => resample::pad,
        "ReduceMean" => resample::reduce_mean,
        "Reshape" => shape::reshape,
        "Resize" => resample::resize,
        "Shape" => shape::shape,
        "Slice" => shape::slice,
        "Softmax" => shape::softmax,
        "Squeeze" | "Unsqueeze" => shape::squeeze,
        "Transpose" => shape::transpose,
        _ => return None,
    })
}

/// The graph of a file for the signature's fixed shapes, its outputs, and the order of its input.
pub(super) struct Imported {
    pub(super) graph: Graph,
    pub(super) outputs: Vec<PlanOutput>,
    pub(super) input_order: Order,
}

pub(super) fn import(source: &Source, signature: &Signature) -> Result<Imported, CompileError> {
    let mut graph = Graph::default();
    let (input_order, input) = input(&mut graph, source, &signature.input)?;
    let mut values: HashMap<&str, Value> = HashMap::new();
    for (name, constant) in &source.constants {
        values.insert(name, Value::Constant(Rc::new(constant.clone())));
    }
    values.insert(&signature.input.name, Value::View(input));
    let needed = needed(source, signature);
    for (node, _) in source
        .nodes
        .iter()
        .zip(needed)
        .filter(|(_, needed)| *needed)
    {
        let value = run(&mut graph, source.opset, node, &values)?;
        if let Some(name) = node.outputs.first() {
            values.insert(name, value);
        }
    }
    let outputs = signature.outputs.iter().map(|spec| {
        let value = values.get(spec.name.as_str());
        let found = value.ok_or_else(|| "the network has no such tensor".to_owned());
        found
            .and_then(|value| output(&graph, value, spec))
            .map_err(|cause| wrong(spec, cause))
    });
    Ok(Imported {
        outputs: outputs.collect::<Result<_, _>>()?,
        graph,
        input_order,
    })
}

fn wrong(spec: &TensorSpec, cause: String) -> CompileError {
    CompileError::Signature {
        name: spec.name.clone(),
        cause,
    }
}

fn run(
    graph: &mut Graph,
    opset: i64,
    node: &Node,
    values: &HashMap<&str, Value>,
) -> Result<Value, CompileError> {
    let handler = handler(&node.operator).ok_or_else(|| CompileError::Operator {
        operator: node.operator.clone(),
        node: node.name.clone(),
    })?;
    Call::new(node, opset, values)
        .and_then(|call| handler(graph, &call))
        .map_err(|cause| CompileError::Unsupported {
            operator: node.operator.clone(),
            node: node.name.clone(),
            cause,
        })
}

/// The input's node, seen as the file sees it.
fn input(
    graph: &mut Graph,
    source: &Source,
    spec: &TensorSpec,
) -> Result<(Order, View), CompileError> {
    if source.inputs != [spec.name.as_str()] {
        let cause = format!("the network's inputs are {:?}", source.inputs);
        return Err(wrong(spec, cause));
    }
    let sides: Option<Vec<u32>> = spec.shape.iter().map(|&s| u32::try_from(s).ok()).collect();
    let Some(&[1, a, b, c]) = sides.as_deref() else {
        return Err(wrong(
            spec,
            format!("{:?} is no shape of one picture", spec.shape),
        ));
    };
    let order = if reads_interleaved(source, &spec.name) {
        Order::Interleaved
    } else {
        Order::Planes
    };
    let [height, width, channels] = match order {
        Order::Interleaved => [a, b, c],
        _ => [b, c, a],
    };
    let extent = Extent {
        height,
        width,
        channels,
    };
    let id = graph.add(extent, |_| Work::Input);
    let view = match order {
        Order::Interleaved => View::interleaved(id, extent),
        _ => View::planes(id, extent),
    };
    Ok((order, view))
}

/// Networks that take interleaved pixels transpose them first.
fn reads_interleaved(source: &Source, input: &str) -> bool {
    source.nodes.iter().any(|node| {
        node.operator == "Transpose"
            && node.inputs.first().is_some_and(|name| name == input)
            && node.attributes.get("perm") == Some(&Attribute::Ints(vec![0, 3, 1, 2]))
    })
}

/// Which nodes the outputs depend on; the others may be of any kind.
fn needed(source: &Source, signature: &Signature) -> Vec<bool> {
    let mut names: HashSet<&str> = signature.outputs.iter().map(|o| o.name.as_str()).collect();
    let mut needed: Vec<bool> = source
        .nodes
        .iter()
        .rev()
        .map(|node| {
            let needed = node
                .outputs
                .iter()
                .any(|name| names.contains(name.as_str()));
            if needed {
                names.extend(node.inputs.iter().map(String::as_str));
            }
            needed
        })
        .collect();
    needed.reverse();
    needed
}

fn output(graph: &Graph, value: &Value, spec: &TensorSpec) -> Folded<PlanOutput> {
    let parts = match value {
        Value::View(view) => Parts {
            shape: view.shape(),
            views: vec![view.clone()],
            softmax: None,
        },
        Value::Parts(parts) => parts.clone(),
        Value::Constant(_) => return Err("it is a constant".to_owned()),
        Value::Padded(_) => return Err("it is padded, which no output can be".to_owned()),
    };
    if parts.shape != spec.shape {
        return Err(format!(
            "it has shape {:?}, not {:?}",
            parts.shape, spec.shape
        ));
    }
    let orders = [Order::Planes, Order::Interleaved].into_iter();
    let all = |order: &Order| {
        let mut views = parts.views.iter();
        views.all(|view| view.is_in(*order, graph.extent(view.node)))
    };
    let order = orders.chain((2..=16).map(Order::Blocks)).find(all);
    Ok(PlanOutput {
        parts: parts.views.iter().map(|view| view.node).collect(),
        order: order.ok_or("its values are in an order that no plan has a form for")?,
        softmax: parts.softmax.map(|run| run as u32),
    })
}
