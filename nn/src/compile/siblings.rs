//! Narrow convolutions that read the same picture become one, as do the depthwise ones that follow each: a detector's
//! heads of 1, 1, 4 and 10 channels take four times a vector, and together one.

use super::emit::renumber;
use super::graph::{Graph, GraphNode, Work};
use crate::plan::{
    Activation, Convolution, ConvolutionKind, Extent, Operation, PlanOutput, TensorId, Weights,
    Window,
};

/// Channels of a vector: a convolution that fills one gains nothing.
const VECTOR: u32 = 16;

/// A dense convolution and the depthwise one that alone reads it.
#[derive(Clone, Copy)]
struct Pair {
    dense: usize,
    depthwise: usize,
}

pub(super) fn merge(graph: &mut Graph, outputs: &mut [PlanOutput]) {
    let groups = groups(graph, outputs);
    if groups.is_empty() {
        return;
    }
    let nodes = std::mem::take(&mut graph.nodes);
    let mut numbers = vec![TensorId(0); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        if let Some(group) = groups.iter().find(|group| group[0].dense == index) {
            emit(graph, &nodes, group, &mut numbers);
            continue;
        }
        let merged = |pair: &Pair| pair.dense == index || pair.depthwise == index;
        if groups.iter().flatten().any(merged) {
            continue;
        }
        let extent = node.extent;
        let mut work = node.work.clone();
        numbers[index] = graph.add(extent, |id| {
            numbers[index] = id;
            match &mut work {
                Work::Operation(operation) => renumber(operation, &numbers),
                Work::Affine(affine) => affine.input = numbers[affine.input.0 as usize],
                Work::Input => {}
            }
            work
        });
    }
    for part in outputs.iter_mut().flat_map(|output| &mut output.parts) {
        *part = numbers[part.0 as usize];
    }
}

/// Pairs that can be merged and need fewer vectors then, in the order of their dense convolutions.
fn groups(graph: &Graph, outputs: &[PlanOutput]) -> Vec<Vec<Pair>> {
    let mut groups: Vec<Vec<Pair>> = Vec::new();
    for pair in pairs(graph, outputs) {
        match groups
            .iter_mut()
            .find(|group| are_alike(graph, group[0], pair))
        {
            Some(group) => group.push(pair),
            None => groups.push(vec![pair]),
        }
    }
    groups.retain(|group| {
        let channels = group
            .iter()
            .map(|pair| graph.nodes[pair.dense].extent.channels);
        channels.sum::<u32>().div_ceil(VECTOR) < group.len() as u32
    });
    groups
}

fn pairs(graph: &Graph, outputs: &[PlanOutput]) -> Vec<Pair> {
    let needed = graph.needed(outputs);
    let is_output = |id: usize| {
        let mut parts = outputs.iter().flat_map(|output| &output.parts);
        parts.any(|part| part.0 as usize == id)
    };
    let mut readers = vec![Vec::new(); graph.nodes.len()];
    for (reader, node) in graph.nodes.iter().enumerate() {
        for input in node.work.inputs().into_iter().filter(|_| needed[reader]) {
            readers[input.0 as usize].push(reader);
        }
    }
    let pair = |dense: usize| {
        let &[depthwise] = readers[dense].as_slice() else {
            return None;
        };
        let (first, second) = (
            convolution(&graph.nodes[dense])?,
            convolution(&graph.nodes[depthwise])?,
        );
        let narrow = graph.nodes[dense].extent.channels < VECTOR;
        let fits = narrow
            && needed[dense]
            && !is_output(dense)
            && first.kind == ConvolutionKind::Dense
            && first.activation == Activation::None
            && first.residual.is_none()
            && second.residual.is_none()
            && is_depthwise(graph, second);
        fits.then_some(Pair { dense, depthwise })
    };
    (0..graph.nodes.len()).filter_map(pair).collect()
}

fn convolution(node: &GraphNode) -> Option<&Convolution> {
    match &node.work {
        Work::Operation(Operation::Convolution(convolution)) => Some(convolution),
        _ => None,
    }
}

/// A dense convolution from one channel to one is depthwise as well.
fn is_depthwise(graph: &Graph, convolution: &Convolution) -> bool {
    let channels = |id: TensorId| graph.extent(id).channels;
    convolution.kind == ConvolutionKind::Depthwise
        || (channels(convolution.input), channels(convolution.output)) == (1, 1)
}

fn are_alike(graph: &Graph, a: Pair, b: Pair) -> bool {
    let form = |index: usize| -> Option<(TensorId, Window, Extent)> {
        let node = &graph.nodes[index];
        let convolution = convolution(node)?;
        let size = Extent {
            channels: 0,
            ..node.extent
        };
        Some((convolution.input, convolution.window, size))
    };
    let of = |pair: Pair| {
        let depthwise = form(pair.depthwise).map(|(_, window, size)| (window, size));
        (form(pair.dense), depthwise)
    };
    of(a) == of(b)
}

/// Adds the two convolutions that a group becomes, and what takes each one's channels out of them.
fn emit(graph: &mut Graph, nodes: &[GraphNode], group: &[Pair], numbers: &mut [TensorId]) {
    let of = |index: fn(&Pair) -> usize| -> Vec<&GraphNode> {
        group.iter().map(|pair| &nodes[index(pair)]).collect()
    };
    let dense = of(|pair| pair.dense);
    let input = convolution(dense[0]).expect("a pair's are").input;
    let wide = add_merged(
        graph,
        &dense,
        numbers[input.0 as usize],
        ConvolutionKind::Dense,
    );
    let depthwise = of(|pair| pair.depthwise);
    let all = add_merged(graph, &depthwise, wide, ConvolutionKind::Depthwise);
    let mut first = 0;
    for (pair, node) in group.iter().zip(depthwise) {
        let taken = graph.operation(node.extent, |output| Operation::Take {
            input: all,
            output,
            first,
        });
        first += node.extent.channels;
        let activation = &convolution(node).expect("a pair's are").activation;
        numbers[pair.depthwise] = match activation {
            Activation::None => taken,
            activation => graph.operation(node.extent, |output| Operation::Activate {
                input: taken,
                output,
                activation: activation.clone(),
            }),
        };
    }
}

/// One convolution whose channels are those of several, without their activations.
fn add_merged(
    graph: &mut Graph,
    nodes: &[&GraphNode],
    input: TensorId,
    kind: ConvolutionKind,
) -> TensorId {
    let parts: Vec<(&Convolution, usize)> = nodes
        .iter()
        .map(|node| {
            let convolution = convolution(node).expect("a pair's are");
            (convolution, node.extent.channels as usize)
        })
        .collect();
    // Output channels are innermost: a row of all is a row of each.
    let row = |number: usize| {
        parts.iter().flat_map(move |(convolution, channels)| {
            let Weights::Float(values) = &convolution.weights else {
                unreachable!("a network is compiled in f32")
            };
            &values[number * channels..][..*channels]
        })
    };
    let weights = (0..parts[0].0.weights.len() / parts[0].1).flat_map(row);
    let weights = weights.copied().collect();
    let bias = parts.iter().flat_map(|(part, _)| &part.bias);
    let bias = bias.copied().collect();
    let channels: usize = parts.iter().map(|(_, channels)| channels).sum();
    let window = parts[0].0.window;
    let extent = Extent {
        channels: channels as u32,
        ..nodes[0].extent
    };
    graph.operation(extent, |output| {
        Operation::Convolution(Convolution {
            input,
            output,
            residual: None,
            kind,
            window,
            weights: Weights::Float(weights),
            bias,
            activation: Activation::None,
        })
    })
}
