//! Operators one by one, against tract on files of a few nodes.

use super::model::{Model, Value};
use super::*;
use crate::plan::{Operation, PoolKind};
use proptest::prelude::*;

/// Compiles a model and compares it with tract.
pub(super) fn agrees(model: &Model) -> Plan {
    let plan = compiled(model).unwrap_or_else(|error| panic!("{error}"));
    let network = crate::tract::load_model(&model.proto, &model.signature);
    let network = network.unwrap_or_else(|error| panic!("tract: {error}"));
    let input = noise(9, model.signature.input.values().expect("a shape"));
    let expected = reference(&*network, &input, model.signature.outputs.len());
    for (found, expected) in oracle::run(&plan, &input).iter().zip(&expected) {
        let (difference, _) = distance(found, expected);
        assert!(difference < 1e-5, "{difference}: {found:?}, {expected:?}");
    }
    plan
}

/// The sides of a picture after windows; `None` where none fits.
fn steps(side: usize, size: usize, stride: usize, pads: usize) -> Option<usize> {
    Some((side + pads).checked_sub(size)? / stride + 1)
}

#[derive(Clone, Debug)]
struct Shape {
    side: [usize; 2],
    size: [usize; 2],
    stride: [usize; 2],
    pads: [usize; 4],
    channels: usize,
    to: usize,
}

impl Shape {
    fn out(&self) -> Option<[usize; 2]> {
        let axis = |i: usize| {
            steps(
                self.side[i],
                self.size[i],
                self.stride[i],
                self.pads[i] + self.pads[i + 2],
            )
        };
        Some([axis(0)?, axis(1)?])
    }
}

fn shapes() -> impl Strategy<Value = Shape> {
    let pair = |low: usize, high: usize| prop::array::uniform2(low..=high);
    (
        pair(1, 9),
        pair(1, 4),
        pair(1, 3),
        prop::array::uniform4(0_usize..4),
        1..6_usize,
        1..6_usize,
    )
        .prop_map(|(side, size, stride, pads, channels, to)| Shape {
            side,
            size,
            stride,
            // More than the window covers would leave windows without a pixel.
            pads: [0, 1, 2, 3].map(|i| pads[i].min(size[i % 2] - 1)),
            channels,
            to,
        })
        .prop_filter("a window fits", |shape| shape.out().is_some())
}

fn ints(values: &[usize]) -> Vec<i64> {
    values.iter().map(|&v| v as i64).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn convolutions_with_all_that_follows(
        shape in shapes(),
        depthwise: bool,
        normalise: bool,
        residual in 0..3_usize,
        activation in 0..6_usize,
    ) {
        let [high, wide] = shape.out().expect("filtered");
        let channels = shape.channels;
        let to = if depthwise { channels } else { shape.to };
        let (group, from) = if depthwise { (channels, 1) } else { (1, channels) };
        let [rows, pixels] = shape.size;
        let output = [1, to, high, wide];
        let per_channel = |seed| noise(seed, to);
        let mut model = Model::new(13, &[1, channels, shape.side[0], shape.side[1]])
            .floats("w", &[to, from, rows, pixels], noise(1, to * from * rows * pixels))
            .floats("b", &[to], per_channel(2))
            .node("Conv", &["x", "w", "b"], "c", &[
                ("group", Value::Int(group as i64)),
                ("pads", Value::Ints(&ints(&shape.pads))),
                ("strides", Value::Ints(&ints(&shape.stride))),
            ]);
        let mut last = "c";
        if normalise {
            let variance = per_channel(6).iter().map(|v| v.abs() + 0.1).collect();
            model = model
                .floats("gain", &[to], per_channel(3))
                .floats("shift", &[to], per_channel(4))
                .floats("mean", &[to], per_channel(5))
                .floats("variance", &[to], variance)
                .node("BatchNormalization", &[last, "gain", "shift", "mean", "variance"], "n", &[]);
            last = "n";
        }
        // A second convolution as the other summand, on either side.
        if residual > 0 {
            let inputs = if residual == 1 { ["d", last] } else { [last, "d"] };
            model = model
                .node("Conv", &["x", "w"], "d", &[
                    ("group", Value::Int(group as i64)),
                    ("pads", Value::Ints(&ints(&shape.pads))),
                    ("strides", Value::Ints(&ints(&shape.stride))),
                ])
                .node("Add", &inputs, "s", &[]);
            last = "s";
        }
        let model = match activation {
            0 => model.node("Identity", &[last], "y", &[]),
            1 => model.node("Relu", &[last], "y", &[]),
            2 => model.floats("low", &[], vec![-0.2]).floats("high", &[], vec![0.3])
                .node("Clip", &[last, "low", "high"], "y", &[]),
            3 => model.floats("slope", &[to, 1, 1], per_channel(7))
                .node("PRelu", &[last, "slope"], "y", &[]),
            4 => model.node("LeakyRelu", &[last], "y", &[("alpha", Value::Float(0.2))]),
            _ => model.node("Sigmoid", &[last], "g", &[]).node("Mul", &[last, "g"], "y", &[]),
        };
        let plan = agrees(&model.output("y", &output));
        // Everything is in the convolutions.
        prop_assert_eq!(plan.operations.len(), 1 + usize::from(residual > 0));
    }

    #[test]
    fn pools(shape in shapes(), max: bool, ceil: bool, border: bool) {
        let ceiled = |i: usize| {
            let room = shape.side[i] + shape.pads[i] + shape.pads[i + 2] - shape.size[i];
            let count = room.div_ceil(shape.stride[i]) + 1;
            let begins = (count - 1) * shape.stride[i];
            if begins >= shape.side[i] + shape.pads[i] { count - 1 } else { count }
        };
        let [mut high, mut wide] = shape.out().expect("filtered");
        if ceil {
            (high, wide) = (ceiled(0), ceiled(1));
        }
        let mut attributes = vec![
            ("ceil_mode", Value::Int(ceil.into())),
        ];
        let (size, pads, stride) = (ints(&shape.size), ints(&shape.pads), ints(&shape.stride));
        attributes.push(("kernel_shape", Value::Ints(&size)));
        attributes.push(("pads", Value::Ints(&pads)));
        attributes.push(("strides", Value::Ints(&stride)));
        // With the border counted, windows beyond it have no form in a plan.
        if !max && !ceil {
            attributes.push(("count_include_pad", Value::Int(border.into())));
        }
        let operator = if max { "MaxPool" } else { "AveragePool" };
        let model = Model::new(13, &[1, shape.channels, shape.side[0], shape.side[1]])
            .node(operator, &["x"], "y", &attributes)
            .output("y", &[1, shape.channels, high, wide]);
        agrees(&model);
    }
}

