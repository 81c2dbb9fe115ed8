//! Where the time of a plan goes, step by step.

use super::program::Program;
use super::steps::{BufferId, Source, Step, Steps, Work};
use super::{ConvolutionKind, Operation, Plan};
use crate::cpu::CpuPath;
use crate::kernels::Aligned;
use crate::kernels::int8::Scratch;
use crate::{NetworkError, Signature, Threads};

/// What one step of a lowered plan cost.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StepCost {
    /// The step with its window, stride and sizes, as rows × pixels × channels.
    pub what: String,
    /// Multiply-adds of convolutions; 0 for other steps.
    pub products: u64,
    /// Median over the runs, in the clock's unit.
    pub time: f64,
}

impl Plan {
    /// Runs the plan `runs` times (once at least) and tells what each step took, in the order of
    /// the work. Reading the clock between bands makes the sum larger than an undisturbed run.
    ///
    /// # Errors
    /// As [`network`](Self::network), and [`NetworkError`] for an input of another length than the signature's.
    pub fn profile(
        &self,
        signature: &Signature,
        path: CpuPath,
        input: &[f32],
        runs: usize,
        clock: &mut dyn FnMut() -> f64,
    ) -> Result<Vec<StepCost>, NetworkError> {
        let program = self.lower("profile", signature, path)?;
        if signature.input.values() != Some(input.len()) {
            let cause = format!(
                "the input has {} values, not {:?}",
                input.len(),
                signature.input.shape
            );
            return Err(NetworkError::new("profile", "running", cause));
        }
        let steps = Steps::of(self).expect("the same plan was just lowered");
        let mut times = vec![Vec::new(); steps.steps.len()];
        let mut arena = Aligned::zeroed(program.arena);
        let mut scratch = program.scratch.clone();
        for _ in 0..runs.max(1) {
            let run = once(&program, input, &mut arena, &mut scratch, clock);
            for (times, time) in times.iter_mut().zip(run) {
                times.push(time);
            }
        }
        let costs = steps.steps.iter().zip(times);
        Ok(costs
            .map(|(step, times)| StepCost {
                what: describe(step, &steps),
                products: products(step, &steps),
                time: median(times),
            })
            .collect())
    }
}

/// The time of each step in one run.
fn once(
    program: &Program,
    input: &[f32],
    arena: &mut [f32],
    scratch: &mut Scratch,
    clock: &mut dyn FnMut() -> f64,
) -> Vec<f64> {
    let mut times = vec![0.0; program.step_count()];
    let mut before = clock();
    program.run_watched(input, arena, scratch, &Threads::default(), &mut |step| {
        let now = clock();
        times[step] += now - before;
        before = now;
    });
    times
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn describe(step: &Step, steps: &Steps) -> String {
    let size = |buffer: BufferId| {
        let buffer = steps.buffers[buffer];
        format!("{}×{}×{}", buffer.height, buffer.width, buffer.channels)
    };
    let from = match step.sources[0] {
        Source::Caller => "caller".to_owned(),
        Source::Buffer(buffer) => size(buffer),
    };
    let window = |window: &super::Window| {
        let [rows, pixels] = window.size;
        let stride = window.stride[0];
        format!("{rows}×{pixels}/{stride}")
    };
    let work = match step.work {
        Work::Dense(filter) if step.sources.len() > 1 => {
            format!("dense {} + residual", window(&filter.window))
        }
        Work::Dense(filter) => format!("dense {}", window(&filter.window)),
        Work::Depthwise(filter) => format!("depthwise {}", window(&filter.window)),
        Work::Pool(kind, of) => format!("pool {kind:?} {}", window(&of)),
        Work::Import(_) => "import".to_owned(),
        Work::Repack => "repack".to_owned(),
        Work::GlobalAverage => "global average".to_owned(),
        Work::Resize(kind) => format!("resize {kind:?}"),
        Work::Add(_) => "add".to_owned(),
        Work::Scale => "scale".to_owned(),
        Work::Place(_) => "place".to_owned(),
        Work::Take(_) => "take".to_owned(),
        Work::Activate(_) => "activate".to_owned(),
        Work::Int8(operation) => format!("bytes: {}", kind(operation)),
    };
    format!("{work}, {from} to {}", size(step.output))
}

fn kind(operation: &Operation) -> &'static str {
    match operation {
        Operation::Convolution(convolution) => match convolution.kind {
            ConvolutionKind::Dense => "dense",
            ConvolutionKind::Depthwise => "depthwise",
        },
        Operation::Convert { .. } => "convert",
        Operation::Pool(_) => "pool",
        Operation::Add(_) => "add",
        Operation::Resize(_) => "resize",
        Operation::Concat { .. } => "concat",
        Operation::GlobalAverage { .. }
        | Operation::Scale(_)
        | Operation::Take { .. }
        | Operation::Activate { .. } => "nothing",
    }
}

