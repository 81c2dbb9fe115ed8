//! A network that is loaded and ready to be timed.

use crate::arguments::Arguments;
use crate::clock::{cpu_ms, now_ms};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use vultus::cpu::CpuPath;
use vultus::nn::plan::Plan;
use vultus::nn::{self, Network, Runner, Signature};

pub(crate) struct Loaded {
    runner: Box<dyn Runner>,
    signature: Signature,
}

impl Loaded {
    /// A plan on our own kernels, an ONNX file on the reference engine.
    pub(crate) fn new(arguments: &Arguments) -> Result<Self, String> {
        let signature = &arguments.signature;
        let network = match (&arguments.plan, &arguments.onnx) {
            (Some(file), None) => own(&read_plan(file, signature)?, signature)?,
            (None, Some(file)) => nn::load_onnx("bench", &read(file)?, signature)
                .map_err(|error| error.to_string())?,
            _ => return Err("either --plan or --onnx".to_owned()),
        };
        Ok(Self {
            runner: network.runner().map_err(|error| error.to_string())?,
            signature: signature.clone(),
        })
    }

    /// Little-endian f32 values, as many as the input has.
    pub(crate) fn set_input(&mut self, file: &Path) -> Result<(), String> {
        let bytes = read(file)?;
        let (values, rest) = bytes.as_chunks::<4>();
        let input = self.runner.input_mut();
        if values.len() != input.len() || !rest.is_empty() {
            return Err(format!(
                "{} holds {} bytes, needed are {}",
                file.display(),
                bytes.len(),
                input.len() * 4
            ));
        }
        for (slot, value) in input.iter_mut().zip(values) {
            *slot = f32::from_le_bytes(*value);
        }
        Ok(())
    }

    /// Milliseconds of CPU time of one run.
    pub(crate) fn timed_run(&mut self) -> Result<f64, String> {
        let mut done = Ok(());
        let ms = cpu_ms(|| done = infer(self.runner.as_mut()));
        done.map(|()| ms)
    }

    /// Writes every output of the last run, one after another; returns the number of values.
    pub(crate) fn write_outputs(&self, file: &Path) -> Result<usize, String> {
        let mut bytes = Vec::new();
        for index in 0..self.signature.outputs.len() {
            let output = self.runner.output(index);
            bytes.extend(output.iter().flat_map(|value| value.to_le_bytes()));
        }
        fs::write(file, &bytes).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(bytes.len() / 4)
    }
}

/// Compiles an ONNX file and writes the plan.
#[cfg(feature = "onnx")]
pub(crate) fn compile(arguments: &Arguments) -> Result<(), String> {
    let (Some(onnx), Some(plan)) = (&arguments.onnx, &arguments.plan) else {
        return Err("compile needs --onnx and --plan".to_owned());
    };
    let compiled = nn::compile::compile(&read(onnx)?, &arguments.signature);
    let bytes = compiled.map_err(|error| error.to_string())?.to_bytes();
    fs::write(plan, bytes).map_err(|error| format!("{}: {error}", plan.display()))
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

fn own(plan: &Plan, signature: &Signature) -> Result<Arc<dyn Network>, String> {
    let path = CpuPath::chosen().map_err(|error| error.to_string())?;
    let network = plan.network("bench", signature, path);
    network.map_err(|error| error.to_string())
}

fn read_plan(file: &Path, signature: &Signature) -> Result<Plan, String> {
    Plan::from_bytes(&read(file)?, signature).map_err(|error| error.to_string())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// A function of its own, so that instruction counts can be taken of what happens inside it alone.
#[inline(never)]
fn infer(runner: &mut dyn Runner) -> Result<(), String> {
    runner.run().map_err(|error| error.to_string())
}
