//! The network as it is taken over: plain operations, nothing fused yet.

use crate::plan::{Extent, Operation, PlanOutput, TensorId};

/// What computes a picture; the picture has the node's number.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// The caller.
    Input,
    /// An operation of a plan; its tensors are numbers of nodes.
    Operation(Operation),
    /// `scale · x + shift`, channel by channel.
    Affine(Affine),
}

#[derive(Clone, Debug)]
pub(super) struct Affine {
    pub(super) input: TensorId,
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
}

#[derive(Clone, Debug)]
pub(super) struct GraphNode {
    pub(super) work: Work,
    pub(super) extent: Extent,
}

/// Nodes behind all that they read.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<GraphNode>,
}

impl Graph {
    /// Adds a node; `work` is told its number, which is also that of what it writes.
    pub(super) fn add(&mut self, extent: Extent, work: impl FnOnce(TensorId) -> Work) -> TensorId {
        let id = TensorId(self.nodes.len() as u32);
        self.nodes.push(GraphNode {
            work: work(id),
            extent,
        });
        id
    }

    pub(super) fn operation(
        &mut self,
        extent: Extent,
        operation: impl FnOnce(TensorId) -> Operation,
    ) -> TensorId {
        self.add(extent, |id| Work::Operation(operation(id)))
    }

    pub(super) fn node(&self, id: TensorId) -> &GraphNode {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn extent(&self, id: TensorId) -> Extent {
        self.node(id).extent
    }

    /// Which nodes the outputs depend on.
    pub(super) fn needed(&self, outputs: &[PlanOutput]) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        for part in outputs.iter().flat_map(|output| &output.parts) {
            needed[part.0 as usize] = true;
        }
        for index in (0..needed.len()).rev() {
            if needed[index] {
                for input in self.nodes[index].work.inputs() {
                    needed[input.0 as usize] = true;
                }
            }
        }
        needed
    }
}

impl Work {
    pub(super) fn inputs(&self) -> Vec<TensorId> {
        match self {
            Self::Input => Vec::new(),
            Self::Operation(operation) => operation.inputs().collect(),
            Self::Affine(affine) => vec![affine.input],
        }
    }
}
