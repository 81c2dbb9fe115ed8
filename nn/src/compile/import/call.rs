//! One node with the values that it reads.

use super::value::Value;
use crate::compile::constant::{Constant, Folded};
use crate::compile::graph::Graph;
use crate::compile::source::{Attribute, Node};
use crate::compile::view::View;
use crate::plan::TensorId;
use std::collections::HashMap;

pub(super) struct Call<'a> {
    pub(super) operator: &'a str,
    /// Version of ONNX's operators.
    pub(super) opset: i64,
    inputs: Vec<Option<Value>>,
    attributes: &'a HashMap<String, Attribute>,
}

impl<'a> Call<'a> {
    pub(super) fn new(node: &'a Node, opset: i64, values: &HashMap<&str, Value>) -> Folded<Self> {
        let input = |name: &String| match values.get(name.as_str()) {
            _ if name.is_empty() => Ok(None),
            Some(value) => Ok(Some(value.clone())),
            None => Err(format!(
                "it reads {name}, which nothing before it has written"
            )),
        };
        Ok(Self {
            operator: &node.operator,
            opset,
            inputs: node.inputs.iter().map(input).collect::<Result<_, _>>()?,
            attributes: &node.attributes,
        })
    }

    /// Refuses attributes that the caller does not look at.
    pub(super) fn only(&self, known: &[&str]) -> Folded<()> {
        let mut names = self.attributes.keys();
        match names.find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(format!("attribute {name} is not known")),
            None => Ok(()),
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    pub(super) fn int(&self, name: &str, default: i64) -> Folded<i64> {
        match self.attributes.get(name) {
            None => Ok(default),
            Some(Attribute::Int(value)) => Ok(*value),
            Some(_) => Err(format!("attribute {name} is no integer")),
        }
    }

    pub(super) fn float(&self, name: &str, default: f32) -> Folded<f32> {
        match self.attributes.get(name) {
            None => Ok(default),
            Some(Attribute::Float(value)) => Ok(*value),
            Some(_) => Err(format!("attribute {name} is no number")),
        }
    }

    pub(super) fn text(&self, name: &str, default: &'a str) -> Folded<&'a str> {
        match self.attributes.get(name) {
            None => Ok(default),
            Some(Attribute::Text(value)) => Ok(value),
            Some(_) => Err(format!("attribute {name} is no text")),
        }
    }

    pub(super) fn ints(&self, name: &str) -> Folded<Option<&'a [i64]>> {
        match self.attributes.get(name) {
            None => Ok(None),
            Some(Attribute::Ints(values)) => Ok(Some(values)),
            Some(_) => Err(format!("attribute {name} is no list of integers")),
        }
    }

    /// An attribute that has only one supported value.
    pub(super) fn must_be(&self, name: &str, value: i64) -> Folded<()> {
        match self.int(name, value)? {
            found if found == value => Ok(()),
            found => Err(format!("{name} {found} is not supported")),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.inputs.len()
    }

    pub(super) fn optional(&self, index: usize) -> Option<&Value> {
        self.inputs.get(index)?.as_ref()
    }

    pub(super) fn input(&self, index: usize) -> Folded<&Value> {
        self.optional(index)
            .ok_or_else(|| format!("input {index} is missing"))
    }

    /// An input that must be a constant.
    pub(super) fn constant(&self, index: usize) -> Folded<&Constant> {
        match self.input(index)? {
            Value::Constant(constant) => Ok(constant),
            _ => Err(format!("input {index} is no constant")),
        }
    }

    pub(super) fn optional_constant(&self, index: usize) -> Folded<Option<&Constant>> {
        match self.optional(index) {
            None => Ok(None),
            Some(_) => self.constant(index).map(Some),
        }
    }

    pub(super) fn view(&self, index: usize) -> Folded<&View> {
        match self.input(index)? {
            Value::View(view) => Ok(view),
            Value::Constant(_) => Err(format!("input {index} is a constant")),
            Value::Padded(_) => {
                Err("zeros around a picture go into convolutions, means and sums alone".to_owned())
            }
            Value::Parts(_) => Err("the values of several pictures together".to_owned()),
        }
    }

    /// An input that is a whole picture, `[1, channels, height, width]`.
    pub(super) fn picture(&self, index: usize, graph: &Graph) -> Folded<TensorId> {
        let view = self.view(index)?;
        if view.is_picture(graph.extent(view.node)) {
            Ok(view.node)
        } else {
            Err(format!("input {index} is a picture turned or reshaped"))
        }
    }
}

/// An axis that may be counted from the end.
pub(super) fn axis(axis: i64, rank: usize) -> Folded<usize> {
    let counted = if axis < 0 { axis + rank as i64 } else { axis };
    if (0..rank as i64).contains(&counted) {
        Ok(counted as usize)
    } else {
        Err(format!("axis {axis} of {rank}"))
    }
}
