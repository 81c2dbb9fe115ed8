//! A network that is loaded and ready to be timed.

use crate::arguments::Arguments;
use crate::clock::cpu_ms;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use vultus_nn::cpu::CpuPath;
use vultus_nn::plan::Plan;
use vultus_nn::{Network, Runner, Signature};

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
            (None, Some(file)) => vultus_nn::load_onnx("bench", &read(file)?, signature)
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

    /// One run that looks at no clock.
    pub(crate) fn run(&mut self) -> Result<(), String> {
        infer(self.runner.as_mut())
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

fn own(plan: &Plan, signature: &Signature) -> Result<Arc<dyn Network>, String> {
    let path = CpuPath::chosen().map_err(|error| error.to_string())?;
    let network = plan.network("bench", signature, path);
    network.map_err(|error| error.to_string())
}

pub(crate) fn read_plan(file: &Path, signature: &Signature) -> Result<Plan, String> {
    Plan::from_bytes(&read(file)?, signature).map_err(|error| error.to_string())
}

pub(crate) fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// A function of its own, so that instruction counts can be taken of what happens inside it alone.
#[inline(never)]
fn infer(runner: &mut dyn Runner) -> Result<(), String> {
    runner.run().map_err(|error| error.to_string())
}
