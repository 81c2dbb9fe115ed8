//! How close the outputs of one plan are to those of another.

use crate::cpu::CpuPath;
use crate::plan::Plan;
use crate::{Network, NetworkError, Signature};

/// How close outputs are to those of f32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fidelity {
    /// Of the worst output: 10 · log10 of the mean power of the f32 values over that of the
    /// differences; +∞ where there is no difference.
    pub snr_db: f64,
    /// Least cosine between an output and the same output in f32, over inputs and outputs.
    pub least_cosine: f64,
    /// Mean of these cosines.
    pub mean_cosine: f64,
}

/// The f32 plan's outputs for some inputs.
pub(super) struct Reference<'a> {
    signature: &'a Signature,
    inputs: Vec<&'a [f32]>,
    /// Input × output × value.
    outputs: Vec<Vec<Vec<f32>>>,
    /// For each output, its power over other inputs, and how many those are.
    more_power: Vec<(f64, usize)>,
    path: CpuPath,
}

impl<'a> Reference<'a> {
    pub(super) fn new(
        plan: &Plan,
        signature: &'a Signature,
        inputs: Vec<&'a [f32]>,
        path: CpuPath,
    ) -> Result<Self, NetworkError> {
        let outputs = outputs(plan, signature, &inputs, path)?;
        Ok(Self {
            signature,
            inputs,
            more_power: vec![(0.0, 0); signature.outputs.len()],
            outputs,
            path,
        })
    }

    /// Averages the power of each output over these inputs too: a few inputs may lack what an output reports,
    /// such as faces of one size, and any noise is large compared with no signal.
    pub(super) fn with_power_of(
        mut self,
        plan: &Plan,
        inputs: Vec<&[f32]>,
    ) -> Result<Self, NetworkError> {
        for outputs in outputs(plan, self.signature, &inputs, self.path)? {
            for ((power, count), values) in self.more_power.iter_mut().zip(outputs) {
                *power += values
                    .iter()
                    .map(|&v| f64::from(v) * f64::from(v))
                    .sum::<f64>();
                *count += 1;
            }
        }
        Ok(self)
    }

    pub(super) fn compare(&self, plan: &Plan) -> Result<Fidelity, NetworkError> {
        let found = outputs(plan, self.signature, &self.inputs, self.path)?;
        let count = self.signature.outputs.len();
        let mut powers = vec![[0.0_f64; 2]; count];
        let (mut least, mut sum) = (1.0_f64, 0.0);
        for (found, expected) in found.iter().zip(&self.outputs) {
            for ((found, expected), power) in found.iter().zip(expected).zip(&mut powers) {
                let [mut signal, mut noise, mut product, mut own] = [0.0_f64; 4];
                for (&a, &b) in found.iter().zip(expected) {
                    let [a, b] = [a, b].map(f64::from);
                    signal += b * b;
                    noise += (a - b) * (a - b);
                    product += a * b;
                    own += a * a;
                }
                power[0] += signal;
                power[1] += noise;
                let lengths = (signal * own).sqrt();
                let cosine = if lengths > 0.0 {
                    product / lengths
                } else {
                    1.0
                };
                least = least.min(cosine);
                sum += cosine;
            }
        }
        let compared = self.outputs.len() as f64;
        let snr = kinds(self.signature).into_iter().map(|kind| {
            let (mut signal, mut noise) = (0.0, 0.0);
            for output in kind {
                let ([own, lost], more) = (powers[output], self.more_power[output]);
                signal += (own + more.0) / (compared + more.1 as f64) * compared;
                noise += lost;
            }
            if noise > 0.0 {
                10.0 * (signal / noise).log10()
            } else {
                f64::INFINITY
            }
        });
        Ok(Fidelity {
            snr_db: snr.fold(f64::INFINITY, f64::min),
            least_cosine: least,
            mean_cosine: sum / (self.outputs.len() * count) as f64,
        })
    }
}

/// Outputs of one kind: a detector reports the same numbers for cells of several sizes, and few pictures have faces of
/// all sizes. Such outputs differ in their second side alone, the number of cells.
fn kinds(signature: &Signature) -> Vec<Vec<usize>> {
    let mut kinds: Vec<Vec<usize>> = Vec::new();
    let form = |output: usize| {
        let mut shape = signature.outputs[output].shape.clone();
        if let [_, cells, _] = shape.as_mut_slice() {
            *cells = 0;
        }
        shape
    };
    for output in 0..signature.outputs.len() {
        match kinds.iter_mut().find(|kind| form(kind[0]) == form(output)) {
            Some(kind) => kind.push(output),
            None => kinds.push(vec![output]),
        }
    }
    kinds
}

fn outputs(
    plan: &Plan,
    signature: &Signature,
    inputs: &[&[f32]],
    path: CpuPath,
) -> Result<Vec<Vec<Vec<f32>>>, NetworkError> {
    let network = plan.network(&signature.input.name, signature, path)?;
    run(&*network, signature, inputs)
}

fn run(
    network: &dyn Network,
    signature: &Signature,
    inputs: &[&[f32]],
) -> Result<Vec<Vec<Vec<f32>>>, NetworkError> {
    let mut runner = network.runner()?;
    let mut all = Vec::with_capacity(inputs.len());
    for input in inputs {
        runner.input_mut().copy_from_slice(input);
        runner.run()?;
        let flat = |index| runner.output(index).to_vec();
        all.push((0..signature.outputs.len()).map(flat).collect());
    }
    Ok(all)
}
