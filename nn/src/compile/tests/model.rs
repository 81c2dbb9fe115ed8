//! ONNX files of a few nodes, made by hand.

use crate::{Signature, TensorSpec};
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto,
    TensorShapeProto, TypeProto, ValueInfoProto, type_proto,
};

pub(super) struct Model {
    pub(super) proto: ModelProto,
    pub(super) signature: Signature,
}

#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Int(i64),
    Ints(&'a [i64]),
    Float(f32),
    Text(&'a str),
}

pub(super) fn spec(name: &str, shape: &[usize]) -> TensorSpec {
    TensorSpec {
        name: name.into(),
        shape: shape.to_vec(),
    }
}

impl Model {
    /// A model with the input `x`, whose output is added by [`Model::output`].
    pub(super) fn new(opset: i64, shape: &[usize]) -> Self {
        let set = OperatorSetIdProto {
            domain: String::new(),
            version: opset,
        };
        let input = ValueInfoProto {
            name: "x".into(),
            r#type: Some(of_shape(shape)),
            ..Default::default()
        };
        let graph = GraphProto {
            input: vec![input],
            ..Default::default()
        };
        Self {
            proto: ModelProto {
                ir_version: 7,
                opset_import: vec![set],
                graph: Some(graph),
                ..Default::default()
            },
            signature: Signature {
                input: spec("x", shape),
                outputs: Vec::new(),
            },
        }
    }

    fn graph(&mut self) -> &mut GraphProto {
        self.proto.graph.as_mut().expect("made above")
    }

    pub(super) fn floats(mut self, name: &str, shape: &[usize], values: Vec<f32>) -> Self {
        let tensor = TensorProto {
            name: name.into(),
            dims: shape.iter().map(|&side| side as i64).collect(),
            data_type: 1,
            float_data: values,
            ..Default::default()
        };
        self.graph().initializer.push(tensor);
        self
    }

    pub(super) fn ints(mut self, name: &str, values: &[i64]) -> Self {
        let tensor = TensorProto {
            name: name.into(),
            dims: vec![values.len() as i64],
            data_type: 7,
            int64_data: values.to_vec(),
            ..Default::default()
        };
        self.graph().initializer.push(tensor);
        self
    }

    /// A node named as its output, `n-` in front.
    pub(super) fn node(
        mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Value<'_>)],
    ) -> Self {
        let node = NodeProto {
            name: format!("n-{output}"),
            op_type: operator.into(),
            input: inputs.iter().map(|&name| name.into()).collect(),
            output: vec![output.into()],
            attribute: attributes.iter().map(attribute).collect(),
            ..Default::default()
        };
        self.graph().node.push(node);
        self
    }

    pub(super) fn output(mut self, name: &str, shape: &[usize]) -> Self {
        let output = ValueInfoProto {
            name: name.into(),
            r#type: Some(of_shape(shape)),
            ..Default::default()
        };
        self.graph().output.push(output);
        self.signature.outputs.push(spec(name, shape));
        self
    }
}

fn of_shape(shape: &[usize]) -> TypeProto {
    let dim = |&side: &usize| Dimension {
        value: Some(dimension::Value::DimValue(side as i64)),
        ..Default::default()
    };
    let tensor = type_proto::Tensor {
        elem_type: 1,
        shape: Some(TensorShapeProto {
            dim: shape.iter().map(dim).collect(),
        }),
    };
    TypeProto {
        value: Some(type_proto::Value::TensorType(tensor)),
        ..Default::default()
    }
}

fn attribute(&(name, value): &(&str, Value<'_>)) -> AttributeProto {
    let mut attribute = AttributeProto {
        name: name.into(),
        ..Default::default()
    };
    match value {
        Value::Float(value) => (attribute.r#type, attribute.f) = (1, value),
        Value::Int(value) => (attribute.r#type, attribute.i) = (2, value),
        Value::Text(text) => (attribute.r#type, attribute.s) = (3, text.into()),
        Value::Ints(values) => (attribute.r#type, attribute.ints) = (7, values.to_vec()),
    }
    attribute
}
