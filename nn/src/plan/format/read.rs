//! From bytes to a plan that may still contradict itself.

use super::header::{MAGIC, NO_TENSOR, VERSION};
use crate::half;
use crate::plan::check::{MAX_OPERATIONS, MAX_PARTS, range};
use crate::plan::{
    Activation, Add, Convolution, ConvolutionKind, Extent, Operation, Order, Plan, PlanError,
    PlanOutput, Pool, PoolKind, QuantParams, Resize, ResizeKind, Scale, TensorId, Weights, Window,
};
use std::collections::BTreeMap;

type Read<T> = Result<T, PlanError>;

pub(super) fn plan(bytes: &[u8]) -> Read<Plan> {
    let mut r = Reader { bytes, at: 0 };
    if r.take(MAGIC.len()).ok() != Some(MAGIC) {
        return Err(PlanError::NoPlan);
    }
    let version = r.u32()?;
    if version != VERSION {
        return Err(PlanError::Version { found: version });
    }
    let input_order = r.order()?;
    let tensors = r.count("tensors", MAX_OPERATIONS + 1)?;
    let operations = r.count("operations", MAX_OPERATIONS)?;
    let outputs = r.count("outputs", MAX_PARTS)?;
    let mut plan = Plan {
        input_order,
        tensors: Vec::with_capacity(tensors),
        quant_params: BTreeMap::new(),
        operations: Vec::new(),
        outputs: Vec::new(),
    };
    for index in 0..tensors {
        plan.tensors.push(Extent {
            height: r.u32()?,
            width: r.u32()?,
            channels: r.u32()?,
        });
        if r.flag("kind of tensor")? {
            let (scale, zero_point) = (r.f32()?, r.u8()?);
            let id = TensorId(index as u32);
            plan.quant_params
                .insert(id, QuantParams { scale, zero_point });
        }
    }
    for _ in 0..operations {
        plan.operations.push(r.operation()?);
    }
    for _ in 0..outputs {
        plan.outputs.push(r.output()?);
    }
    match bytes.len() - r.at {
        0 => Ok(plan),
        bytes => Err(PlanError::Trailing { bytes }),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next bytes; nothing is allocated for a value before they are known to be there.
    fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let rest = &self.bytes[self.at..];
        let taken = rest.get(..length).ok_or(PlanError::Ends { at: self.at })?;
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let taken = self.take(N)?;
        Ok(taken.try_into().expect("as many bytes as were asked for"))
    }

    fn u8(&mut self) -> Read<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Read<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn f32(&mut self) -> Read<f32> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    fn count(&mut self, what: &'static str, most: usize) -> Read<usize> {
        let count = self.u32()?;
        range(what, count.into(), 1, most as u64)?;
        Ok(count as usize)
    }

    fn flag(&mut self, of: &'static str) -> Read<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            code => Err(unknown(of, code)),
        }
    }

    fn tensor(&mut self) -> Read<TensorId> {
        self.u32().map(TensorId)
    }

    fn tensors(&mut self) -> Read<Vec<TensorId>> {
        let count = self.count("tensors side by side", MAX_PARTS)?;
        (0..count).map(|_| self.tensor()).collect()
    }

    fn floats(&mut self) -> Read<Vec<f32>> {
        let count = self.u32()? as usize;
        if self.flag("kind of numbers")? {
            let halves = self.values::<2>(count)?;
            let single = |&half| half::to_single(u16::from_le_bytes(half));
            return Ok(halves.iter().map(single).collect());
        }
        let values = self.values::<4>(count)?;
        Ok(values.iter().map(|&v| f32::from_le_bytes(v)).collect())
    }

    fn values<const N: usize>(&mut self, count: usize) -> Read<&'a [[u8; N]]> {
        let length = count.checked_mul(N);
        let length = length.ok_or(PlanError::Ends { at: self.at })?;
        Ok(self.take(length)?.as_chunks().0)
    }

    fn order(&mut self) -> Read<Order> {
        match self.u8()? {
            0 => Ok(Order::Planes),
            1 => Ok(Order::Interleaved),
            2 => Ok(Order::Blocks(self.u32()?)),
            code => Err(unknown("order", code)),
        }
    }

    fn window(&mut self) -> Read<Window> {
        let mut pair = || Ok([self.u32()?, self.u32()?]);
        Ok(Window {
            size: pair()?,
            stride: pair()?,
            before: pair()?,
        })
    }

    fn activation(&mut self) -> Read<Activation> {
        Ok(match self.u8()? {
            0 => Activation::None,
            1 => Activation::Relu,
            2 => Activation::Clip {
                low: self.f32()?,
                high: self.f32()?,
            },
            3 => Activation::Prelu(self.floats()?),
            4 => Activation::Sigmoid,
            5 => Activation::Swish,
            code => return Err(unknown("activation", code)),
        })
    }

    fn operation(&mut self) -> Read<Operation> {
        Ok(match self.u8()? {
            0 => Operation::Convolution(self.convolution()?),
            1 => Operation::Pool(Pool {
                input: self.tensor()?,
                output: self.tensor()?,
                kind: match self.u8()? {
                    0 => PoolKind::Max,
                    1 => PoolKind::Average,
                    2 => PoolKind::AverageWithBorder,
                    code => return Err(unknown("pooling", code)),
                },
                window: self.window()?,
            }),
            2 => Operation::GlobalAverage {
                input: self.tensor()?,
                output: self.tensor()?,
            },
            3 => Operation::Resize(Resize {
                input: self.tensor()?,
                output: self.tensor()?,
                kind: match self.u8()? {
                    0 => ResizeKind::Nearest,
                    1 => ResizeKind::BilinearCentres,
                    2 => ResizeKind::BilinearCorners,
                    code => return Err(unknown("enlarging", code)),
                },
            }),
            4 => Operation::Add(Add {
                left: self.tensor()?,
                right: self.tensor()?,
                output: self.tensor()?,
                activation: self.activation()?,
            }),
            5 => Operation::Scale(Scale {
                input: self.tensor()?,
                by: self.tensor()?,
                output: self.tensor()?,
            }),
            6 => Operation::Concat {
                inputs: self.tensors()?,
                output: self.tensor()?,
            },
            7 => Operation::Activate {
                input: self.tensor()?,
                output: self.tensor()?,
                activation: self.activation()?,
            },
            8 => Operation::Convert {
                input: self.tensor()?,
                output: self.tensor()?,
            },
            9 => Operation::Take {
                input: self.tensor()?,
                output: self.tensor()?,
                first: self.u32()?,
            },
            code => return Err(unknown("operation", code)),
        })
    }

    fn convolution(&mut self) -> Read<Convolution> {
        Ok(Convolution {
            input: self.tensor()?,
            output: self.tensor()?,
            residual: Some(self.tensor()?).filter(|id| id.0 != NO_TENSOR),
            kind: if self.flag("kind of convolution")? {
                ConvolutionKind::Depthwise
            } else {
                ConvolutionKind::Dense
            },
            window: self.window()?,
            activation: self.activation()?,
            bias: self.floats()?,
            weights: if self.flag("kind of weights")? {
                let scales = self.floats()?;
                let count = self.u32()? as usize;
                let values = self.take(count)?.iter().map(|v| v.cast_signed()).collect();
                Weights::Quantised { values, scales }
            } else {
                Weights::Float(self.floats()?)
            },
        })
    }

    fn output(&mut self) -> Read<PlanOutput> {
        Ok(PlanOutput {
            parts: self.tensors()?,
            order: self.order()?,
            softmax: Some(self.u32()?).filter(|&run| run != 0),
        })
    }
}

fn unknown(of: &'static str, code: u8) -> PlanError {
    PlanError::Code {
        of,
        found: code.into(),
    }
}
