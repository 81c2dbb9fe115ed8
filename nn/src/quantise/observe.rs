//! What the tensors of a plan hold when it runs on real inputs.

use crate::cpu::CpuPath;
use crate::plan::{Order, Plan, PlanOutput, TensorId};
use crate::{NetworkError, Runner, Signature, TensorSpec};

/// Bins of a histogram.
pub(super) const BINS: usize = 2048;

/// Most values that are observed in one run: they take memory on top of the network's own.
const MAX_VALUES: u64 = 1 << 24;

/// What one tensor held.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    /// Least value, 0 at most.
    pub(super) low: f32,
    /// Largest value, 0 at least.
    pub(super) high: f32,
    /// How often values lay in each part of `low..high`.
    pub(super) bins: Vec<u64>,
    /// Largest distance of each channel from 0.
    pub(super) peaks: Vec<f32>,
    /// Mean of each channel.
    pub(super) means: Vec<f64>,
    /// Mean square of each channel.
    pub(super) squares: Vec<f64>,
}

/// All tensors of a plan.
pub(super) struct Observed {
    pub(super) tensors: Vec<Tensor>,
}

/// Runs a plan of f32 on all inputs, twice: first for ranges, then for histograms over them.
pub(super) fn observe(
    plan: &Plan,
    inputs: &[Vec<f32>],
    path: CpuPath,
    progress: &mut dyn FnMut(f64),
) -> Result<Observed, NetworkError> {
    run_passes(
        plan,
        inputs,
        path,
        &[Tensor::range, Tensor::count],
        progress,
    )
}

/// The same without histograms.
pub(super) fn ranges(
    plan: &Plan,
    inputs: &[Vec<f32>],
    path: CpuPath,
    progress: &mut dyn FnMut(f64),
) -> Result<Observed, NetworkError> {
    run_passes(plan, inputs, path, &[Tensor::range], progress)
}

/// What is done with a tensor's values.
type Pass = fn(&mut Tensor, &[f32]);

fn run_passes(
    plan: &Plan,
    inputs: &[Vec<f32>],
    path: CpuPath,
    passes: &[Pass],
    progress: &mut dyn FnMut(f64),
) -> Result<Observed, NetworkError> {
    let tensors = plan.tensors.iter().map(|extent| {
        let channels = extent.channels as usize;
        Tensor {
            low: 0.0,
            high: 0.0,
            bins: vec![0; BINS],
            peaks: vec![0.0; channels],
            means: vec![0.0; channels],
            squares: vec![0.0; channels],
        }
    });
    let mut tensors: Vec<Tensor> = tensors.collect();
    let windows = windows(plan);
    let total = (passes.len() * windows.len() * inputs.len()) as f64;
    let mut done = 0.0;
    for window in &windows {
        let (probe, signature) = probe(plan, window);
        let network = probe.network("observed", &signature, path)?;
        let mut runner = network.runner()?;
        for &pass in passes {
            for input in inputs {
                runner.input_mut().copy_from_slice(input);
                runner.run()?;
                visit(&*runner, window, &mut tensors, pass);
                done += 1.0;
                progress(done / total);
            }
        }
    }
    for (tensor, extent) in tensors.iter_mut().zip(&plan.tensors) {
        let pixels = f64::from(extent.height) * f64::from(extent.width) * inputs.len() as f64;
        let moments = tensor.means.iter_mut().chain(&mut tensor.squares);
        moments.for_each(|moment| *moment /= pixels);
    }
    Ok(Observed { tensors })
}

fn visit(runner: &dyn Runner, window: &[TensorId], tensors: &mut [Tensor], pass: Pass) {
    for (index, id) in window.iter().enumerate() {
        pass(&mut tensors[id.0 as usize], &runner.output(index));
    }
}

/// Tensors that are observed in the same run.
fn windows(plan: &Plan) -> Vec<Vec<TensorId>> {
    let mut windows: Vec<Vec<TensorId>> = vec![Vec::new()];
    let mut values = 0;
    for (number, extent) in plan.tensors.iter().enumerate() {
        values += extent.values();
        if values > MAX_VALUES && windows.last().is_some_and(|window| !window.is_empty()) {
            windows.push(Vec::new());
            values = extent.values();
        }
        let window = windows.last_mut().expect("the first is there");
        window.push(TensorId(number as u32));
    }
    windows
}

/// The plan with tensors as its outputs, pixel by pixel, after its own.
fn probe(plan: &Plan, window: &[TensorId]) -> (Plan, Signature) {
    let mut probe = plan.clone();
    let spec = |ids: &[TensorId]| TensorSpec {
        name: "tensor".to_owned(),
        shape: vec![
            ids.iter()
                .map(|id| plan.tensors[id.0 as usize].values() as usize)
                .sum(),
        ],
    };
    let observed = window.iter().map(|&id| PlanOutput {
        parts: vec![id],
        order: Order::Interleaved,
        softmax: None,
    });
    // Its own outputs stay, so that every tensor is still read: a plan with one that is not is refused.
    probe.outputs = observed.chain(plan.outputs.iter().cloned()).collect();
    let [height, width, channels] = {
        let extent = plan.tensors[0];
        [extent.height, extent.width, extent.channels].map(|side| side as usize)
    };
    let signature = Signature {
        input: TensorSpec {
            name: "input".to_owned(),
            shape: match plan.input_order {
                Order::Interleaved => vec![1, height, width, channels],
                _ => vec![1, channels, height, width],
            },
        },
        outputs: probe
            .outputs
            .iter()
            .map(|output| spec(&output.parts))
            .collect(),
    };
    (probe, signature)
}

impl Tensor {
    /// The first pass: range and moments.
    fn range(&mut self, values: &[f32]) {
        for pixel in values.chunks_exact(self.means.len()) {
            for (channel, &value) in pixel.iter().enumerate() {
                self.low = self.low.min(value);
                self.high = self.high.max(value);
                self.peaks[channel] = self.peaks[channel].max(value.abs());
                let value = f64::from(value);
                self.means[channel] += value;
                self.squares[channel] += value * value;
            }
        }
    }

    /// The second pass.
    fn count(&mut self, values: &[f32]) {
        let scale = BINS as f32 / (self.high - self.low).max(f32::MIN_POSITIVE);
        for value in values {
            let bin = ((value - self.low) * scale) as usize;
            self.bins[bin.min(BINS - 1)] += 1;
        }
    }
}
