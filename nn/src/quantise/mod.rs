//! Post-training quantisation: from an f32 plan to one whose convolutions run in int8.
//!
//! 1. `equalise`: channels that differ in range are scaled to be alike, where the network computes the same
//!    with them.
//! 2. `observe`: the plan runs on calibration inputs; of every tensor its range, a histogram and the
//!    moments of its channels are kept.
//! 3. `range`: a tensor's range is the one with the least expected error, not the one that holds the
//!    rarest value (Banner et al. 2019 call it analytical clipping; the search here is exact over
//!    the histogram).
//! 4. `weights`: each output channel gets the scale with the least error, weighted by how large the
//!    inputs are; what the errors of the weights add on average is taken from the bias (Nagel et al.
//!    2019, bias correction).
//! 5. `rewrite`: the quantised plan, with conversions between int8 and f32 tensors.
//! 6. Here: layers go back to f32, those first that add the most noise for what f32 costs them, until the outputs are
//!    as close to those of f32 as was asked.

mod equalise;
mod fidelity;
mod observe;
mod range;
mod rewrite;
mod weights;

#[cfg(test)]
mod tests;

pub use fidelity::Fidelity;

use crate::cpu::CpuPath;
use crate::plan::{ConvolutionKind, Operation, Plan, TensorId};
use crate::{NetworkError, Signature};
use fidelity::Reference;
use observe::Observed;
use std::collections::BTreeSet;

/// What is asked of a quantised plan.
#[derive(Clone, Copy, Debug)]
pub struct Demand {
    /// Least signal-to-noise ratio of the worst output, in dB: the power of the f32 values over
    /// that of the differences, over all inputs that are compared. 20 dB is a cosine of 0.995.
    pub snr_db: f64,
    /// How many of the inputs are compared, at least 1; they are taken evenly from all.
    pub compared: usize,
}

/// What quantisation did to a layer.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its number among the operations of the f32 plan.
    pub operation: usize,
    /// Kind, window, stride and sizes as rows × pixels × channels.
    pub what: String,
    /// Multiplications and additions of one run.
    pub multiply_adds: u64,
    /// The worst output's signal-to-noise ratio with this layer alone in int8, in dB; `None` where
    /// the layer has no int8 form.
    pub alone_db: Option<f64>,
    /// Whether it stayed f32.
    pub float: bool,
    /// About what f32 costs it, in multiply-adds of a dense convolution.
    cost: u64,
}

impl Layer {
    /// Noise of the worst output with this layer alone in int8, over what f32 costs it.
    fn noise_to_cost(&self) -> f64 {
        let noise = self.alone_db.map_or(0.0, |db| 10.0_f64.powf(-db / 10.0));
        noise / self.cost.max(1) as f64
    }
}

/// Multiply-adds of a dense convolution that take as long as converting a value to int8 and back.
const CONVERSION: u64 = 4;

/// A quantised plan and what it lost.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quantised {
    /// The plan; checked.
    pub plan: Plan,
    /// Every convolution of the f32 plan.
    pub layers: Vec<Layer>,
    /// The outputs against those of f32, over the inputs that were compared.
    pub fidelity: Fidelity,
}

/// Quantises a plan with the inputs of a network in real use, a few dozen at least. `progress` is told
/// the share of the work that is done, 0 to 1.
///
/// # Errors
/// [`NetworkError`] when there are no inputs, one has another length than the signature says, or the
/// plan cannot be run.
pub fn quantise(
    plan: &Plan,
    signature: &Signature,
    inputs: &[Vec<f32>],
    demand: &Demand,
    path: CpuPath,
    progress: &mut dyn FnMut(f64),
) -> Result<Quantised, NetworkError> {
    let error = |cause: &str| NetworkError::new(&signature.input.name, "quantising", cause);
    let values = signature.input.values().unwrap_or(0);
    if inputs.is_empty() || demand.compared == 0 {
        return Err(error("there are no inputs to calibrate with"));
    }
    if inputs.iter().any(|input| input.len() != values) {
        return Err(error("an input has another length than the network's"));
    }
    let raw = observe::ranges(plan, inputs, path, &mut |done| progress(0.1 * done))?;
    let equal = equalise::equalise(plan, &raw);
    let mut observing = |done| progress(0.1 + 0.3 * done);
    let observed = observe::observe(&equal, inputs, path, &mut observing)?;
    let step = inputs.len().div_ceil(demand.compared);
    let compared: Vec<&[f32]> = inputs.iter().step_by(step).map(Vec::as_slice).collect();
    let reference = Reference::new(plan, signature, compared, path)?;
    let search = Search {
        plan: &equal,
        observed: &observed,
        reference: &reference,
    };
    let mut done = search.run(demand, &mut |done| progress(0.4 + 0.6 * done))?;
    if done.plan.quant_params.is_empty() {
        done.plan = plan.clone();
    }
    Ok(done)
}

