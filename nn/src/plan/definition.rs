//! What a plan is made of.

use super::op::{Operation, TensorId};
use crate::ir::{Extent, Order, QuantParams};
use std::collections::BTreeMap;

/// One output of the signature, assembled from tensors of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOutput {
    /// The tensors whose values follow each other in the output.
    pub parts: Vec<TensorId>,
    /// The order in which each part is written.
    pub order: Order,
    /// Values that share a softmax, as runs of this length; `None` for no softmax.
    pub softmax: Option<u32>,
}

/// A compiled network.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The order of the values that a caller writes into the input.
    pub input_order: Order,
    /// Size of each tensor; the first is the input.
    pub tensors: Vec<Extent>,
    /// The int8 tensors; all others are f32, and so are the input and the parts of the outputs.
    pub quant_params: BTreeMap<TensorId, QuantParams>,
    /// The work, in an order in which every tensor is written once, before it is read.
    pub operations: Vec<Operation>,
    /// The outputs of the signature, in its order.
    pub outputs: Vec<PlanOutput>,
}
