use super::*;
use crate::plan::{
    Activation, Convolution, Operation, Plan, Pool, QuantParams, TensorId, Weights, sample,
};

/// Why the sample is refused after a change.
fn refusal(change: impl FnOnce(&mut Plan)) -> PlanError {
    let mut plan = sample::plan();
    change(&mut plan);
    plan.check(&sample::signature())
        .expect_err("a contradiction")
}

fn convolution(plan: &mut Plan, index: usize) -> &mut Convolution {
    match &mut plan.operations[index] {
        Operation::Convolution(convolution) => convolution,
        other => panic!("{other:?} is no convolution"),
    }
}

fn pool(plan: &mut Plan, index: usize) -> &mut Pool {
    match &mut plan.operations[index] {
        Operation::Pool(pool) => pool,
        other => panic!("{other:?} is no pooling"),
    }
}

#[test]
fn the_sample_is_accepted_and_measured() {
    let plan = sample::plan();
    assert_eq!(plan.check(&sample::signature()), Ok(()));
    assert_eq!(
        plan.multiply_adds(),
        36 * (27 * 8 + 9 * 11 + 11 * 8 + 11 * 4)
    );
    assert_eq!(plan.parameters(), 27 * 8 + 8 + 99 + 11 + 88 + 8 + 44 + 4);
    // The third convolution reads tensor 9 and writes 11, and 10 is still to be read.
    assert_eq!(plan.live_values(), 36 * (11 + 8 + 11));
}

#[test]
fn operations_that_contradict_are_named() {
    type Change = fn(&mut Plan);
    let cases: &[(usize, &str, Change)] = &[
        (0, "written before", |p| {
            convolution(p, 0).input = TensorId(1);
        }),
        (0, "written before", |p| {
            convolution(p, 0).input = TensorId(u32::MAX - 1);
        }),
        (0, "written already", |p| {
            convolution(p, 0).output = TensorId(0);
        }),
        (0, "written already", |p| {
            convolution(p, 0).output = TensorId(99);
        }),
        (0, "weights", |p| p.tensors[0].channels = 4),
        (0, "no finite number", |p| {
            convolution(p, 0).weights = Weights::Float(vec![f32::NAN; 27 * 8]);
        }),
        (0, "bias", |p| convolution(p, 0).bias[3] = f32::INFINITY),
        (0, "bias", |p| convolution(p, 0).bias.truncate(7)),
        (0, "slope", |p| {
            convolution(p, 0).activation = Activation::Prelu(vec![0.1; 7]);
        }),
        (0, "residual", |p| p.tensors[0].height = 7),
        (0, "impossible size", |p| {
            convolution(p, 0).window.size = [0, 3];
        }),
        (0, "impossible size", |p| {
            convolution(p, 0).window.stride = [1, 257];
        }),
        (0, "outside the picture", |p| {
            convolution(p, 0).window.before = [3, 1];
        }),
        (0, "outside the picture", |p| {
            convolution(p, 0).window.stride = [2, 1];
        }),
        (1, "channels", |p| p.tensors[2].channels = 7),
        (1, "outside the picture", |p| {
            pool(p, 1).window.stride = [4, 2];
        }),
        (2, "one pixel", |p| p.tensors[3].width = 2),
        (3, "one value a channel", |p| p.tensors[4].width = 4),
        (5, "whole factors", |p| p.tensors[5].width = 7),
        (6, "larger sides", |p| p.tensors[6].channels = 9),
        (7, "channels of all", |p| p.tensors[7].channels = 12),
        (8, "finite range", |p| {
            convolution(p, 8).activation = Activation::Clip {
                low: 1.0,
                high: 0.0,
            };
        }),
        (8, "depthwise", |p| p.tensors[8].channels = 12),
        (8, "no form for bytes", |p| {
            p.operations[8] = Operation::Activate {
                input: TensorId(7),
                output: TensorId(8),
                activation: Activation::Relu,
            };
            p.quant_params.insert(
                TensorId(8),
                QuantParams {
                    scale: 1.0,
                    zero_point: 0,
                },
            );
        }),
        (8, "writes f32", |p| {
            p.quant_params.insert(
                TensorId(8),
                QuantParams {
                    scale: 1.0,
                    zero_point: 0,
                },
            );
        }),
        (9, "f32 to f32", |p| p.quant_params.clear()),
        (11, "reads and writes f32", |p| {
            convolution(p, 11).weights = Weights::Float(vec![0.0; 88]);
        }),
        (11, "-128", |p| {
            let scales = vec![1.0; 8];
            let values = vec![-128; 88];
            convolution(p, 11).weights = Weights::Quantised { values, scales };
        }),
        (11, "beyond 128", |p| {
            let scales = vec![1.0; 8];
            let values = vec![65; 88];
            convolution(p, 11).weights = Weights::Quantised { values, scales };
        }),
        (11, "2^30 steps", |p| convolution(p, 11).bias[7] = 2e6),
        (11, "residual of bytes", |p| {
            convolution(p, 11).residual = Some(TensorId(1));
        }),
        (12, "does not have", |p| {
            p.operations[12] = Operation::Take {
                input: TensorId(10),
                output: TensorId(14),
                first: 8,
            };
        }),
        (12, "does not have", |p| {
            p.operations[12] = Operation::Take {
                input: TensorId(10),
                output: TensorId(14),
                first: u32::MAX,
            };
        }),
        (12, "height and width", |p| p.tensors[14].width = 5),
        (6, "mixes bytes", |p| {
            let params = p.quant_params[&TensorId(9)];
            p.quant_params.insert(TensorId(6), params);
        }),
        (11, "1e-9", |p| {
            let scales = vec![0.0; 8];
            let values = vec![1; 88];
            convolution(p, 11).weights = Weights::Quantised { values, scales };
        }),
    ];
    for (number, &(index, word, change)) in cases.iter().enumerate() {
        let error = refusal(change);
        let right = matches!(&error, PlanError::Operation { index: found, .. } if *found == index);
        let text = error.to_string();
        assert!(
            right && text.contains(word),
            "case {number}, {word}: {text}"
        );
    }
}

