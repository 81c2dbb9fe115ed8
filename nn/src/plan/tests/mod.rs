//! The executor against the oracle, on random plans, for every instruction set of this machine and
//! every way of cutting the work into bands.

pub(crate) mod random;

use super::bands::Group;
use super::oracle;
use super::program::Program;
use super::steps::Steps;
use crate::cpu::CpuPath;
use crate::kernels::{Aligned, Kernels};
use crate::plan::{
    Activation, Convolution, ConvolutionKind, Extent, Operation, Order, Plan, PlanOutput, TensorId,
    Weights, Window,
};
use crate::{Signature, TensorSpec, Threads};
use random::Dice;
use std::collections::BTreeMap;

/// The flat outputs of a plan through the public functions.
pub(crate) fn executed(plan: &Plan, input: &[f32], path: CpuPath) -> Vec<Vec<f32>> {
    let spec = |shape: &[u32]| TensorSpec {
        name: String::new(),
        shape: shape.iter().map(|&side| side as usize).collect(),
    };
    let from = plan.tensors[0];
    let values = |output: &PlanOutput| {
        let parts = output.parts.iter();
        parts
            .map(|part| plan.tensors[part.0 as usize].values() as u32)
            .sum()
    };
    let signature = Signature {
        input: match plan.input_order {
            Order::Planes => spec(&[1, from.channels, from.height, from.width]),
            _ => spec(&[1, from.height, from.width, from.channels]),
        },
        outputs: plan
            .outputs
            .iter()
            .map(|output| spec(&[1, values(output)]))
            .collect(),
    };
    let network = plan.network("random", &signature, path).unwrap();
    let mut runner = network.runner().unwrap();
    // The second run must not see what the first left behind.
    for round in 0..2 {
        let filler = if round == 0 { f32::MAX } else { 0.0 };
        runner.input_mut().fill(filler);
        if round == 0 {
            runner.run().unwrap();
        }
        runner.input_mut().copy_from_slice(input);
        runner.run().unwrap();
    }
    (0..plan.outputs.len())
        .map(|index| runner.output(index).iter().copied().collect())
        .collect()
}

fn assert_close(seed: u64, path: CpuPath, ours: &[Vec<f32>], truth: &[Vec<f32>]) {
    assert_eq!(ours.len(), truth.len());
    for (ours, truth) in ours.iter().zip(truth) {
        assert_eq!(ours.len(), truth.len());
        for (at, (a, b)) in ours.iter().zip(truth).enumerate() {
            let allowed = 1e-4 * b.abs().max(1.0);
            assert!(
                (a - b).abs() <= allowed,
                "plan {seed} on {path:?}: value {at} is {a}, not {b}"
            );
        }
    }
}

#[test]
fn random_plans_give_what_the_oracle_gives() {
    let plans = if cfg!(miri) { 2 } else { 300 };
    for seed in 0..plans {
        let mut dice = Dice::new(seed);
        let plan = random::plan(&mut dice);
        let input = random::input(&mut dice, &plan);
        let truth = oracle::run(&plan, &input);
        for path in CpuPath::available().filter(|&path| Kernels::of(path).is_some()) {
            assert_close(seed, path, &executed(&plan, &input, path), &truth);
        }
    }
}

#[test]
fn bands_of_any_height_give_the_same_bits() {
    let plans = if cfg!(miri) { 4 } else { 200 };
    for seed in 0..plans {
        let mut dice = Dice::new(seed);
        let plan = random::plan(&mut dice);
        let input = random::input(&mut dice, &plan);
        for path in CpuPath::available() {
            assert_same_in_bands(&mut dice, &plan, &input, path, &format!("plan {seed}"));
        }
    }
}

/// Bands of any height give the same bits.
pub(crate) fn assert_same_in_bands(
    dice: &mut Dice,
    plan: &Plan,
    input: &[f32],
    path: CpuPath,
    what: &str,
) {
    let steps = Steps::of(plan).unwrap();
    let kernels = Kernels::of(path).unwrap();
    let whole = Program::of(plan, &steps, kernels, &alone(&steps)).unwrap();
    let whole = outputs(plan, &whole, input);
    for _ in 0..4 {
        let groups = random_groups(dice, &steps);
        let banded = Program::of(plan, &steps, kernels, &groups).unwrap();
        assert!(
            outputs(plan, &banded, input) == whole,
            "{what} on {path:?}, {groups:?}"
        );
    }
}

#[cfg(feature = "threads")]
#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let plans = if cfg!(miri) { 2 } else { 100 };
    let pools = [2, 3, 7].map(|count| Threads::new(count).unwrap());
    for seed in 0..plans {
        let mut dice = Dice::new(seed);
        let plan = random::plan(&mut dice);
        let input = random::input(&mut dice, &plan);
        let steps = Steps::of(&plan).unwrap();
        for kernels in CpuPath::available().filter_map(Kernels::of) {
            let whole = Program::of(&plan, &steps, kernels, &alone(&steps)).unwrap();
            let alone = outputs(&plan, &whole, &input);
            let groups = random_groups(&mut dice, &steps);
            let banded = Program::of(&plan, &steps, kernels, &groups).unwrap();
            for mut program in [whole, banded] {
                // Every piece of work is shared, small ones too.
                program.piece = 1;
                for threads in &pools {
                    let shared = outputs_on(&plan, &program, &input, threads);
                    assert!(shared == alone, "plan {seed}, {threads:?}");
                }
            }
        }
    }
}