#[test]
fn same_padding_puts_the_odd_pixel_where_it_says() {
    for (auto, before) in [("SAME_UPPER", 0), ("SAME_LOWER", 1)] {
        let model = Model::new(13, &[1, 2, 6, 6])
            .floats("w", &[3, 2, 3, 3], noise(1, 54))
            .node(
                "Conv",
                &["x", "w"],
                "y",
                &[
                    ("auto_pad", Value::Text(auto)),
                    ("strides", Value::Ints(&[2, 2])),
                ],
            )
            .output("y", &[1, 3, 3, 3]);
        let plan = agrees(&model);
        let Operation::Convolution(convolution) = &plan.operations[0] else {
            panic!("a convolution");
        };
        assert_eq!(convolution.window.before, [before; 2]);
    }
}

#[test]
fn zeros_around_go_into_what_reads_them() {
    let padded = |pads: &[i64]| {
        Model::new(13, &[1, 2, 5, 5])
            .ints("p", pads)
            .node("Pad", &["x", "p"], "a", &[])
    };
    let model = padded(&[0, 0, 1, 2, 0, 0, 2, 1])
        .floats("w", &[1, 2, 3, 3], noise(1, 18))
        .node(
            "Conv",
            &["a", "w"],
            "y",
            &[("strides", Value::Ints(&[2, 2]))],
        )
        .output("y", &[1, 1, 3, 3]);
    assert_eq!(agrees(&model).operations.len(), 1);
    let model = padded(&[0, 0, 1, 1, 0, 0, 1, 1])
        .node(
            "AveragePool",
            &["a"],
            "y",
            &[("kernel_shape", Value::Ints(&[2, 2]))],
        )
        .output("y", &[1, 2, 6, 6]);
    let plan = agrees(&model);
    let border =
        |o: &Operation| matches!(o, Operation::Pool(o) if o.kind == PoolKind::AverageWithBorder);
    assert!(border(&plan.operations[0]), "{plan:?}");
    let model = padded(&[0, 0, 0, 0, 0, 3, 0, 0])
        .floats("w", &[5, 2, 1, 1], noise(1, 10))
        .node("Conv", &["x", "w"], "c", &[])
        .node("Add", &["a", "c"], "y", &[])
        .output("y", &[1, 5, 5, 5]);
    assert_eq!(agrees(&model).operations.len(), 1);
    // Zeros at different ends: a sum of its own.
    let model = padded(&[0, 0, 0, 0, 0, 3, 0, 0])
        .floats("w", &[5, 2, 2, 2], noise(1, 40))
        .ints("q", &[0, 0, 0, 0, 0, 0, 1, 1])
        .node("Conv", &["x", "w"], "c", &[])
        .node("Pad", &["c", "q"], "d", &[])
        .node("Add", &["d", "a"], "s", &[])
        .node("Relu", &["s"], "y", &[])
        .output("y", &[1, 5, 5, 5]);
    assert_eq!(agrees(&model).operations.len(), 2);
    let model = padded(&[0, 0, 1, 1, 0, 0, 1, 1])
        .node(
            "MaxPool",
            &["a"],
            "y",
            &[("kernel_shape", Value::Ints(&[2, 2]))],
        )
        .output("y", &[1, 2, 6, 6]);
    assert!(refused(&model).contains("zeros"), "{}", refused(&model));
}

