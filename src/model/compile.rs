//! Compiling the networks of a pack, and proving the plans against the runtime that reads ONNX.

use super::error::PackError;
use super::golden::{golden_picture, outputs, sample};
use super::input::PixelInput;
use super::manifest::NetworkSpec;
use super::read::{MAX_NETWORK_BYTES, read_verified};
use crate::frame::RgbImage;
use std::path::Path;
use vultus_nn::{Network, NetworkError};

/// Largest difference of an output's values that a plan may have, over the output's largest value
/// where that is above 1.
pub const COMPILE_DIFFERENCE: f64 = 1e-4;

/// Least cosine between an output of a plan and what it stands for. Outputs whose values all lie
/// below 0.01 (the scores of a picture without faces) have no direction worth the name: for them
/// the difference alone counts.
pub const COMPILE_COSINE: f64 = 0.99999;

const MIN_DIRECTION: f64 = 0.01;

/// Squares of a smooth picture along each side.
const SMOOTH_SQUARES: u32 = 8;

/// A network's plan and how it was proved.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The plan's file.
    pub plan: Vec<u8>,
    /// Operations of the plan.
    pub operations: usize,
    /// Multiplications and additions of one run.
    pub multiply_adds: u64,
    /// Activation memory that a run needs at the least, in bytes.
    pub activation_bytes: u64,
    /// Pictures that were compared.
    pub pictures: usize,
    /// Largest difference found, as in [`COMPILE_DIFFERENCE`].
    pub difference: f64,
    /// Least cosine found.
    pub cosine: f64,
    /// The seed of a golden picture, and for each output the values of the ONNX network there, as
    /// the manifest wants them.
    pub golden: (u64, Vec<Vec<f32>>),
}

/// Compiles one network of a pack and compares the plan with the ONNX file on generated pictures: the golden one, more
/// noise, and smooth ones.
///
/// # Errors
/// [`PackError`] when the pack has no ONNX file of the network, an operator is not known, or the
/// plan computes something else ([`COMPILE_DIFFERENCE`], [`COMPILE_COSINE`]).
pub fn compile(folder: &Path, spec: &NetworkSpec) -> Result<Compiled, PackError> {
    let error = |during, cause: String| NetworkError::new(&spec.name, during, cause);
    let Some(file) = &spec.file else {
        let cause = "the pack has no ONNX file of it".to_owned();
        return Err(error("compiling", cause).into());
    };
    let onnx = read_verified(folder, file, &spec.sha256, MAX_NETWORK_BYTES)?;
    let signature = spec.signature();
    let plan = vultus_nn::compile::compile(&onnx, &signature)
        .map_err(|cause| NetworkError::new(&spec.name, "compiling", cause))?;
    let bytes = plan.to_bytes();
    let original = vultus_nn::load_onnx(&spec.name, &onnx, &signature)?;
    let compiled = vultus_nn::load_plan(&spec.name, &bytes, &signature)?;
    let seed = spec.golden.as_ref().map_or(1, |golden| golden.seed);
    let (width, height) = spec.input.side();
    let pictures = [
        golden_picture(seed, (width, height)),
        golden_picture(seed.wrapping_add(1), (width, height)),
        smooth_picture(seed.wrapping_add(2), (width, height)),
        smooth_picture(seed.wrapping_add(3), (width, height)),
    ];
    let input = PixelInput::new(&spec.input);
    let mut proof = Proof::new();
    let mut golden = Vec::new();
    for picture in &pictures {
        let values = |network: &dyn Network| outputs(network, &input, picture, &signature);
        let (found, expected) = (values(&*compiled)?, values(&*original)?);
        for (output, (found, expected)) in signature.outputs.iter().zip(found.iter().zip(&expected))
        {
            proof.add(found, expected).map_err(|cause| {
                error(
                    "comparing with ONNX",
                    format!("output {}: {cause}", output.name),
                )
            })?;
        }
        if golden.is_empty() {
            golden = expected.iter().map(|flat| sample(flat)).collect();
        }
    }
    Ok(Compiled {
        operations: plan.operations.len(),
        multiply_adds: plan.multiply_adds(),
        activation_bytes: plan.live_values() * 4,
        plan: bytes,
        pictures: pictures.len(),
        difference: proof.difference,
        cosine: proof.cosine,
        golden: (seed, golden),
    })
}

/// The worst that was seen.
struct Proof {
    difference: f64,
    cosine: f64,
}

