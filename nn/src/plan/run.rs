//! A plan as a [`Network`]: lowered once, run on any number of threads.

use super::program::Program;
use super::steps::Unsupported;
use super::{Order, Plan, PlanOutput};
use crate::cpu::CpuPath;
use crate::kernels::int8::Scratch;
use crate::kernels::{Aligned, Kernels, Rows, copy_pixels};
use crate::{Network, NetworkError, Runner, Signature, TensorView, Threads};
use std::sync::Arc;

impl Plan {
    /// Lowers the plan to the kernels of a path.
    ///
    /// # Errors
    /// [`NetworkError`] when the plan contradicts itself or the signature, the processor lacks the
    /// path, or the kernels have no way to do what the plan asks.
    pub fn network(
        &self,
        name: &str,
        signature: &Signature,
        path: CpuPath,
    ) -> Result<Arc<dyn Network>, NetworkError> {
        Ok(Arc::new(PlanNetwork {
            program: Arc::new(self.lower(name, signature, path)?),
            signature: signature.clone(),
        }))
    }

    /// Bytes of working memory that a runner of this plan takes on a path, its input and outputs
    /// included. [`live_values`](Self::live_values) is more where pictures are kept in bands.
    ///
    /// # Errors
    /// As [`network`](Self::network).
    pub fn runner_bytes(
        &self,
        name: &str,
        signature: &Signature,
        path: CpuPath,
    ) -> Result<usize, NetworkError> {
        let program = self.lower(name, signature, path)?;
        let specs = std::iter::once(&signature.input).chain(&signature.outputs);
        let outside: usize = specs.map(|spec| spec.shape.iter().product::<usize>()).sum();
        Ok((program.arena + outside) * size_of::<f32>())
    }

    /// See [`network`](Self::network).
    pub(super) fn lower(
        &self,
        name: &str,
        signature: &Signature,
        path: CpuPath,
    ) -> Result<Program, NetworkError> {
        let kernels = Kernels::of(path).ok_or_else(|| {
            let cause = format!("no kernels for {} here", path.name());
            NetworkError::new(name, "loading", cause)
        })?;
        self.check(signature)
            .map_err(|cause| NetworkError::new(name, "loading", cause))?;
        Program::new(self, kernels).map_err(|Unsupported(what)| {
            let cause = format!("this build does not run {what}");
            NetworkError::new(name, "loading", cause)
        })
    }
}

struct PlanNetwork {
    program: Arc<Program>,
    signature: Signature,
}

impl Network for PlanNetwork {
    fn runner_on(&self, threads: &Threads) -> Result<Box<dyn Runner>, NetworkError> {
        let len = |shape: &[usize]| shape.iter().product::<usize>();
        let outputs = self.signature.outputs.iter();
        Ok(Box::new(PlanRunner {
            arena: Aligned::zeroed(self.program.arena),
            scratch: self.program.scratch.clone(),
            input: vec![0.0; len(&self.signature.input.shape)],
            outputs: outputs
                .map(|spec| (spec.shape.clone(), vec![0.0; len(&spec.shape)]))
                .collect(),
            has_run: false,
            program: Arc::clone(&self.program),
            threads: threads.clone(),
        }))
    }
}

struct PlanRunner {
    program: Arc<Program>,
    threads: Threads,
    arena: Aligned,
    scratch: Scratch,
    input: Vec<f32>,
    /// Shape and values of each.
    outputs: Vec<(Vec<usize>, Vec<f32>)>,
    has_run: bool,
}

impl Runner for PlanRunner {
    fn input_mut(&mut self) -> &mut [f32] {
        &mut self.input
    }

    fn run(&mut self) -> Result<(), NetworkError> {
        self.program.run(
            &self.input,
            &mut self.arena,
            &mut self.scratch,
            &self.threads,
        );
        for (output, (_, flat)) in self.program.outputs.iter().zip(&mut self.outputs) {
            let mut rest = flat.as_mut_slice();
            for part in &output.parts {
                let rows = self.program.tensor(part.0 as usize, &self.arena);
                let layout = rows.layout();
                let values = layout.height * layout.width * layout.channels;
                let (target, later) = std::mem::take(&mut rest).split_at_mut(values);
                write(rows, output.order, target);
                rest = later;
            }
            softmax(output, flat);
        }
        self.has_run = true;
        Ok(())
    }

    fn output(&self, index: usize) -> TensorView<'_> {
        assert!(self.has_run, "an output before the first run");
        let (shape, values) = &self.outputs[index];
        TensorView::new(shape, values)
    }
}

/// Copies a tensor into the order of an output.
fn write(rows: Rows, order: Order, target: &mut [f32]) {
    let layout = *rows.layout();
    let (width, channels) = (layout.width, layout.channels);
    for y in 0..layout.height {
        let row = rows.row(y);
        let pixels = row.chunks_exact(layout.pixel).enumerate();
        match order {
            Order::Planes => {
                for (x, pixel) in pixels {
                    for (channel, &value) in pixel[..channels].iter().enumerate() {
                        target[(channel * layout.height + y) * width + x] = value;
                    }
                }
            }
            Order::Interleaved => {
                let target = &mut target[y * width * channels..][..width * channels];
                copy_pixels((row, layout.pixel), (target, channels), channels);
            }
            Order::Blocks(side) => {
                let side = side as usize;
                let deep = channels / (side * side);
                for (x, pixel) in pixels {
                    for (cell, values) in pixel[..channels].chunks_exact(deep).enumerate() {
                        let row = y * side + cell / side;
                        let at = (row * width + x) * side + cell % side;
                        target[at * deep..][..deep].copy_from_slice(values);
                    }
                }
            }
        }
    }
}

fn softmax(output: &PlanOutput, flat: &mut [f32]) {
    let Some(run) = output.softmax else { return };
    for values in flat.chunks_exact_mut(run as usize) {
        let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        values
            .iter_mut()
            .for_each(|value| *value = (*value - most).exp());
        let sum: f32 = values.iter().sum();
        values.iter_mut().for_each(|value| *value /= sum);
    }
}