/// How close the outputs of `other` are to those of `plan` on `inputs`. Signal power is averaged over `inputs` and
/// `more_inputs`: a few inputs may lack what an output reports.
///
/// # Errors
/// [`NetworkError`] when one of them cannot be run.
pub fn check(
    plan: &Plan,
    other: &Plan,
    signature: &Signature,
    inputs: &[Vec<f32>],
    more_inputs: &[Vec<f32>],
    path: CpuPath,
) -> Result<Fidelity, NetworkError> {
    Reference::new(plan, signature, slices(inputs), path)?
        .with_power_of(plan, slices(more_inputs))?
        .compare(other)
}

struct Search<'a> {
    plan: &'a Plan,
    observed: &'a Observed,
    reference: &'a Reference<'a>,
}

impl Search<'_> {
    fn run(
        &self,
        demand: &Demand,
        progress: &mut dyn FnMut(f64),
    ) -> Result<Quantised, NetworkError> {
        let operations = self.plan.operations.iter().enumerate();
        let convolutions: BTreeSet<usize> = operations
            .filter(|(_, operation)| matches!(operation, Operation::Convolution(_)))
            .map(|(number, _)| number)
            .collect();
        let mut layers = Vec::new();
        for (done, &operation) in convolutions.iter().enumerate() {
            let mut others = convolutions.clone();
            others.remove(&operation);
            let alone = self.rewrite(&others);
            let has_int8_form = !alone.quant_params.is_empty();
            let alone_db = match has_int8_form {
                true => Some(self.reference.compare(&alone)?.snr_db),
                false => None,
            };
            layers.push(Layer {
                operation,
                what: describe(self.plan, operation),
                multiply_adds: self.plan.operation_multiply_adds(operation),
                cost: cost(self.plan, operation),
                alone_db,
                float: !has_int8_form,
            });
            progress((done + 1) as f64 / (convolutions.len() + 1) as f64);
        }
        loop {
            let float = layers.iter().filter(|layer| layer.float);
            let float: BTreeSet<usize> = float.map(|layer| layer.operation).collect();
            let plan = self.rewrite(&float);
            let fidelity = self.reference.compare(&plan)?;
            let quantised = layers.iter_mut().filter(|layer| !layer.float);
            let worst = quantised.max_by(|a, b| a.noise_to_cost().total_cmp(&b.noise_to_cost()));
            match worst {
                Some(worst) if fidelity.snr_db < demand.snr_db => worst.float = true,
                _ => {
                    progress(1.0);
                    return Ok(Quantised {
                        plan,
                        layers,
                        fidelity,
                    });
                }
            }
        }
    }

    fn rewrite(&self, float: &BTreeSet<usize>) -> Plan {
        rewrite::rewrite(self.plan, self.observed, float)
    }
}

/// About what f32 costs a convolution, in multiply-adds. A depthwise one takes about as long in f32 as in int8: it costs
/// the conversion of what it writes.
fn cost(plan: &Plan, operation: usize) -> u64 {
    match &plan.operations[operation] {
        Operation::Convolution(convolution) if convolution.kind == ConvolutionKind::Depthwise => {
            let extent = plan.tensors[convolution.output.0 as usize];
            let sides = [extent.height, extent.width, extent.channels];
            CONVERSION * sides.into_iter().map(u64::from).product::<u64>()
        }
        _ => plan.operation_multiply_adds(operation),
    }
}

/// A convolution in words.
fn describe(plan: &Plan, operation: usize) -> String {
    let Operation::Convolution(convolution) = &plan.operations[operation] else {
        return String::new();
    };
    let size = |id: TensorId| {
        let extent = plan.tensors[id.0 as usize];
        format!("{}×{}×{}", extent.height, extent.width, extent.channels)
    };
    let kind = match convolution.kind {
        ConvolutionKind::Dense => "dense",
        ConvolutionKind::Depthwise => "depthwise",
    };
    let ([rows, pixels], [down, _]) = (convolution.window.size, convolution.window.stride);
    let (from, to) = (size(convolution.input), size(convolution.output));
    format!("{kind} {rows}×{pixels}/{down}, {from} to {to}")
}

fn slices(inputs: &[Vec<f32>]) -> Vec<&[f32]> {
    inputs.iter().map(Vec::as_slice).collect()
}
