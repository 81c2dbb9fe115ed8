//! Every path against the formula, on layers of random shapes.

mod layer;

use super::*;
use crate::cpu::CpuPath;
use crate::ir::{Activation, PoolKind, QuantParams, Window};
use layer::{Layer, Random, shape};

/// How many random layers; fewer where each takes long.
fn rounds() -> u64 {
    match (cfg!(miri), cfg!(debug_assertions)) {
        (true, _) => 2,
        (_, true) => 12,
        _ => 100,
    }
}

#[test]
fn dense_convolutions_of_random_shapes_are_exact_on_every_path() {
    for seed in 0..rounds() {
        let mut random = Random::new(seed);
        Layer::random(&mut random, false).check(&mut random);
    }
}

#[test]
fn depthwise_convolutions_of_random_shapes_are_exact_on_every_path() {
    for seed in 0..rounds() {
        let mut random = Random::new(1000 + seed);
        Layer::random(&mut random, true).check(&mut random);
    }
}

#[test]
fn the_largest_pairs_of_weights_do_not_saturate() {
    let mut random = Random::new(5);
    let mut layer = Layer::random(&mut random, false);
    let input = shape(3, 9, 32);
    let output = shape(3, 9, 32);
    for weights in [[127, 1], [64, 64], [-127, -1], [-64, -64], [127, -127]] {
        layer = Layer {
            window: Window {
                size: [1, 1],
                stride: [1, 1],
                before: [0, 0],
            },
            weights: (0..32 * 32).map(|i| weights[i / 32 % 2]).collect(),
            scales: vec![0.001; 32],
            bias: vec![0.0; 32],
            activation: Activation::None,
            input: (
                input,
                QuantParams {
                    scale: 0.01,
                    zero_point: 0,
                },
            ),
            output,
            output_params: None,
            residual: None,
            ..layer
        };
        let full = vec![255; input.len()];
        let expected = 16 * 255 * (i32::from(weights[0]) + i32::from(weights[1]));
        for path in CpuPath::available() {
            let (_, values) = layer.run(path, &full, None);
            let factor = (f64::from(0.01_f32) * f64::from(0.001_f32)) as f32;
            assert!(
                values.iter().all(|v| *v == expected as f32 * factor),
                "{path:?}"
            );
        }
    }
}

#[test]
fn conversions_and_sums_are_the_same_on_every_path_and_as_the_parameters_say() {
    let mut random = Random::new(9);
    for _ in 0..50 {
        let (a, b, to) = (random.params(), random.params(), random.params());
        let shape = shape(
            1 + random.below(4),
            1 + random.below(9),
            1 + random.below(50),
        );
        let wide = shape.channels + random.below(20);
        let values: Vec<f32> = (0..shape.height * shape.width * wide)
            .map(|_| random.real(-15.0, 15.0))
            .collect();
        let terms = [random.bytes(shape.len()), random.bytes(shape.len())];
        let add = Int8Add::new([a, b], to, &Activation::Relu);
        for path in CpuPath::available() {
            let kernels = Int8Kernels::of(path).expect("available");
            let mut bytes = vec![0; shape.len()];
            Quantise::new(to).run(kernels, (&values, wide), (&mut bytes, shape.pixel));
            let mut sums = vec![0; shape.len()];
            (kernels.add)(&mut sums, [&terms[0], &terms[1]], &add);
            for (at, c) in (0..shape.height * shape.width)
                .flat_map(|at| (0..shape.channels).map(move |c| (at, c)))
            {
                let place = at * shape.pixel + c;
                assert_eq!(bytes[place], to.quantise(values[at * wide + c]), "{path:?}");
                let sum = f64::from(a.dequantise(terms[0][place]))
                    + f64::from(b.dequantise(terms[1][place]));
                let steps = sum.max(0.0) / f64::from(to.scale);
                let steps = steps.clamp(0.0, 255.0 - f64::from(to.zero_point));
                let found = f64::from(sums[place]) - f64::from(to.zero_point);
                assert!(
                    (found - steps).abs() <= 0.5001,
                    "{path:?}: {found} for {steps}"
                );
            }
        }
    }
}