impl Proof {
    const fn new() -> Self {
        Self {
            difference: 0.0,
            cosine: 1.0,
        }
    }

    fn add(&mut self, found: &[f32], expected: &[f32]) -> Result<(), String> {
        let pairs = || {
            found
                .iter()
                .zip(expected)
                .map(|(&a, &b)| (f64::from(a), f64::from(b)))
        };
        if !pairs().all(|(a, b)| a.is_finite() && b.is_finite()) {
            return Err("a value is no finite number".to_owned());
        }
        let most = pairs().map(|(_, b)| b.abs()).fold(0.0, f64::max);
        let difference = pairs().map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / most.max(1.0);
        let sum = |f: fn((f64, f64)) -> f64| pairs().map(f).sum::<f64>();
        let lengths = (sum(|(a, _)| a * a) * sum(|(_, b)| b * b)).sqrt();
        let cosine = if most < MIN_DIRECTION {
            1.0
        } else {
            sum(|(a, b)| a * b) / lengths
        };
        self.difference = self.difference.max(difference);
        self.cosine = self.cosine.min(cosine);
        // Written so that what is no number does not pass.
        if difference <= COMPILE_DIFFERENCE && cosine >= COMPILE_COSINE {
            return Ok(());
        }
        Err(format!(
            "largest difference {difference:.1e}, cosine {cosine:.7}; allowed are {COMPILE_DIFFERENCE:.0e} and {COMPILE_COSINE}"
        ))
    }
}

/// A picture without edges: squares of the golden picture's noise, with straight transitions between their
/// corners.
fn smooth_picture(seed: u64, (width, height): (u32, u32)) -> RgbImage {
    let corners = SMOOTH_SQUARES + 1;
    let noise = golden_picture(seed, (corners, corners));
    let corner = |x: u32, y: u32, channel: usize| {
        f32::from(noise.pixels()[(y * corners + x) as usize * 3 + channel])
    };
    let place = |at: u32, side: u32| {
        let place = at as f32 * SMOOTH_SQUARES as f32 / side as f32;
        (place as u32, place.fract())
    };
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for (y, down) in (0..height).map(|y| place(y, height)) {
        for (x, across) in (0..width).map(|x| place(x, width)) {
            for channel in 0..3 {
                let row =
                    |y| corner(x, y, channel) * (1.0 - across) + corner(x + 1, y, channel) * across;
                pixels.push((row(y) * (1.0 - down) + row(y + 1) * down) as u8);
            }
        }
    }
    RgbImage::new(width, height, pixels).expect("the manifest's input sides were checked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_computes_something_else_is_refused() {
        let expected = [3.0, -4.0, 0.5];
        let add = |found: &[f32]| {
            let mut proof = Proof::new();
            proof.add(found, &expected).map(|()| proof.difference)
        };
        assert_eq!(add(&expected), Ok(0.0));
        // 3e-4 of a largest value of 4.
        assert!(add(&[3.0003, -4.0, 0.5]).is_ok());
        assert!(add(&[3.0005, -4.0, 0.5]).is_err());
        assert!(add(&[f32::NAN, -4.0, 0.5]).is_err());
        assert!(add(&[3.0, f32::INFINITY, 0.5]).is_err());
    }

    #[test]
    fn small_outputs_have_a_direction_or_none() {
        let add = |found: &[f32], expected: &[f32]| Proof::new().add(found, expected);
        assert!(add(&[0.02, 0.000_09], &[0.02, 0.0]).is_ok());
        assert!(add(&[0.02, 0.000_1], &[0.02, 0.0]).is_err());
        assert!(add(&[0.000_01, 0.0], &[0.0, 0.000_01]).is_ok());
        assert!(add(&[0.0, 0.0], &[0.0, 0.0]).is_ok());
    }

    #[test]
    fn smooth_pictures_are_smooth_and_not_flat() {
        let picture = smooth_picture(1, (160, 80));
        let row = &picture.pixels()[..160 * 3];
        let steps = row.iter().zip(&row[3..]).map(|(a, b)| a.abs_diff(*b));
        // A square is 20 pixels wide.
        assert!(steps.max() <= Some(255 / 20 + 1));
        let span = (row.iter().min(), row.iter().max());
        assert!(
            matches!(span, (Some(low), Some(high)) if high - low > 50),
            "{span:?}"
        );
    }
}