fn alone(steps: &Steps) -> Vec<Group> {
    (0..steps.steps.len())
        .map(|step| Group::alone(step, steps))
        .collect()
}

fn random_groups(dice: &mut Dice, steps: &Steps) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut start = 0;
    while start < steps.steps.len() {
        let end = (start + dice.below(5) + 1).min(steps.steps.len());
        let height = steps.buffers[steps.steps[end - 1].output].height;
        groups.push(Group {
            steps: start..end,
            band: dice.below(height) + 1,
        });
        start = end;
    }
    groups
}

/// The tensors of the outputs after a run in an arena full of values that would be seen.
fn outputs(plan: &Plan, program: &Program, input: &[f32]) -> Vec<u32> {
    outputs_on(plan, program, input, &Threads::default())
}

fn outputs_on(plan: &Plan, program: &Program, input: &[f32], threads: &Threads) -> Vec<u32> {
    let mut arena = Aligned::zeroed(program.arena);
    arena.fill(-1e3);
    program.run(input, &mut arena, &mut program.scratch.clone(), threads);
    let parts = plan.outputs.iter().flat_map(|output| &output.parts);
    parts
        .flat_map(|part| program.tensor(part.0 as usize, &arena).whole().to_vec())
        .map(f32::to_bits)
        .collect()
}

#[test]
fn the_input_may_be_interleaved() {
    let mut dice = Dice::new(7);
    let mut plan = random::plan(&mut dice);
    plan.input_order = Order::Interleaved;
    let input = random::input(&mut dice, &plan);
    let truth = oracle::run(&plan, &input);
    assert_close(
        7,
        CpuPath::Native,
        &executed(&plan, &input, CpuPath::Native),
        &truth,
    );
}

/// One convolution with a window of `size` over a picture of `side` pixels a side.
fn one_window(kind: ConvolutionKind, size: u32, side: u32, channels: u32) -> (Plan, Signature) {
    let extent = |side| Extent {
        height: side,
        width: side,
        channels,
    };
    let window = Window {
        size: [size, size],
        ..Window::PIXEL
    };
    let output = side - size + 1;
    let seen = match kind {
        ConvolutionKind::Dense => channels,
        ConvolutionKind::Depthwise => 1,
    };
    let convolution = Convolution {
        input: TensorId(0),
        output: TensorId(1),
        residual: None,
        kind,
        window,
        weights: Weights::Float(vec![0.5; (size * size * seen * channels) as usize]),
        bias: vec![0.0; channels as usize],
        activation: Activation::None,
    };
    let plan = Plan {
        input_order: Order::Interleaved,
        tensors: vec![extent(side), extent(output)],
        operations: vec![Operation::Convolution(convolution)],
        outputs: vec![PlanOutput {
            parts: vec![TensorId(1)],
            order: Order::Interleaved,
            softmax: None,
        }],
        quant_params: BTreeMap::new(),
    };
    let spec = |side| TensorSpec {
        name: "x".into(),
        shape: [1, side, side, channels].map(|side| side as usize).to_vec(),
    };
    let signature = Signature {
        input: spec(side),
        outputs: vec![spec(output)],
    };
    (plan, signature)
}

#[test]
fn what_the_kernels_cannot_do_is_refused_by_name() {
    let loaded = |kind, size, side, channels| {
        let (plan, signature) = one_window(kind, size, side, channels);
        let network = plan.network("large", &signature, CpuPath::Native);
        network.map(|_| ()).map_err(|error| error.cause.to_string())
    };
    let (dense, depthwise) = (ConvolutionKind::Dense, ConvolutionKind::Depthwise);
    // On both sides of each limit; a window over the whole picture has none.
    assert_eq!(loaded(dense, 16, 18, 2), Ok(()));
    assert!(
        loaded(dense, 17, 18, 2)
            .unwrap_err()
            .contains("a dense window so high")
    );
    assert_eq!(loaded(dense, 18, 18, 2), Ok(()));
    assert_eq!(loaded(depthwise, 16, 18, 2), Ok(()));
    assert!(
        loaded(depthwise, 17, 18, 2)
            .unwrap_err()
            .contains("a window so large")
    );
    // One channel is padded to a vector: 4096 × 4096 pixels would take a GiB with the widest.
    assert!(
        loaded(depthwise, 1, 4096, 1)
            .unwrap_err()
            .contains("a tensor so large")
    );
}

#[test]
fn a_runner_tells_its_memory() {
    let (plan, signature) = one_window(ConvolutionKind::Depthwise, 3, 50, 4);
    let bytes = plan
        .runner_bytes("small", &signature, CpuPath::Native)
        .unwrap();
    // Input, its copy in the arena, output in the arena, output.
    let [input, output] = [50 * 50 * 4, 48 * 48 * 4];
    assert_eq!(bytes, (2 * input + 2 * output) * size_of::<f32>());
}