#[test]
fn every_path_quantises_any_values_to_the_same_bytes() {
    let mut random = Random::new(17);
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e9, -3e9, -0.0];
    for _ in 0..20 {
        let params = random.params();
        let len = 1 + random.below(90);
        let planes = [(); 3].map(|()| {
            let value = |_| match random.below(10) {
                number if number < odd.len() => odd[number],
                6 => params.scale * (random.below(300) as f32 - 150.5),
                _ => random.real(-15.0, 15.0),
            };
            (0..len).map(value).collect::<Vec<_>>()
        });
        let quantise = Quantise::new(params);
        for path in CpuPath::available() {
            let kernels = Int8Kernels::of(path).expect("available");
            let mut pixels = vec![[7; 4]; len];
            (kernels.colours)(&mut pixels, planes.each_ref().map(Vec::as_slice), &quantise);
            for (channel, plane) in planes.iter().enumerate() {
                let expected: Vec<u8> = plane.iter().map(|&value| params.quantise(value)).collect();
                let found: Vec<u8> = pixels.iter().map(|pixel| pixel[channel]).collect();
                assert_eq!(found, expected, "{path:?}: {plane:?}");
                let mut bytes = vec![7; len];
                (kernels.quantise)(&mut bytes, plane, &quantise);
                assert_eq!(bytes, expected, "{path:?}: {plane:?}");
            }
            assert!(pixels.iter().all(|pixel| pixel[3] == 0), "{path:?}");
        }
    }
}

#[test]
fn pools_see_only_the_picture() {
    let mut random = Random::new(11);
    for round in 0..60 {
        let kind = [
            PoolKind::Max,
            PoolKind::Average,
            PoolKind::AverageWithBorder,
        ][round % 3];
        let size = [1 + random.below(3), 1 + random.below(3)];
        let before = size.map(|side| random.below(side));
        let stride = [1 + random.below(2), 1 + random.below(2)];
        let input = shape(
            3 + random.below(5),
            3 + random.below(5),
            5 + random.below(40),
        );
        let places =
            |side: usize, axis: usize| (side + before[axis] - size[axis]) / stride[axis] + 1;
        let output = shape(
            places(input.height, 0),
            places(input.width, 1),
            input.channels,
        );
        let from = random.params();
        let to = if kind == PoolKind::Max {
            from
        } else {
            random.params()
        };
        let window = Window {
            size: size.map(|side| side as u32),
            stride: stride.map(|step| step as u32),
            before: before.map(|side| side as u32),
        };
        let bytes = random.bytes(input.len());
        let pool = Int8Pool::new(&window, kind, [input, output], [from, to]);
        for path in CpuPath::available() {
            let kernels = Int8Kernels::of(path).expect("available");
            let mut found = vec![0; output.len()];
            let rows = Int8Rows::whole(input, &bytes);
            pool.run(kernels, rows, (&mut found, 0..output.height));
            for place in 0..output.height * output.width * output.channels {
                let (at, c) = (place / output.channels, place % output.channels);
                let (y, x) = (at / output.width, at % output.width);
                let mut seen = Vec::new();
                for row in 0..size[0] {
                    for column in 0..size[1] {
                        let py = (y * stride[0] + row).wrapping_sub(before[0]);
                        let px = (x * stride[1] + column).wrapping_sub(before[1]);
                        if py < input.height && px < input.width {
                            let byte = bytes[(py * input.width + px) * input.pixel + c];
                            seen.push(f64::from(from.dequantise(byte)));
                        }
                    }
                }
                let divisor = match kind {
                    PoolKind::AverageWithBorder => size[0] * size[1],
                    _ => seen.len(),
                };
                let value = match kind {
                    PoolKind::Max => seen.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                    _ => seen.iter().sum::<f64>() / divisor as f64,
                };
                let low = f64::from(to.dequantise(0));
                let value = value.clamp(low, f64::from(to.dequantise(255)));
                let byte = to.dequantise(found[at * output.pixel + c]);
                let error = (f64::from(byte) - value).abs() / f64::from(to.scale);
                assert!(error <= 0.5001, "{kind:?}: {byte} for {value}");
            }
        }
    }
}

#[test]
fn copies_put_pixels_where_they_belong() {
    let (left, right, both) = (shape(2, 3, 5), shape(2, 3, 20), shape(2, 3, 25));
    let mut random = Random::new(3);
    let parts = [random.bytes(left.len()), random.bytes(right.len())];
    let mut bytes = vec![0; both.len()];
    copy_channels((&parts[0], left), (&mut bytes, both), 0);
    copy_channels((&parts[1], right), (&mut bytes, both), 5);
    for at in 0..6 {
        assert_eq!(bytes[at * 32..][..5], parts[0][at * 16..][..5]);
        assert_eq!(bytes[at * 32 + 5..][..20], parts[1][at * 32..][..20]);
    }
    let large = shape(4, 9, 5);
    let mut repeated = vec![0; large.len()];
    let rows = Int8Rows::whole(left, &parts[0]);
    repeat(rows, (&mut repeated, large), 0..4);
    for (y, x) in (0..4).flat_map(|y| (0..9).map(move |x| (y, x))) {
        let from = &parts[0][(y / 2 * 3 + x / 3) * 16..][..5];
        assert_eq!(&repeated[(y * 9 + x) * 16..][..5], from, "{y} {x}");
    }
}
