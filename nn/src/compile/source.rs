//! What an ONNX file says, in types of our own.

use super::CompileError;
use super::constant::{Constant, Values};
use crate::error::Cause;
use crate::half::to_single;
use crate::tract::Failure;
use std::collections::HashMap;
use tract_onnx::pb::{AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto};
use tract_onnx::tract_core::framework::Framework;

/// The graph of a file.
pub(super) struct Source {
    /// Version of ONNX's own operators.
    pub(super) opset: i64,
    /// In an order in which each is behind what it reads.
    pub(super) nodes: Vec<Node>,
    /// By name.
    pub(super) constants: HashMap<String, Constant>,
    /// The inputs that no constant provides.
    pub(super) inputs: Vec<String>,
}

pub(super) struct Node {
    /// The operator's type, with its domain where that is not ONNX's own.
    pub(super) operator: String,
    /// Its name, or that of its first output.
    pub(super) name: String,
    /// The tensors it reads; an empty name is one left out.
    pub(super) inputs: Vec<String>,
    pub(super) outputs: Vec<String>,
    pub(super) attributes: HashMap<String, Attribute>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Attribute {
    Int(i64),
    Float(f32),
    Text(String),
    Ints(Vec<i64>),
    Floats(Vec<f32>),
    Tensor(Constant),
    /// A kind that no known operator has.
    Other,
}

impl Source {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CompileError> {
        let mut reader = bytes;
        let model = tract_onnx::onnx()
            .proto_model_for_read(&mut reader)
            .map_err(|cause| CompileError::Onnx {
                cause: Cause::new(Failure::new(cause)),
            })?;
        Self::from_model(model)
    }

    pub(super) fn from_model(model: ModelProto) -> Result<Self, CompileError> {
        let error = |cause: String| CompileError::Onnx {
            cause: Cause::new(cause),
        };
        let opset = model
            .opset_import
            .iter()
            .find(|set| set.domain.is_empty() || set.domain == "ai.onnx")
            .ok_or_else(|| error("it does not say which version of the operators".to_owned()))?
            .version;
        let graph = model
            .graph
            .ok_or_else(|| error("it has no graph".to_owned()))?;
        Self::from_graph(opset, graph).map_err(error)
    }

    fn from_graph(opset: i64, graph: GraphProto) -> Result<Self, String> {
        let mut constants = HashMap::new();
        for tensor in &graph.initializer {
            let constant = constant(tensor).map_err(|e| format!("tensor {}: {e}", tensor.name))?;
            constants.insert(tensor.name.clone(), constant);
        }
        let inputs = graph.input.into_iter().map(|input| input.name);
        let inputs = inputs
            .filter(|name| !constants.contains_key(name))
            .collect();
        let nodes = graph.node.into_iter().map(Node::read);
        Ok(Self {
            opset,
            nodes: nodes.collect::<Result<_, _>>()?,
            constants,
            inputs,
        })
    }
}

impl Node {
    fn read(node: NodeProto) -> Result<Self, String> {
        let operator = match node.domain.as_str() {
            "" | "ai.onnx" => node.op_type,
            domain => format!("{domain}.{}", node.op_type),
        };
        let name = if node.name.is_empty() {
            node.output.first().cloned().unwrap_or_default()
        } else {
            node.name
        };
        let mut attributes = HashMap::new();
        for attribute in &node.attribute {
            let value =
                value(attribute).map_err(|e| format!("{} of node {name}: {e}", attribute.name))?;
            attributes.insert(attribute.name.clone(), value);
        }
        Ok(Self {
            operator,
            name,
            inputs: node.input,
            outputs: node.output,
            attributes,
        })
    }
}

fn value(attribute: &AttributeProto) -> Result<Attribute, String> {
    // AttributeProto.AttributeType.
    Ok(match attribute.r#type {
        1 => Attribute::Float(attribute.f),
        2 => Attribute::Int(attribute.i),
        3 => Attribute::Text(String::from_utf8_lossy(&attribute.s).into_owned()),
        4 => match &attribute.t {
            Some(tensor) => Attribute::Tensor(constant(tensor)?),
            None => return Err("a tensor without values".to_owned()),
        },
        6 => Attribute::Floats(attribute.floats.clone()),
        7 => Attribute::Ints(attribute.ints.clone()),
        _ => Attribute::Other,
    })
}

fn constant(tensor: &TensorProto) -> Result<Constant, String> {
    if tensor.data_location.unwrap_or(0) != 0 {
        return Err("its values are in another file".to_owned());
    }
    let shape: Option<Vec<usize>> = tensor
        .dims
        .iter()
        .map(|&d| usize::try_from(d).ok())
        .collect();
    let shape = shape.ok_or("it has a negative dimension")?;
    let raw = &tensor.raw_data;
    let in_raw = !raw.is_empty();
    // TensorProto.DataType.
    let values = match tensor.data_type {
        1 if in_raw => Values::Floats(numbers(raw, f32::from_le_bytes)?),
        1 => Values::Floats(tensor.float_data.clone()),
        10 if in_raw => Values::Floats(numbers(raw, |b| to_single(u16::from_le_bytes(b)))?),
        10 => Values::Floats(
            // The low half of each word.
            tensor
                .int32_data
                .iter()
                .map(|&bits| to_single(bits as u16))
                .collect(),
        ),
        11 if in_raw => Values::Floats(numbers(raw, |b| f64::from_le_bytes(b) as f32)?),
        11 => Values::Floats(tensor.double_data.iter().map(|&v| v as f32).collect()),
        7 if in_raw => Values::Integers(numbers(raw, i64::from_le_bytes)?),
        7 => Values::Integers(tensor.int64_data.clone()),
        6 if in_raw => Values::Integers(numbers(raw, |b| i32::from_le_bytes(b).into())?),
        9 if in_raw => Values::Integers(raw.iter().map(|&b| b.into()).collect()),
        6 | 9 => Values::Integers(tensor.int32_data.iter().map(|&v| v.into()).collect()),
        other => return Err(format!("numbers of type {other} are not known")),
    };
    let found = match &values {
        Values::Floats(values) => values.len(),
        Values::Integers(values) => values.len(),
    };
    let needed = shape
        .iter()
        .try_fold(1_usize, |n, &side| n.checked_mul(side));
    if needed != Some(found) {
        return Err(format!("{found} values in shape {shape:?}"));
    }
    Ok(Constant { shape, values })
}

fn numbers<const N: usize, T>(raw: &[u8], read: impl Fn([u8; N]) -> T) -> Result<Vec<T>, String> {
    let (numbers, rest) = raw.as_chunks::<N>();
    if !rest.is_empty() {
        return Err(format!("{} bytes are no whole numbers", raw.len()));
    }
    Ok(numbers.iter().map(|&bytes| read(bytes)).collect())
}
