//! From fused nodes to a plan: what no output needs is left out, the rest is numbered anew.

use super::graph::{Graph, Work};
use crate::nn::plan::{Operation, Order, Plan, PlanOutput, TensorId};
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
        grids: BTreeMap::new(),
        operations,
        outputs,
    }
}

fn renumber(operation: &mut Operation, numbers: &[TensorId]) {
    let new = |id: &mut TensorId| *id = numbers[id.0 as usize];
    match operation {
        Operation::Convolution(o) => {
            new(&mut o.input);
            new(&mut o.output);
            o.residual.as_mut().into_iter().for_each(new);
        }
        Operation::Pool(o) => {
            new(&mut o.input);
            new(&mut o.output);
        }
        Operation::Resize(o) => {
            new(&mut o.input);
            new(&mut o.output);
        }
        Operation::Add(o) => {
            new(&mut o.left);
            new(&mut o.right);
            new(&mut o.output);
        }
        Operation::Scale(o) => {
            new(&mut o.input);
            new(&mut o.by);
            new(&mut o.output);
        }
        Operation::Concat { inputs, output } => {
            inputs.iter_mut().for_each(new);
            new(output);
        }
        Operation::GlobalAverage { input, output }
        | Operation::Activate { input, output, .. }
        | Operation::Convert { input, output } => {
            new(input);
            new(output);
        }
    }
}
