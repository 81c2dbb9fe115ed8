//! Plans to be timed, and what is to be known of them beforehand: compiled, quantised, profiled.

use crate::arguments::Arguments;
use crate::clock::now_ms;
use crate::network::{read, read_plan};
use std::fs;
use std::path::Path;
use vultus::internals::model::usual_snr_db;
use vultus_nn::cpu::CpuPath;
use vultus_nn::quantise::{Demand, quantise};

/// Inputs of noise that a quantised plan is compared on.
const COMPARED: usize = 4;

/// Compiles an ONNX file and writes the plan.
#[cfg(feature = "onnx")]
pub(crate) fn compile(arguments: &Arguments) -> Result<(), String> {
    let (Some(onnx), Some(plan)) = (&arguments.onnx, &arguments.plan) else {
        return Err("compile needs --onnx and --plan".to_owned());
    };
    let compiled = vultus_nn::compile::compile(&read(onnx)?, &arguments.signature);
    let bytes = compiled.map_err(|error| error.to_string())?.to_bytes();
    write(plan, &bytes)
}

#[cfg(not(feature = "onnx"))]
pub(crate) fn compile(_: &Arguments) -> Result<(), String> {
    Err("this build does not read ONNX (feature `onnx`)".to_owned())
}

/// What each step of a plan took on noise, the most expensive first.
pub(crate) fn profile(arguments: &Arguments, runs: usize) -> Result<String, String> {
    let file = arguments.plan.as_ref().ok_or("profile needs --plan")?;
    let signature = &arguments.signature;
    let plan = read_plan(file, signature)?;
    let values = signature.input.values().ok_or("the input is too large")?;
    // Any values of both signs will do: time depends on sizes.
    let input: Vec<f32> = (0..values)
        .map(|i| (i * 37 % 255) as f32 / 255.0 - 0.5)
        .collect();
    let path = CpuPath::chosen().map_err(|error| error.to_string())?;
    let mut costs = plan
        .profile(signature, path, &input, runs, &mut now_ms)
        .map_err(|error| error.to_string())?;
    costs.sort_by(|a, b| b.time.total_cmp(&a.time));
    let total: f64 = costs.iter().map(|cost| cost.time).sum();
    let mut text = format!(
        "{:>8} {:>6} {:>8}  step on {}\n",
        "ms",
        "%",
        "GFLOP/s",
        path.name()
    );
    for cost in costs {
        let rate = 2.0 * cost.products as f64 / cost.time / 1e6;
        let share = 100.0 * cost.time / total;
        text += &format!("{:8.4} {share:6.1} {rate:8.1}  {}\n", cost.time, cost.what);
    }
    Ok(text + &format!("{total:8.4} in all"))
}

/// Quantises a plan with the inputs of `--calibration`, one after another in f32, and says how many of its
/// layers stayed f32.
pub(crate) fn quantised(arguments: &Arguments) -> Result<String, String> {
    let (Some(plan), Some(bytes), Some(inputs)) =
        (&arguments.plan, &arguments.bytes, &arguments.calibration)
    else {
        return Err("quantise needs --plan, --bytes and --calibration".to_owned());
    };
    let signature = &arguments.signature;
    let plan = read_plan(plan, signature)?;
    let values = signature.input.values().ok_or("the input is too large")?;
    let flat: Vec<f32> = read(inputs)?
        .as_chunks::<4>()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();
    let inputs: Vec<Vec<f32>> = flat.chunks(values).map(<[f32]>::to_vec).collect();
    let path = CpuPath::chosen().map_err(|error| error.to_string())?;
    let demand = Demand {
        snr_db: usual_snr_db(arguments.role),
        compared: COMPARED,
    };
    let made = quantise(&plan, signature, &inputs, &demand, path, &mut |_| {})
        .map_err(|error| error.to_string())?;
    write(bytes, &made.plan.to_bytes())?;
    let float = made.layers.iter().filter(|layer| layer.float).count();
    Ok(format!("{float} of {} layers stay f32", made.layers.len()))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(file, bytes).map_err(|error| format!("{}: {error}", file.display()))
}