#[test]
fn matrices_see_pictures_in_their_order() {
    for turned in [false, true] {
        let mut model = Model::new(13, &[1, 2, 3, 4]);
        if turned {
            model = model.node(
                "Transpose",
                &["x"],
                "t",
                &[("perm", Value::Ints(&[0, 2, 3, 1]))],
            );
        }
        let model = model
            .node("Flatten", &[if turned { "t" } else { "x" }], "f", &[])
            .floats("w", &[5, 24], noise(1, 120))
            .floats("b", &[5], noise(2, 5))
            .node(
                "Gemm",
                &["f", "w", "b"],
                "y",
                &[
                    ("transB", Value::Int(1)),
                    ("alpha", Value::Float(0.5)),
                    ("beta", Value::Float(2.0)),
                ],
            )
            .output("y", &[1, 5]);
        assert_eq!(agrees(&model).operations.len(), 1);
    }
}

#[test]
fn shapes_computed_in_the_graph_are_folded() {
    let model = Model::new(13, &[1, 4, 3, 2])
        .node(
            "Transpose",
            &["x"],
            "t",
            &[("perm", Value::Ints(&[0, 2, 3, 1]))],
        )
        .node("Shape", &["t"], "s", &[])
        .ints("zero", &[0])
        .ints("two", &[2])
        .ints("rest", &[-1])
        .node("Slice", &["s", "zero", "two"], "first", &[])
        .node(
            "Gather",
            &["first", "zero"],
            "batch",
            &[("axis", Value::Int(0))],
        )
        .node("Squeeze", &["batch", "zero"], "scalar", &[])
        .node("Unsqueeze", &["scalar", "zero"], "again", &[])
        .node("Mul", &["two", "again"], "pair", &[])
        .node(
            "Concat",
            &["again", "rest", "pair"],
            "shape",
            &[("axis", Value::Int(0))],
        )
        .node("Relu", &["t"], "r", &[])
        .node("Reshape", &["r", "shape"], "h", &[])
        .node("Softmax", &["h"], "y", &[("axis", Value::Int(-1))])
        .output("y", &[1, 12, 2]);
    let plan = agrees(&model);
    assert_eq!(plan.operations.len(), 1);
    assert_eq!(
        (plan.outputs[0].order, plan.outputs[0].softmax),
        (Order::Interleaved, Some(2))
    );
}

#[test]
fn arithmetic_with_constants_becomes_scale_and_shift() {
    let model = Model::new(13, &[1, 3, 4, 4])
        .floats("mean", &[3, 1, 1], noise(1, 3))
        .floats("two", &[], vec![2.0])
        .floats("w", &[2, 3, 3, 3], noise(2, 54))
        .floats("shift", &[1, 2, 1, 1], noise(3, 2))
        .node("Sub", &["x", "mean"], "a", &[])
        .node("Div", &["a", "two"], "b", &[])
        .node(
            "Conv",
            &["b", "w"],
            "c",
            &[("pads", Value::Ints(&[1, 1, 1, 1]))],
        )
        .node("Mul", &["c", "two"], "d", &[])
        .node("Add", &["shift", "d"], "e", &[])
        .node("Sub", &["two", "e"], "y", &[])
        .output("y", &[1, 2, 4, 4]);
    // Subtraction and division in front of the padding cannot go into the convolution: the zeros
    // around are those of what it reads.
    assert_eq!(agrees(&model).operations.len(), 2);
}

#[test]
fn gates_channels_side_by_side_and_enlarging() {
    let model = Model::new(13, &[1, 3, 4, 4])
        .floats("w", &[3, 3, 1, 1], noise(1, 9))
        .floats("slope", &[6, 1, 1], noise(2, 6))
        .floats("scales", &[4], vec![1.0, 1.0, 2.0, 3.0])
        .node("Conv", &["x", "w"], "c", &[])
        .node("GlobalAveragePool", &["c"], "m", &[])
        .node("Sigmoid", &["m"], "g", &[])
        .node("Mul", &["g", "c"], "s", &[])
        .node("Concat", &["s", "x"], "both", &[("axis", Value::Int(1))])
        .node("PRelu", &["both", "slope"], "p", &[])
        .node(
            "Resize",
            &["p", "", "scales"],
            "y",
            &[
                ("mode", Value::Text("nearest")),
                ("coordinate_transformation_mode", Value::Text("asymmetric")),
                ("nearest_mode", Value::Text("floor")),
            ],
        )
        .output("y", &[1, 6, 8, 12]);
    agrees(&model);
}

#[test]
fn parts_of_a_concatenation_take_in_their_activation() {
    let model = Model::new(13, &[1, 3, 4, 4])
        .floats("v", &[2, 3, 1, 1], noise(1, 6))
        .floats("w", &[4, 3, 1, 1], noise(2, 12))
        .floats("slope", &[6, 1, 1], noise(3, 6))
        .node("Conv", &["x", "v"], "a", &[])
        .node("Conv", &["x", "w"], "b", &[])
        .node("Concat", &["a", "b"], "c", &[("axis", Value::Int(1))])
        .node("PRelu", &["c", "slope"], "y", &[])
        .output("y", &[1, 6, 4, 4]);
    assert_eq!(agrees(&model).operations.len(), 3);
}
