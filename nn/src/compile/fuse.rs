//! Fusion: what follows a convolution is done where its values are written.
//!
//! One pass from front to back. A node that can take in the only reader of its value is moved to
//! the reader's place, which lies behind everything that either of them reads.

use super::graph::{Affine, Graph, Work};
use crate::plan::{
    Activation, Convolution, ConvolutionKind, Extent, Operation, PlanOutput, TensorId, Weights,
    Window,
};

pub(super) fn fuse(graph: &mut Graph, outputs: &[PlanOutput]) {
    let mut fusion = Fusion {
        readers: readers(graph, outputs),
        graph,
    };
    for index in 0..fusion.graph.nodes.len() {
        fusion.visit(TensorId(index as u32));
    }
}

/// How often each value is read, on the way to an output.
fn readers(graph: &Graph, outputs: &[PlanOutput]) -> Vec<usize> {
    let mut readers = vec![0; graph.nodes.len()];
    let nodes = graph.nodes.iter().zip(graph.needed(outputs));
    let nodes = nodes.filter(|(_, needed)| *needed);
    let nodes = nodes.flat_map(|(node, _)| node.work.inputs());
    let parts = outputs
        .iter()
        .flat_map(|output| output.parts.iter().copied());
    for id in nodes.chain(parts) {
        readers[id.0 as usize] += 1;
    }
    readers
}

struct Fusion<'a> {
    graph: &'a mut Graph,
    readers: Vec<usize>,
}

impl Fusion<'_> {
    fn visit(&mut self, id: TensorId) {
        let node = self.graph.node(id);
        let extent = node.extent;
        let fused = match &node.work {
            Work::Affine(affine) => {
                let affine = affine.clone();
                Some(self.affine(affine, id))
            }
            Work::Operation(Operation::Activate {
                input, activation, ..
            }) => {
                let (input, activation) = (*input, activation.clone());
                self.activated(input, &activation, id)
                    .or_else(|| self.activated_parts(input, &activation, id))
            }
            Work::Operation(Operation::Add(add)) => {
                let (a, b) = (add.left, add.right);
                // The later of the two, so that its input lives no longer than it must.
                let (early, late) = if a.0 < b.0 { (a, b) } else { (b, a) };
                self.with_residual(late, early, extent, id)
                    .or_else(|| self.with_residual(early, late, extent, id))
            }
            _ => None,
        };
        if let Some(operation) = fused {
            self.graph.nodes[id.0 as usize].work = Work::Operation(operation);
        }
    }

    /// The convolution that computes a value that only one node reads, and that does nothing
    /// behind its sum yet.
    fn bare_convolution(&self, id: TensorId) -> Option<&Convolution> {
        match &self.graph.node(id).work {
            Work::Operation(Operation::Convolution(o))
                if self.readers[id.0 as usize] == 1
                    && o.residual.is_none()
                    && o.activation == Activation::None =>
            {
                Some(o)
            }
            _ => None,
        }
    }

    /// Scale and shift go into the weights in front, or become a depthwise convolution of one pixel.
    fn affine(&self, affine: Affine, output: TensorId) -> Operation {
        let convolution = self.bare_convolution(affine.input).cloned();
        let mut convolution = convolution.unwrap_or_else(|| Convolution {
            input: affine.input,
            output,
            residual: None,
            kind: ConvolutionKind::Depthwise,
            window: Window {
                size: [1, 1],
                stride: [1, 1],
                before: [0, 0],
            },
            weights: Weights::Float(vec![1.0; affine.scale.len()]),
            bias: vec![0.0; affine.scale.len()],
            activation: Activation::None,
        });
        convolution.output = output;
        if let Weights::Float(weights) = &mut convolution.weights {
            for row in weights.chunks_exact_mut(affine.scale.len()) {
                for (weight, scale) in row.iter_mut().zip(&affine.scale) {
                    *weight *= scale;
                }
            }
        }
        let factors = affine.scale.iter().zip(&affine.shift);
        for (bias, (scale, shift)) in convolution.bias.iter_mut().zip(factors) {
            *bias = *bias * scale + shift;
        }
        Operation::Convolution(convolution)
    }

    /// The operation in front with the activation behind it, writing `output`.
    fn activated(
        &self,
        input: TensorId,
        activation: &Activation,
        output: TensorId,
    ) -> Option<Operation> {
        if self.readers[input.0 as usize] != 1 {
            return None;
        }
        match &self.graph.node(input).work {
            Work::Operation(Operation::Convolution(o)) if o.activation == Activation::None => {
                let mut o = o.clone();
                o.activation = activation.clone();
                o.output = output;
                Some(Operation::Convolution(o))
            }
            Work::Operation(Operation::Add(o)) if o.activation == Activation::None => {
                let mut o = o.clone();
                o.activation = activation.clone();
                o.output = output;
                Some(Operation::Add(o))
            }
            _ => None,
        }
    }

    /// An activation of channels side by side, where each part can take in its own.
    fn activated_parts(
        &mut self,
        input: TensorId,
        activation: &Activation,
        output: TensorId,
    ) -> Option<Operation> {
        let Work::Operation(Operation::Concat { inputs, .. }) = &self.graph.node(input).work else {
            return None;
        };
        if self.readers[input.0 as usize] != 1 {
            return None;
        }
        let inputs = inputs.clone();
        let mut first = 0;
        let mut parts = Vec::new();
        for &part in &inputs {
            let channels = self.graph.extent(part).channels as usize;
            let own = match activation {
                Activation::Prelu(slopes) => {
                    Activation::Prelu(slopes[first..first + channels].to_vec())
                }
                other => other.clone(),
            };
            first += channels;
            parts.push(self.activated(part, &own, part)?);
        }
        for (part, operation) in inputs.iter().zip(parts) {
            self.graph.nodes[part.0 as usize].work = Work::Operation(operation);
        }
        Some(Operation::Concat { inputs, output })
    }

    /// The convolution that wrote `summand`, adding `residual` to its sum.
    fn with_residual(
        &self,
        summand: TensorId,
        residual: TensorId,
        extent: Extent,
        output: TensorId,
    ) -> Option<Operation> {
        let convolution = self.bare_convolution(summand)?;
        let other = self.graph.extent(residual);
        let fits = (other.height, other.width) == (extent.height, extent.width)
            && other.channels <= extent.channels;
        if self.graph.extent(summand) != extent || !fits {
            return None;
        }
        Some(Operation::Convolution(Convolution {
            output,
            residual: Some(residual),
            ..convolution.clone()
        }))
    }
}