fn products(step: &Step, steps: &Steps) -> u64 {
    let output = steps.buffers[step.output];
    output.height as u64 * output.width as u64 * step.work.weights() as u64
}

#[cfg(test)]
mod tests {
    use crate::cpu::CpuPath;
    use crate::plan::{
        Activation, Convolution, ConvolutionKind, Extent, Operation, Order, Plan, PlanOutput,
        TensorId, Weights, Window,
    };
    use crate::{Signature, TensorSpec};
    use std::collections::BTreeMap;

    /// A 3 × 3 convolution from 3 to 5 channels over 4 × 4 pixels, then their mean.
    fn plan() -> (Plan, Signature) {
        let extent = |side, channels| Extent {
            height: side,
            width: side,
            channels,
        };
        let convolution = Convolution {
            input: TensorId(0),
            output: TensorId(1),
            residual: None,
            kind: ConvolutionKind::Dense,
            window: Window {
                size: [3, 3],
                stride: [1, 1],
                before: [1, 1],
            },
            weights: Weights::Float(vec![0.25; 3 * 3 * 3 * 5]),
            bias: vec![0.0; 5],
            activation: Activation::Relu,
        };
        let plan = Plan {
            input_order: Order::Planes,
            tensors: vec![extent(4, 3), extent(4, 5), extent(1, 5)],
            operations: vec![
                Operation::Convolution(convolution),
                Operation::GlobalAverage {
                    input: TensorId(1),
                    output: TensorId(2),
                },
            ],
            outputs: vec![PlanOutput {
                parts: vec![TensorId(2)],
                order: Order::Planes,
                softmax: None,
            }],
            quant_params: BTreeMap::new(),
        };
        let spec = |shape: &[usize]| TensorSpec {
            name: "x".into(),
            shape: shape.to_vec(),
        };
        let signature = Signature {
            input: spec(&[1, 3, 4, 4]),
            outputs: vec![spec(&[1, 5])],
        };
        (plan, signature)
    }

    #[test]
    fn every_step_is_timed_by_the_clock_that_was_given() {
        let (plan, signature) = plan();
        let mut now = 0.0;
        let mut clock = || {
            now += 1.0;
            now
        };
        let costs = plan
            .profile(&signature, CpuPath::Native, &[0.5; 48], 3, &mut clock)
            .unwrap();
        let whats: Vec<&str> = costs.iter().map(|cost| cost.what.as_str()).collect();
        assert!(
            whats.contains(&"global average, 4×4×5 to 1×1×5"),
            "{whats:?}"
        );
        let convolution = costs
            .iter()
            .find(|cost| cost.what.starts_with("dense 3×3/1"));
        assert_eq!(convolution.unwrap().products, 4 * 4 * 9 * 3 * 5);
        // The clock moves on by one at each reading, so each step takes one a band.
        assert!(costs.iter().all(|cost| cost.time >= 1.0), "{costs:?}");
    }

    #[test]
    fn another_input_is_refused() {
        let (plan, signature) = plan();
        let refused = plan.profile(&signature, CpuPath::Native, &[0.5; 5], 1, &mut || 0.0);
        assert!(refused.unwrap_err().to_string().contains("5 values"));
    }
}