#[test]
fn numbers_outside_their_range_are_named() {
    type Change = fn(&mut Plan);
    let cases: &[(&str, Change)] = &[
        ("side of a tensor: 0", |p| p.tensors[3].height = 0),
        ("side of a tensor: 65537", |p| p.tensors[3].height = 65537),
        ("values of a tensor", |p| {
            p.tensors[1].height = 65536;
            p.tensors[1].width = 129;
        }),
        ("tensors: 16", |p| p.tensors.push(p.tensors[0])),
        ("operations: 0", |p| p.operations.clear()),
        ("tensor of an output: 15", |p| {
            p.outputs[0].parts = vec![TensorId(15)];
        }),
        ("tensor of bytes: 0", |p| {
            p.quant_params.insert(
                TensorId(0),
                QuantParams {
                    scale: 1.0,
                    zero_point: 0,
                },
            );
        }),
        ("tensor 11: a part of an output", |p| {
            convolution(p, 11).activation = Activation::Relu;
            p.quant_params.insert(
                TensorId(11),
                QuantParams {
                    scale: 1.0,
                    zero_point: 0,
                },
            );
        }),
        ("tensor 9: the scale", |p| {
            p.quant_params.insert(
                TensorId(9),
                QuantParams {
                    scale: 1e10,
                    zero_point: 0,
                },
            );
        }),
        ("tensor 11: nothing reads it", |p| {
            p.outputs[1].parts = vec![TensorId(12)];
        }),
    ];
    for (word, change) in cases {
        let error = refusal(change);
        assert!(error.to_string().contains(word), "{word}: {error}");
    }
}

#[test]
fn work_and_memory_have_limits() {
    let error = refusal(|plan| {
        // A mean of windows of 2^32 places.
        pool(plan, 1).window.size = [MAX_SIDE; 2];
    });
    assert!(error.to_string().starts_with("work: "), "{error}");
    let error = refusal(|plan| {
        let large = Extent {
            height: 4096,
            width: 4096,
            channels: 3,
        };
        plan.tensors = vec![large; 3];
        plan.quant_params.clear();
        plan.operations = [(0, 1), (1, 2)]
            .map(|(input, output)| Operation::Activate {
                input: TensorId(input),
                output: TensorId(output),
                activation: Activation::Relu,
            })
            .to_vec();
        plan.outputs.truncate(1);
        plan.outputs[0].parts = vec![TensorId(2)];
    });
    assert!(
        error.to_string().starts_with("activation values: "),
        "{error}"
    );
}

#[test]
fn input_and_outputs_are_those_of_the_manifest() {
    type Change = fn(&mut Plan);
    let cases: &[(&str, &str, Change)] = &[
        ("picture", "another shape", |p| {
            p.input_order = Order::Interleaved;
        }),
        ("picture", "in blocks", |p| p.input_order = Order::Blocks(2)),
        ("pairs", "number of values", |p| {
            p.outputs[0].parts = vec![TensorId(12), TensorId(12)];
        }),
        ("pairs", "no parts", |p| {
            p.outputs[0].parts = vec![TensorId(12); 65];
        }),
        ("pairs", "softmax", |p| p.outputs[0].softmax = Some(5)),
        ("large", "whole blocks", |p| {
            p.outputs[1].order = Order::Blocks(3);
        }),
        ("large", "whole blocks", |p| {
            p.outputs[1].order = Order::Blocks(u32::MAX);
        }),
    ];
    for (name, word, change) in cases {
        let error = refusal(change);
        let right = matches!(&error, PlanError::Signature { name: found, .. } if found == name);
        assert!(right && error.to_string().contains(word), "{word}: {error}");
    }
    let error = refusal(|plan| plan.outputs.push(plan.outputs[0].clone()));
    assert_eq!(error.to_string(), "outputs: 3, allowed is 2 to 2");
}
