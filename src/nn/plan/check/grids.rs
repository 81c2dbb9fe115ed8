//! Which operations may meet tensors of bytes: the table in [`Grid`]'s module.

use super::operation::ensure;
use super::{Checked, range};
use crate::nn::plan::{
    Activation, Convolution, Grid, Operation, Plan, PlanError, Pool, PoolKind, Resize, ResizeKind,
    TensorId, Weights,
};
use std::collections::BTreeMap;

type Grids = BTreeMap<TensorId, Grid>;

impl Plan {
    pub(super) fn check_grids(&self) -> Result<(), PlanError> {
        let last = self.tensors.len() as u64 - 1;
        for (id, grid) in &self.grids {
            range("tensor of bytes", id.0.into(), 1, last)?;
            let error = |cause| PlanError::Tensor {
                index: id.0 as usize,
                cause,
            };
            if !grid.scale.is_normal() || grid.scale < 0.0 {
                return Err(error("the scale of its grid is no positive number"));
            }
            if self.outputs.iter().any(|output| output.parts.contains(id)) {
                return Err(error("a part of an output is held in bytes"));
            }
        }
        Ok(())
    }
}

impl Operation {
    pub(super) fn check_grids(&self, grids: &Grids) -> Checked {
        let output = grids.get(&self.output());
        let mut inputs = self.inputs().map(|id| grids.get(&id));
        match self {
            Self::Convolution(o) => o.check_grids(grids),
            Self::Convert { .. } => ensure(
                output.is_some() || inputs.any(|grid| grid.is_some()),
                "it converts f32 to f32",
            ),
            Self::Pool(Pool {
                kind: PoolKind::Max,
                ..
            })
            | Self::Resize(Resize {
                kind: ResizeKind::Nearest,
                ..
            })
            | Self::Concat { .. } => ensure(
                inputs.all(|grid| grid == output),
                "what it reads and writes is not on one grid",
            ),
            Self::Pool(_) => ensure(
                inputs.all(|grid| grid.is_some() == output.is_some()),
                "it mixes bytes and f32",
            ),
            Self::Add(o) => {
                ensure(
                    inputs.all(|grid| grid.is_some() == output.is_some()),
                    "it mixes bytes and f32",
                )?;
                bytes_can_hold(output, &o.activation)
            }
            Self::GlobalAverage { .. }
            | Self::Resize(_)
            | Self::Scale(_)
            | Self::Activate { .. } => ensure(
                output.is_none() && inputs.all(|grid| grid.is_none()),
                "it has no form for bytes",
            ),
        }
    }
}

impl Convolution {
    fn check_grids(&self, grids: &Grids) -> Checked {
        let bytes = |id: TensorId| grids.contains_key(&id);
        let quantised = matches!(self.weights, Weights::Quantised { .. });
        ensure(
            bytes(self.input) == quantised,
            "it reads bytes where, and only where, its weights are quantised",
        )?;
        ensure(
            quantised || !bytes(self.output),
            "a convolution of f32 writes f32",
        )?;
        if let Some(residual) = self.residual {
            ensure(
                bytes(residual) == bytes(self.output),
                "its residual and output are not both of bytes",
            )?;
        }
        bytes_can_hold(grids.get(&self.output), &self.activation)
    }
}

fn bytes_can_hold(output: Option<&Grid>, activation: &Activation) -> Checked {
    let smooth = matches!(activation, Activation::Sigmoid | Activation::Swish);
    ensure(
        output.is_none() || !smooth,
        "a sigmoid or swish is written as f32",
    )
}
