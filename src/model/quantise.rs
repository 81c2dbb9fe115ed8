//! A network of a pack in bytes, and what it lost.

use super::error::PackError;
use super::golden::{golden_picture, outputs, sample};
use super::input::PixelInput;
use super::manifest::{NetworkSpec, Role};
use super::read::{MAX_NETWORK_BYTES, read_verified};
use std::path::Path;
use vultus_nn::NetworkError;
use vultus_nn::cpu::CpuPath;
use vultus_nn::plan::Plan;
use vultus_nn::quantise::{self, Demand, Fidelity, Layer};

/// Signal-to-noise ratio in dB that is asked of a network's worst output unless a caller says otherwise.
/// 20 dB, a tenth of its root mean square, is a cosine of 0.995. A detector's outputs are nearly all
/// background, so what remains of a face near its threshold needs more.
#[must_use]
pub const fn usual_snr_db(role: Role) -> f64 {
    match role {
        Role::Detector => 32.0,
        Role::Mesh
        | Role::Embedder
        | Role::Quality
        | Role::Eyes
        | Role::Mask
        | Role::LivenessColour
        | Role::LivenessInfrared
        | Role::LivenessDepth => 20.0,
    }
}

/// How much worse than asked the ratio may be on inputs that were not calibrated with, in dB.
pub const HELD_OUT_SLACK_DB: f64 = 3.0;

/// Least mean cosine between the outputs and their f32 twins on inputs that were not calibrated with; for
/// an embedder, whose cosines are what it is for, the least cosine of any input.
pub const LEAST_MEAN_COSINE: f64 = 0.98;

/// Fewest inputs of a network: three to calibrate with, one to check.
pub const LEAST_INPUTS: usize = 4;

/// Inputs that are compared for each layer, at most.
const COMPARED: usize = 16;

/// A network in bytes and how it fared.
#[derive(Clone, Debug)]
pub struct InBytes {
    /// The plan's file.
    pub plan: Vec<u8>,
    /// Bytes of the f32 plan's file.
    pub float_bytes: usize,
    /// Its convolutions.
    pub layers: Vec<Layer>,
    /// Inputs that it was calibrated with.
    pub calibrated: usize,
    /// Inputs that it was checked with; they come behind those in the order of recording.
    pub held_out: usize,
    /// The outputs against those of f32, on the inputs held out.
    pub fidelity: Fidelity,
    /// The seed of a golden picture, and for each output the values of the new plan there.
    pub golden: (u64, Vec<Vec<f32>>),
}

/// Quantises one network of a pack with inputs of real use: three quarters of them are calibrated with, the
/// last quarter is what the result is checked on. `progress` is told the share of the work that is
/// done, 0 to 1.
///
/// # Errors
/// [`PackError`] when the network has no plan or one in bytes already, there are fewer than
/// [`LEAST_INPUTS`], or the inputs held out show that too much was lost ([`HELD_OUT_SLACK_DB`],
/// [`LEAST_MEAN_COSINE`]).
pub fn quantise(
    folder: &Path,
    spec: &NetworkSpec,
    inputs: &[Vec<f32>],
    snr_db: f64,
    progress: &mut dyn FnMut(f64),
) -> Result<InBytes, PackError> {
    let error = |cause: String| NetworkError::new(&spec.name, "quantising", cause);
    let file = spec.plan.as_ref();
    let file = file.ok_or_else(|| {
        error("it has no plan; compile the pack first (`vultus models compile`)".to_owned())
    })?;
    let bytes = read_verified(folder, &file.file, &file.sha256, MAX_NETWORK_BYTES)?;
    let signature = spec.signature();
    let plan = Plan::from_bytes(&bytes, &signature)
        .map_err(|cause| NetworkError::new(&spec.name, "quantising", cause))?;
    if !plan.quant_params.is_empty() {
        return Err(error("its plan is in bytes already".to_owned()).into());
    }
    if inputs.len() < LEAST_INPUTS {
        let cause = format!(
            "the photographs gave {} inputs, needed are {LEAST_INPUTS}",
            inputs.len()
        );
        return Err(error(cause).into());
    }
    let path =
        CpuPath::chosen().map_err(|cause| NetworkError::new(&spec.name, "quantising", cause))?;
    let held_out = inputs.len() / 4;
    let (calibrating, checking) = inputs.split_at(inputs.len() - held_out);
    let demand = Demand {
        snr_db,
        compared: COMPARED,
    };
    let done = quantise::quantise(&plan, &signature, calibrating, &demand, path, progress)?;
    let fidelity = quantise::check(&plan, &done.plan, &signature, checking, calibrating, path)?;
    refuse(spec.role, &fidelity, snr_db).map_err(error)?;
    let network = done.plan.network(&spec.name, &signature, path)?;
    let seed = spec.golden.as_ref().map_or(1, |golden| golden.seed);
    let picture = golden_picture(seed, spec.input.side());
    let input = PixelInput::new(&spec.input);
    let golden = outputs(&*network, &input, &picture, &signature)?;
    let plan = done.plan.to_bytes();
    // What a device will do with the file is done here first.
    vultus_nn::load_plan(&spec.name, &plan, &signature)?;
    Ok(InBytes {
        plan,
        float_bytes: bytes.len(),
        layers: done.layers,
        calibrated: calibrating.len(),
        held_out,
        fidelity,
        golden: (seed, golden.iter().map(|flat| sample(flat)).collect()),
    })
}

fn refuse(role: Role, found: &Fidelity, snr_db: f64) -> Result<(), String> {
    let least = snr_db - HELD_OUT_SLACK_DB;
    let (name, cosine) = match role {
        Role::Embedder => ("least", found.least_cosine),
        _ => ("mean", found.mean_cosine),
    };
    // Written so that what is no number does not pass.
    if found.snr_db >= least && cosine >= LEAST_MEAN_COSINE {
        return Ok(());
    }
    Err(format!(
        "on inputs that it was not calibrated with it has {:.1} dB and a {name} cosine of {cosine:.4}; allowed are {least:.1} dB and {LEAST_MEAN_COSINE}. More photographs or a higher --min-snr may help",
        found.snr_db
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lost_too_much_is_refused() {
        let found = |snr_db, least_cosine, mean_cosine| Fidelity {
            snr_db,
            least_cosine,
            mean_cosine,
        };
        let refused = |role, fidelity| refuse(role, &fidelity, 20.0).is_err();
        assert!(!refused(Role::Detector, found(17.0, 0.5, 0.98)));
        assert!(refused(Role::Detector, found(16.9, 0.99, 0.99)));
        assert!(refused(Role::Detector, found(30.0, 0.99, 0.97)));
        assert!(refused(Role::Detector, found(f64::NAN, 1.0, 1.0)));
        assert!(refused(Role::Detector, found(30.0, 1.0, f64::NAN)));
        assert!(!refused(Role::Embedder, found(25.0, 0.98, 0.99)));
        assert!(refused(Role::Embedder, found(25.0, 0.97, 0.99)));
    }
}
