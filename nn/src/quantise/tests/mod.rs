mod channels;

use super::*;
use crate::TensorSpec;
use crate::plan::tests::random::{self, Dice};
use crate::plan::tests::{assert_same_in_bands, executed};
use crate::plan::{
    Activation, Add, Convolution, ConvolutionKind, Extent, Order, PlanOutput, Pool, PoolKind,
    Resize, ResizeKind, TensorId, Weights, Window, oracle,
};
use std::collections::BTreeMap;

const fn id(id: u32) -> TensorId {
    TensorId(id)
}

fn convolution(
    dice: &mut Dice,
    [input, output]: [u32; 2],
    [from, to]: [usize; 2],
    [side, stride]: [u32; 2],
    kind: ConvolutionKind,
) -> Convolution {
    let cells = (side * side) as usize;
    let depth = cells
        * if kind == ConvolutionKind::Dense {
            from
        } else {
            1
        };
    let scale = 1.5 / (depth as f32).sqrt();
    Convolution {
        input: id(input),
        output: id(output),
        residual: None,
        kind,
        window: Window {
            size: [side; 2],
            stride: [stride; 2],
            before: [side / 2; 2],
        },
        weights: Weights::Float(dice.values(depth * to, scale)),
        bias: dice.values(to, 0.2),
        activation: Activation::Prelu(dice.values(to, 0.3)),
    }
}

/// Every operation that has an int8 form, ending in f32.
fn network(dice: &mut Dice) -> Plan {
    use ConvolutionKind::{Dense, Depthwise};
    let extent = |side: u32, channels: u32| Extent {
        height: side,
        width: side,
        channels,
    };
    let mut expand = convolution(dice, [1, 2], [20, 40], [1, 1], Dense);
    expand.activation = Activation::Clip {
        low: 0.0,
        high: 1.5,
    };
    let mut project = convolution(dice, [3, 4], [40, 20], [1, 1], Dense);
    project.residual = Some(id(1));
    project.activation = Activation::None;
    let mut head = convolution(dice, [9, 10], [60, 6], [3, 1], Dense);
    head.activation = Activation::Sigmoid;
    Plan {
        input_order: Order::Planes,
        tensors: vec![
            extent(16, 3),
            extent(8, 20),
            extent(8, 40),
            extent(8, 40),
            extent(8, 20),
            extent(4, 20),
            extent(4, 20),
            extent(8, 20),
            extent(8, 20),
            extent(8, 60),
            extent(8, 6),
        ],
        quant_params: BTreeMap::new(),
        operations: vec![
            Operation::Convolution(convolution(dice, [0, 1], [3, 20], [3, 2], Dense)),
            Operation::Convolution(expand),
            Operation::Convolution(convolution(dice, [2, 3], [40, 40], [3, 1], Depthwise)),
            Operation::Convolution(project),
            Operation::Pool(Pool {
                input: id(4),
                output: id(5),
                kind: PoolKind::Max,
                window: Window {
                    size: [2, 2],
                    stride: [2, 2],
                    before: [0, 0],
                },
            }),
            Operation::Convolution(convolution(dice, [5, 6], [20, 20], [3, 1], Depthwise)),
            Operation::Resize(Resize {
                input: id(6),
                output: id(7),
                kind: ResizeKind::Nearest,
            }),
            Operation::Add(Add {
                left: id(7),
                right: id(4),
                output: id(8),
                activation: Activation::Relu,
            }),
            Operation::Concat {
                inputs: vec![id(8), id(3)],
                output: id(9),
            },
            Operation::Convolution(head),
        ],
        outputs: vec![PlanOutput {
            parts: vec![id(10)],
            order: Order::Planes,
            softmax: None,
        }],
    }
}

fn signature() -> Signature {
    let spec = |shape: &[usize]| TensorSpec {
        name: "x".to_owned(),
        shape: shape.to_vec(),
    };
    Signature {
        input: spec(&[1, 3, 16, 16]),
        outputs: vec![spec(&[1, 6, 8, 8])],
    }
}

