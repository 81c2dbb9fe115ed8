//! Golden vectors: proof that an engine on this machine computes what the pack's maker saw.

use super::error::PackError;
use super::input::PixelInput;
use super::manifest::{GoldenOutput, NetworkSpec};
use super::network::PackNetwork;
use crate::frame::RgbImage;
use vultus_nn::{Network, NetworkError, Signature};

/// Values compared of each output.
pub(super) const GOLDEN_VALUES: usize = 32;

/// How one network did.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldenReport {
    /// The network's name.
    pub network: String,
    /// Largest absolute difference over all compared values.
    pub max_difference: f32,
    /// What the manifest allows.
    pub tolerance: f32,
    /// Values compared.
    pub compared: usize,
}

impl GoldenReport {
    /// Whether the engine reproduces the values.
    #[must_use]
    pub fn passed(&self) -> bool {
        // A difference that is no number must not pass.
        self.max_difference <= self.tolerance
    }
}

/// The generated picture: the top byte of each state of a 64-bit linear congruential generator
/// (Knuth's MMIX constants), channel by channel, row by row.
pub(super) fn golden_picture(seed: u64, (width, height): (u32, u32)) -> RgbImage {
    let mut state = seed;
    let bytes = (0..width as usize * height as usize * 3).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    });
    RgbImage::new(width, height, bytes.collect()).expect("the manifest's input sides were checked")
}

/// Up to [`GOLDEN_VALUES`] values of an output, evenly spread over its flat order.
pub(super) fn sample(flat: &[f32]) -> Vec<f32> {
    if flat.len() <= GOLDEN_VALUES {
        return flat.to_vec();
    }
    let last = GOLDEN_VALUES - 1;
    (0..GOLDEN_VALUES)
        .map(|k| flat[k * (flat.len() - 1) / last])
        .collect()
}

/// All outputs for a picture, flat.
pub(super) fn outputs(
    network: &dyn Network,
    input: &PixelInput,
    picture: &RgbImage,
    signature: &Signature,
) -> Result<Vec<Vec<f32>>, NetworkError> {
    let mut runner = network.runner()?;
    input.fill(picture, runner.input_mut());
    runner.run()?;
    let flat = |index| runner.output(index).to_vec();
    Ok((0..signature.outputs.len()).map(flat).collect())
}

/// Runs one network on its golden picture and compares. `None` when it has no golden values.
pub(super) fn check(network: &PackNetwork) -> Result<Option<GoldenReport>, PackError> {
    let spec = network.spec();
    let Some(golden) = &spec.golden else {
        return Ok(None);
    };
    let mut runner = network.runner()?;
    let picture = golden_picture(golden.seed, spec.input.side());
    network.input().fill(&picture, runner.input_mut());
    runner.run()?;
    let mut report = GoldenReport {
        network: spec.name.clone(),
        max_difference: 0.0,
        tolerance: golden.tolerance,
        compared: 0,
    };
    for expected in &golden.outputs {
        let index = output_index(spec, expected)?;
        let found = sample(&runner.output(index));
        if found.len() != expected.values.len() {
            return Err(PackError::manifest(format!(
                "network {}: golden output {} has {} values, needed are {}",
                spec.name,
                expected.name,
                expected.values.len(),
                found.len()
            )));
        }
        for (a, b) in found.iter().zip(&expected.values) {
            let difference = (a - b).abs();
            // `max` would drop a difference that is no number.
            if difference.is_nan() || difference > report.max_difference {
                report.max_difference = difference;
            }
        }
        report.compared += found.len();
    }
    Ok(Some(report))
}

fn output_index(spec: &NetworkSpec, expected: &GoldenOutput) -> Result<usize, PackError> {
    spec.outputs
        .iter()
        .position(|output| output.name == expected.name)
        .ok_or_else(|| {
            PackError::manifest(format!(
                "network {}: golden output {} does not exist",
                spec.name, expected.name
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_follows_the_written_rule() {
        let picture = golden_picture(1, (2, 1));
        // 1·a + c = 7806831264735756412, whose top byte is 108; the rest follows likewise.
        let mut state = 1_u64;
        let expected: Vec<u8> = (0..6)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                state.to_be_bytes()[0]
            })
            .collect();
        assert_eq!(picture.pixels(), &expected[..]);
        assert_eq!(picture.pixels()[0], 108);
    }

    #[test]
    fn samples_both_ends() {
        let values: Vec<f32> = (0..1000).map(|v| v as f32).collect();
        let sampled = sample(&values);
        assert_eq!(sampled.len(), GOLDEN_VALUES);
        assert_eq!((sampled[0], sampled[31]), (0.0, 999.0));
        assert_eq!(sample(&[5.0, 6.0]), [5.0, 6.0]);
    }

    #[test]
    fn a_difference_that_is_no_number_fails() {
        let report = GoldenReport {
            network: "n".into(),
            max_difference: f32::NAN,
            tolerance: 1.0,
            compared: 1,
        };
        assert!(!report.passed());
    }
}
