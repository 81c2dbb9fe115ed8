//! From fused nodes to a plan: what no output needs is left out, the rest is numbered anew.

use super::graph::{Graph, Work};
use crate::plan::{Operation, Order, Plan, PlanOutput, TensorId};
use std::collections::BTreeMap;

pub(super) fn emit(graph: Graph, mut outputs: Vec<PlanOutput>, input_order: Order) -> Plan {
    let needed = graph.needed(&outputs);
    let mut numbers = vec![TensorId(0); graph.nodes.len()];
    let (mut tensors, mut operations) = (Vec::new(), Vec::new());
    for (index, (node, needed)) in graph.nodes.into_iter().zip(needed).enumerate() {
        // The input is the first node and stays, so that a network without it is refused by name.
        if !needed && index > 0 {
            continue;
        }
        numbers[index] = TensorId(tensors.len() as u32);
        tensors.push(node.extent);
        if let Work::Operation(mut operation) = node.work {
            renumber(&mut operation, &numbers);
            operations.push(operation);
        }
    }
    for output in &mut outputs {
        for part in &mut output.parts {
            *part = numbers[part.0 as usize];
        }
    }
    Plan {
        input_order,
        tensors,
        quant_params: BTreeMap::new(),
        operations,
        outputs,
    }
}

/// Puts new numbers in the place of old ones.
pub(super) fn renumber(operation: &mut Operation, numbers: &[TensorId]) {
    let new = |id: &mut TensorId| *id = numbers[id.0 as usize];
    operation.each_input(new);
    new(operation.output_mut());
}