fn draw(dice: &mut Dice, plan: &Plan, count: usize) -> Vec<Vec<f32>> {
    (0..count).map(|_| random::input(dice, plan)).collect()
}

fn quantised(plan: &Plan, inputs: &[Vec<f32>], snr_db: f64) -> Quantised {
    let demand = Demand {
        snr_db,
        compared: 4,
    };
    quantise(
        plan,
        &signature(),
        inputs,
        &demand,
        CpuPath::Native,
        &mut |_| {},
    )
    .unwrap()
}

#[test]
fn a_quantised_network_is_close_to_the_f32_one_and_the_same_on_every_path() {
    let mut dice = Dice::new(3);
    let plan = network(&mut dice);
    assert_eq!(plan.check(&signature()), Ok(()));
    let inputs = draw(&mut dice, &plan, 12);
    let done = quantised(&plan, &inputs, 25.0);
    assert!(done.layers.iter().all(|layer| !layer.float), "{done:?}");
    assert_eq!(done.plan.check(&signature()), Ok(()));
    // All but the input and the output.
    assert_eq!(done.plan.quant_params.len(), plan.tensors.len() - 1);
    let others = draw(&mut dice, &plan, 6);
    let found = check(
        &plan,
        &done.plan,
        &signature(),
        &others,
        &inputs,
        CpuPath::Native,
    )
    .unwrap();
    assert!(
        found.snr_db > 25.0 && found.least_cosine > 0.998,
        "{found:?}"
    );
    for input in &others {
        let bits = |path| -> Vec<u32> {
            let outputs = executed(&done.plan, input, path);
            outputs.concat().into_iter().map(f32::to_bits).collect()
        };
        let native = bits(CpuPath::Native);
        assert!(CpuPath::available().all(|path| bits(path) == native));
        let truth = oracle::run(&done.plan, input).concat();
        let ours = executed(&done.plan, input, CpuPath::Native).concat();
        let far = ours.iter().zip(&truth).map(|(a, b)| (a - b).abs());
        // A value halfway between two bytes may go to the other one in double precision.
        assert!(far.fold(0.0, f32::max) < 0.02);
    }
}

#[test]
fn what_is_asked_for_decides_how_much_stays_f32() {
    let mut dice = Dice::new(4);
    let plan = network(&mut dice);
    let inputs = draw(&mut dice, &plan, 8);
    let floats = |done: &Quantised| done.layers.iter().filter(|layer| layer.float).count();
    let all = quantised(&plan, &inputs, 500.0);
    assert_eq!((floats(&all), &all.plan), (6, &plan));
    let some = quantised(&plan, &inputs, all_int8_db(&plan, &inputs) + 1.0);
    assert!((1..6).contains(&floats(&some)), "{:?}", some.layers);
    // The first to go back to f32 have the most noise for what f32 costs them; for a depthwise one that is little.
    let noise = |float: bool| {
        let layers = some.layers.iter().filter(move |layer| layer.float == float);
        layers.map(|layer| {
            let noise = 10_f64.powf(-layer.alone_db.unwrap() / 10.0);
            let cells = if layer.what.starts_with("depthwise 3×3") {
                9.0 / 4.0
            } else {
                1.0
            };
            noise * cells / layer.multiply_adds as f64
        })
    };
    let least_float = noise(true).fold(f64::INFINITY, f64::min);
    assert!(
        noise(false).all(|noise| noise <= least_float),
        "{:?}",
        some.layers
    );
}

fn all_int8_db(plan: &Plan, inputs: &[Vec<f32>]) -> f64 {
    quantised(plan, inputs, 0.0).fidelity.snr_db
}

