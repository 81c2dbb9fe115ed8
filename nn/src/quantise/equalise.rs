//! Channels of one range: a tensor has one scale, and a channel with a tenth of the range of the largest has
//! a tenth of its steps.
//!
//! Where a convolution's output passes through nothing but functions with `f(s·x) = s·f(x)`, `s > 0`, to
//! other convolutions, each channel may be divided by a number of its own in the first and multiplied by it
//! in the others: the network computes what it did (cross-layer equalisation, Nagel et al. 2019). Weights have a
//! scale for each output channel, so the first convolution loses nothing, nor does a depthwise reader. A
//! dense reader has one scale for all it reads, so there the range is shared between values and
//! weights (Xiao et al. 2023, with their α of a half).

use super::observe::Observed;
use crate::plan::{Activation, Convolution, ConvolutionKind, Operation, Plan, TensorId, Weights};

/// Least factor of a channel, so that one that is nearly always 0 does not take the whole range.
const LEAST: f32 = 1.0 / 256.0;

/// The same network with channels of similar range, where the operations allow it.
pub(super) fn equalise(plan: &Plan, observed: &Observed) -> Plan {
    let mut equal = plan.clone();
    for writer in 0..plan.operations.len() {
        let output = plan.operations[writer].output();
        if !is_free(&plan.operations[writer]) {
            continue;
        }
        let Some(readers) = readers(plan, output).filter(|readers| !readers.is_empty()) else {
            continue;
        };
        let peaks = &observed.tensors[output.0 as usize].peaks;
        let factors = factors(&equal, &readers, peaks);
        if let Operation::Convolution(convolution) = &mut equal.operations[writer] {
            divide(convolution, &factors);
        }
        for reader in readers {
            if let Operation::Convolution(convolution) = &mut equal.operations[reader] {
                multiply(convolution, &factors);
            }
        }
    }
    equal
}

/// Whether an operation's channels may be scaled where they are written.
fn is_free(operation: &Operation) -> bool {
    let Operation::Convolution(convolution) = operation else {
        return false;
    };
    convolution.residual.is_none()
        && matches!(
            convolution.activation,
            Activation::None | Activation::Relu | Activation::Prelu(_)
        )
}

/// The convolutions that read a tensor, directly or through operations that keep scales; `None` where anything
/// else reads it.
fn readers(plan: &Plan, tensor: TensorId) -> Option<Vec<usize>> {
    if plan
        .outputs
        .iter()
        .any(|output| output.parts.contains(&tensor))
    {
        return None;
    }
    let mut found = Vec::new();
    for (number, operation) in plan.operations.iter().enumerate() {
        if operation.inputs().all(|input| input != tensor) {
            continue;
        }
        match operation {
            Operation::Convolution(convolution) if convolution.residual != Some(tensor) => {
                found.push(number);
            }
            Operation::Pool(_) | Operation::Resize(_) | Operation::GlobalAverage { .. } => {
                found.extend(readers(plan, operation.output())?);
            }
            _ => return None,
        }
    }
    Some(found)
}

/// What each channel is divided by, 1 at most.
fn factors(plan: &Plan, readers: &[usize], peaks: &[f32]) -> Vec<f32> {
    let mut weights = vec![0.0_f32; peaks.len()];
    for &reader in readers {
        if let Operation::Convolution(convolution) = &plan.operations[reader] {
            add_largest(convolution, &mut weights);
        }
    }
    let largest = weights.iter().copied().fold(0.0, f32::max);
    let sizes = peaks.iter().zip(weights);
    let sizes: Vec<f32> = if largest > 0.0 {
        sizes
            .map(|(peak, weight)| (peak / weight.max(largest * LEAST)).sqrt())
            .collect()
    } else {
        peaks.to_vec()
    };
    let most = sizes.iter().copied().fold(0.0, f32::max);
    let factor = |size: f32| {
        let factor = size / most;
        // Nothing was seen of this tensor.
        if factor.is_finite() {
            factor.max(LEAST)
        } else {
            1.0
        }
    };
    sizes.into_iter().map(factor).collect()
}

/// The largest weight that meets each input channel of a dense convolution, where it is larger than what
/// others have.
fn add_largest(convolution: &Convolution, largest: &mut [f32]) {
    let Weights::Float(weights) = &convolution.weights else {
        return;
    };
    if convolution.kind == ConvolutionKind::Depthwise {
        return;
    }
    let channels = largest.len();
    for (k, row) in weights.chunks_exact(convolution.bias.len()).enumerate() {
        let most = &mut largest[k % channels];
        *most = row
            .iter()
            .fold(*most, |most, weight| most.max(weight.abs()));
    }
}

/// Each output channel divided by its factor.
fn divide(convolution: &mut Convolution, factors: &[f32]) {
    if let Weights::Float(weights) = &mut convolution.weights {
        for row in weights.chunks_exact_mut(factors.len()) {
            row.iter_mut()
                .zip(factors)
                .for_each(|(weight, factor)| *weight /= factor);
        }
    }
    let bias = convolution.bias.iter_mut();
    bias.zip(factors).for_each(|(bias, factor)| *bias /= factor);
}

/// Weights of each input channel multiplied by its factor.
fn multiply(convolution: &mut Convolution, factors: &[f32]) {
    let across = match convolution.kind {
        ConvolutionKind::Dense => convolution.bias.len(),
        ConvolutionKind::Depthwise => 1,
    };
    if let Weights::Float(weights) = &mut convolution.weights {
        for (k, row) in weights.chunks_exact_mut(across).enumerate() {
            let factor = factors[k % factors.len()];
            row.iter_mut().for_each(|weight| *weight *= factor);
        }
    }
}
