//! A network on the tract runtime: ONNX in, an optimised plan for fixed shapes out.

use super::failure::Failure;
use crate::error::NetworkError;
use crate::network::{Network, Runner, Signature, TensorSpec, TensorView};
use crate::threads::Threads;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::{bail, format_err};

type State = TypedSimpleState;

pub(crate) fn load(
    name: &str,
    bytes: &[u8],
    signature: &Signature,
) -> Result<Arc<dyn Network>, NetworkError> {
    let model = guarded(|| onnx().proto_model_for_read(&mut { bytes }));
    let plan = model.and_then(|model| guarded(|| plan(&model, signature)));
    Ok(Arc::new(TractNetwork {
        name: name.to_owned(),
        plan: plan.map_err(|cause| NetworkError::new(name, "loading", cause))?,
        signature: signature.clone(),
    }))
}

/// The same for a file that was read, or never was one.
#[cfg(test)]
pub(crate) fn load_model(
    model: &ModelProto,
    signature: &Signature,
) -> Result<Arc<dyn Network>, Failure> {
    Ok(Arc::new(TractNetwork {
        name: "test".to_owned(),
        plan: guarded(|| plan(model, signature))?,
        signature: signature.clone(),
    }))
}

/// Runs the runtime on bytes that are not ours: a panic becomes an error.
fn guarded<T>(work: impl FnOnce() -> TractResult<T>) -> Result<T, Failure> {
    let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("the engine panicked");
        Err(format_err!("{words}"))
    });
    done.map_err(Failure::new)
}

fn plan(model: &ModelProto, signature: &Signature) -> TractResult<Arc<TypedSimplePlan>> {
    let input = InferenceFact::dt_shape(f32::datum_type(), signature.input.shape.as_slice());
    // Shapes declared in a file may name symbols that do not unify with the fixed input; only the
    // input decides, and the outputs are compared with the signature below.
    let model = onnx()
        .with_ignore_value_info(true)
        .with_ignore_output_shapes(true)
        .model_for_proto_model(model)?
        .with_input_names([signature.input.name.as_str()])?
        .with_outputs_by_name(signature.outputs.iter().map(|output| output.name.as_str()))?
        .with_input_fact(0, input)?
        .into_optimized()?;
    for (index, expected) in signature.outputs.iter().enumerate() {
        check_output(model.output_fact(index)?, expected)?;
    }
    model.into_runnable()
}

fn check_output(fact: &TypedFact, expected: &TensorSpec) -> TractResult<()> {
    let shape = fact.shape.as_concrete();
    if fact.datum_type != f32::datum_type() || shape != Some(expected.shape.as_slice()) {
        bail!(
            "output {} is {:?} {:?}, the manifest says f32 {:?}",
            expected.name,
            fact.datum_type,
            fact.shape,
            expected.shape
        );
    }
    Ok(())
}

struct TractNetwork {
    name: String,
    plan: Arc<TypedSimplePlan>,
    signature: Signature,
}

impl Network for TractNetwork {
    fn runner_on(&self, _: &Threads) -> Result<Box<dyn Runner>, NetworkError> {
        let state = guarded(|| self.plan.spawn())
            .map_err(|cause| NetworkError::new(&self.name, "preparing to run", cause))?;
        let shape = self.signature.input.shape.clone();
        Ok(Box::new(TractRunner {
            name: self.name.clone(),
            state,
            input: vec![0.0; shape.iter().product()],
            shape,
            outputs: TVec::new(),
        }))
    }
}

struct TractRunner {
    name: String,
    state: State,
    shape: Vec<usize>,
    input: Vec<f32>,
    outputs: TVec<TValue>,
}

impl Runner for TractRunner {
    fn input_mut(&mut self) -> &mut [f32] {
        &mut self.input
    }

    fn run(&mut self) -> Result<(), NetworkError> {
        let outputs = guarded(|| {
            let input = Tensor::from_shape(&self.shape, &self.input)?;
            self.state.run(tvec!(input.into_tvalue()))
        });
        self.outputs = outputs.map_err(|cause| NetworkError::new(&self.name, "running", cause))?;
        Ok(())
    }

    fn output(&self, index: usize) -> TensorView<'_> {
        let output = &self.outputs[index];
        let values = output.try_as_plain_ram().and_then(|plain| plain.as_slice());
        let values = values.expect("the plan's outputs were checked to be f32");
        TensorView::new(output.shape(), values)
    }
}
