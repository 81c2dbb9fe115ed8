//! Whether a plan may be run. What is said here is what an executor relies on.

mod limits;
mod operation;
mod quant;
#[cfg(test)]
mod tests;

pub(super) use limits::range;
pub use limits::{MAX_OPERATIONS, MAX_PARTS, MAX_SIDE, MAX_STRIDE, MAX_WORK};

use super::{Extent, Order, Plan, PlanError, PlanOutput};
use crate::{MAX_TENSOR_VALUES, Signature, TensorSpec};
use limits::{Checked, ensure, extent};

impl Plan {
    /// Checks everything that an executor relies on: every tensor is written once, before it is
    /// read, and is read; sizes, windows and numbers of weights agree; numbers are finite; memory and
    /// work are bounded; input and outputs are those of the signature.
    ///
    /// # Errors
    /// [`PlanError`] naming the first contradiction.
    pub fn check(&self, signature: &Signature) -> Result<(), PlanError> {
        self.check_tensors()?;
        self.check_order()?;
        self.check_quant_params()?;
        for (index, operation) in self.operations.iter().enumerate() {
            operation
                .check(&self.tensors)
                .and_then(|()| operation.check_quant(&self.quant_params, &self.tensors))
                .map_err(|cause| PlanError::Operation { index, cause })?;
        }
        range("work", self.work(), 1, MAX_WORK)?;
        let most = MAX_TENSOR_VALUES as u64;
        range("activation values", self.live_values(), 1, most)?;
        self.check_signature(signature)
    }

    fn check_tensors(&self) -> Result<(), PlanError> {
        let operations = self.operations.len() as u64;
        range("operations", operations, 1, MAX_OPERATIONS as u64)?;
        let tensors = self.tensors.len() as u64;
        range("tensors", tensors, operations + 1, operations + 1)?;
        for extent in &self.tensors {
            for side in [extent.height, extent.width, extent.channels] {
                range("side of a tensor", side.into(), 1, MAX_SIDE.into())?;
            }
            let most = MAX_TENSOR_VALUES as u64;
            range("values of a tensor", extent.values(), 1, most)?;
        }
        Ok(())
    }

    /// Written once before it is read, and read.
    fn check_order(&self) -> Result<(), PlanError> {
        let mut written = vec![false; self.tensors.len()];
        let mut read = vec![false; self.tensors.len()];
        written[0] = true;
        for (index, operation) in self.operations.iter().enumerate() {
            let error = |cause| PlanError::Operation { index, cause };
            for id in operation.inputs() {
                match written.get(id.0 as usize) {
                    Some(true) => read[id.0 as usize] = true,
                    _ => return Err(error("it reads what was not written before")),
                }
            }
            match written.get_mut(operation.output().0 as usize) {
                Some(written) if !*written => *written = true,
                _ => return Err(error("it writes what is written already, or no tensor")),
            }
        }
        for output in &self.outputs {
            for part in &output.parts {
                match read.get_mut(part.0 as usize) {
                    Some(read) => *read = true,
                    None => {
                        let found = part.0.into();
                        let most = self.tensors.len() as u64 - 1;
                        return range("tensor of an output", found, 0, most);
                    }
                }
            }
        }
        match read.iter().position(|read| !read) {
            Some(index) => Err(PlanError::Tensor {
                index,
                cause: "nothing reads it",
            }),
            None => Ok(()),
        }
    }

    fn check_signature(&self, signature: &Signature) -> Result<(), PlanError> {
        let error = |spec: &TensorSpec, cause| PlanError::Signature {
            name: spec.name.clone(),
            cause,
        };
        let [height, width, channels] = {
            let Extent {
                height,
                width,
                channels,
            } = self.tensors[0];
            [height, width, channels].map(|side| side as usize)
        };
        let shape = match self.input_order {
            Order::Planes => [1, channels, height, width],
            Order::Interleaved => [1, height, width, channels],
            Order::Blocks(_) => return Err(error(&signature.input, "an input is not in blocks")),
        };
        if signature.input.shape != shape {
            return Err(error(
                &signature.input,
                "the plan's input has another shape",
            ));
        }
        let outputs = signature.outputs.len() as u64;
        range("outputs", self.outputs.len() as u64, outputs, outputs)?;
        for (output, spec) in self.outputs.iter().zip(&signature.outputs) {
            self.check_output(output, spec)
                .map_err(|cause| error(spec, cause))?;
        }
        Ok(())
    }

    fn check_output(&self, output: &PlanOutput, spec: &TensorSpec) -> Checked {
        let parts = || output.parts.iter().map(|&id| extent(&self.tensors, id));
        ensure(
            (1..=MAX_PARTS).contains(&output.parts.len()),
            "it has no parts, or too many",
        )?;
        let values = parts().map(Extent::values).sum::<u64>();
        ensure(
            spec.values()
                .is_some_and(|expected| expected as u64 == values),
            "the plan gives it another number of values",
        )?;
        if let Order::Blocks(side) = output.order {
            let whole =
                |e: Extent| (2..=16).contains(&side) && e.channels.is_multiple_of(side * side);
            ensure(parts().all(whole), "its channels make no whole blocks")?;
        }
        if let Some(run) = output.softmax {
            let whole = |e: Extent| run > 0 && e.values().is_multiple_of(u64::from(run));
            ensure(parts().all(whole), "a softmax would cross its parts")?;
        }
        Ok(())
    }
}