#[test]
fn random_plans_are_rewritten_to_what_the_oracle_computes() {
    let plans = if cfg!(miri) { 3 } else { 150 };
    let (mut signal, mut noise, mut int8_tensors) = (0.0, 0.0, 0);
    for seed in 0..plans {
        let mut dice = Dice::new(seed);
        let plan = random::plan(&mut dice);
        let inputs = draw(&mut dice, &plan, 3);
        let observed = observe::observe(&plan, &inputs, CpuPath::Native, &mut |_| {}).unwrap();
        let float = (0..plan.operations.len()).filter(|_| dice.below(4) == 0);
        let rewritten = rewrite::rewrite(&plan, &observed, &float.collect());
        int8_tensors += rewritten.quant_params.len();
        let truth = oracle::run(&rewritten, &inputs[0]).concat();
        for path in CpuPath::available() {
            // Checks the plan, too.
            let ours = executed(&rewritten, &inputs[0], path).concat();
            let what = format!("plan {seed} in int8");
            assert_same_in_bands(&mut dice, &rewritten, &inputs[0], path, &what);
            for (a, b) in ours.iter().zip(&truth) {
                let scale = f64::from(b.abs().max(1.0));
                signal += 1.0;
                noise += (f64::from(a - b) / scale).powi(2);
            }
        }
    }
    assert!(
        int8_tensors > plans as usize,
        "only {int8_tensors} int8 tensors"
    );
    assert!(noise < 1e-4 * signal, "{noise} of {signal}");
}

#[test]
fn weights_keep_their_pairs_and_lose_little() {
    let mut dice = Dice::new(8);
    let (from, to) = (40, 20);
    let read = observe::Tensor {
        low: 0.0,
        high: 1.0,
        bins: Vec::new(),
        peaks: Vec::new(),
        means: vec![0.5; from],
        squares: vec![1.0; from],
    };
    let mut layer = convolution(
        &mut dice,
        [3, 4],
        [from, to],
        [1, 1],
        ConvolutionKind::Dense,
    );
    // The worst there is: the two largest weights are neighbours of one sign.
    let mut values = dice.values(from * to, 0.1);
    for channel in 0..to {
        values[channel] = 1.0;
        values[to + channel] = 0.9;
    }
    layer.weights = Weights::Float(values.clone());
    let (weights, _) = weights::quantise(&layer, &values, &read, to);
    let Weights::Quantised {
        values: bytes,
        scales,
    } = weights
    else {
        panic!("not quantised")
    };
    for channel in 0..to {
        let pair = [bytes[channel], bytes[to + channel]].map(i32::from);
        assert!(pair[0] + pair[1] <= 128 && pair[0] > 40, "{pair:?}");
        for (k, pair) in bytes
            .chunks_exact(to)
            .zip(values.chunks_exact(to))
            .enumerate()
        {
            let error = f32::from(pair.0[channel]) * scales[channel] - pair.1[channel];
            assert!(error.abs() < 0.03, "weight {k} is off by {error}");
        }
    }
}

#[test]
fn rare_values_are_given_up_for_a_smaller_scale() {
    let mut bins = vec![0; observe::BINS];
    // A million values up to 1, three at 16.
    bins[..observe::BINS / 16].fill(1_000_000 * 16 / observe::BINS as u64);
    bins[observe::BINS - 1] = 3;
    let mut tensor = observe::Tensor {
        low: 0.0,
        high: 16.0,
        bins,
        peaks: vec![16.0],
        means: vec![0.0],
        squares: vec![0.0],
    };
    let (low, high) = range::best(&tensor);
    // The least of 3 (16 - h)^2 + 10^6 (h / 255)^2 / 12.
    let least = 16.0 * 3.0 / (3.0 + 1e6 / (12.0 * 255.0 * 255.0));
    assert!(
        low == 0.0 && (high - least).abs() < 0.3,
        "{high}, not {least}"
    );
    // Where they are not rare, they are kept.
    tensor.bins[observe::BINS - 1] = 1_000_000;
    assert!(range::best(&tensor).1 > 15.0);
}

#[test]
fn inputs_that_do_not_fit_are_refused() {
    let mut dice = Dice::new(1);
    let plan = network(&mut dice);
    let demand = Demand {
        snr_db: 20.0,
        compared: 1,
    };
    for (inputs, word) in [
        (vec![], "no inputs"),
        (vec![vec![0.0; 5]], "another length"),
    ] {
        let path = CpuPath::Native;
        let error = quantise(&plan, &signature(), &inputs, &demand, path, &mut |_| {});
        let error = error.expect_err("refused");
        assert!(error.to_string().contains(word), "{error}");
    }
}
