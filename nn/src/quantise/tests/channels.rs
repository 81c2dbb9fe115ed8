//! Channels of different range, and the power that noise is compared with.

use super::*;

#[test]
fn channels_of_different_range_become_alike_and_the_network_stays_the_same() {
    let mut dice = Dice::new(9);
    let mut plan = network(&mut dice);
    // Ranges over three decades between two convolutions; nothing else reads that tensor.
    let sizes: Vec<f32> = (0..40)
        .map(|c| 10.0_f32.powf(3.0 * c as f32 / 39.0))
        .collect();
    for (number, up) in [(1, true), (2, false)] {
        let Operation::Convolution(convolution) = &mut plan.operations[number] else {
            panic!("a convolution")
        };
        if up {
            convolution.activation = Activation::Relu;
        }
        let scale = |value: &mut f32, size: f32| *value *= if up { size } else { 1.0 / size };
        let Weights::Float(weights) = &mut convolution.weights else {
            panic!("of f32")
        };
        for row in weights.chunks_exact_mut(40) {
            row.iter_mut()
                .zip(&sizes)
                .for_each(|(value, &size)| scale(value, size));
        }
        if up {
            let bias = convolution.bias.iter_mut().zip(&sizes);
            bias.for_each(|(value, &size)| scale(value, size));
        }
    }
    let inputs = draw(&mut dice, &plan, 8);
    let silent = &mut |_| {};
    let raw = observe::ranges(&plan, &inputs, CpuPath::Native, silent).unwrap();
    let equal = equalise::equalise(&plan, &raw);
    let seen = observe::ranges(&equal, &inputs, CpuPath::Native, silent).unwrap();
    let span = |observed: &Observed| {
        let peaks = observed.tensors[2]
            .peaks
            .iter()
            .copied()
            .filter(|&peak| peak > 0.0);
        peaks.clone().fold(0.0, f32::max) / peaks.fold(f32::INFINITY, f32::min)
    };
    assert!(
        span(&raw) > 500.0 && span(&seen) < 20.0,
        "{} {}",
        span(&raw),
        span(&seen)
    );
    for input in &inputs {
        let [a, b] = [&plan, &equal].map(|plan| executed(plan, input, CpuPath::Native).concat());
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-4));
    }
    // Without equalisation the small channels would have no steps left.
    let done = quantised(&plan, &inputs, 20.0);
    assert!(
        done.layers.iter().all(|layer| !layer.float),
        "{:?}",
        done.layers
    );
    let observed = observe::observe(&plan, &inputs, CpuPath::Native, silent).unwrap();
    let plain = rewrite::rewrite(&plan, &observed, &Default::default());
    let lost = check(&plan, &plain, &signature(), &inputs, &[], CpuPath::Native).unwrap();
    assert!(
        lost.snr_db < done.fidelity.snr_db - 3.0,
        "{lost:?} {:?}",
        done.fidelity
    );
}

#[test]
fn noise_is_compared_with_the_power_over_more_inputs() {
    let mut dice = Dice::new(6);
    let plan = network(&mut dice);
    let inputs = draw(&mut dice, &plan, 6);
    let done = quantised(&plan, &inputs, 0.0);
    let (few, many) = inputs.split_at(2);
    let found = |inputs: &[Vec<f32>], more: &[Vec<f32>]| {
        check(
            &plan,
            &done.plan,
            &signature(),
            inputs,
            more,
            CpuPath::Native,
        )
        .unwrap()
    };
    // The same inputs again change nothing; cosines are those of the inputs alone.
    let (alone, twice) = (found(few, &[]), found(few, few));
    assert!((alone.snr_db - twice.snr_db).abs() < 1e-9);
    assert_eq!(alone.mean_cosine, found(few, many).mean_cosine);
    let power = |inputs: &[Vec<f32>]| {
        let outputs = inputs
            .iter()
            .flat_map(|x| executed(&plan, x, CpuPath::Native).concat());
        let squares: f64 = outputs.map(|v| f64::from(v) * f64::from(v)).sum();
        squares / inputs.len() as f64
    };
    let louder = 10.0 * (power(&inputs) / power(few)).log10();
    let gained = found(few, many).snr_db - alone.snr_db;
    assert!((gained - louder).abs() < 1e-6, "{gained} dB, not {louder}");
}
