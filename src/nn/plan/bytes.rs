//! Operations on tensors of bytes, lowered to their kernels. Each runs over its whole output.

use super::{Convolution, ConvolutionKind, Grid, Operation, Order, Plan, TensorId, Weights};
use crate::nn::kernels::bytes::{
    self, ByteDense, ByteDenseParts, ByteDepthwise, ByteKernels, Scratch, Shape, Target,
    simple::{self, AddBytes, BytePool, Quantise},
};
use crate::nn::kernels::{Kernels, Layout};

/// One operation that reads or writes bytes.
pub(super) struct ByteStep {
    kernels: &'static ByteKernels,
    output: Form,
    work: Work,
}

/// How a tensor lies in memory that was made for f32.
#[derive(Clone, Copy)]
enum Form {
    Bytes(Shape),
    /// Pixels of this many values.
    Floats(usize),
}

enum Work {
    Dense(Box<ByteDense>, Shape, Option<Shape>),
    Depthwise(Box<ByteDepthwise>, Shape),
    Pool(Box<BytePool>, Shape),
    Add(AddBytes, Shape),
    Repeat(Shape),
    Concat(Vec<Shape>),
    /// From the caller's values.
    Import(Quantise, Order),
    /// From f32 in pixels of this many values.
    Quantise(Quantise, usize),
    Dequantise(Grid, Shape),
    Regrid(AddBytes),
}

impl Plan {
    /// Whether an operation reads or writes bytes.
    pub(super) fn meets_bytes(&self, operation: &Operation) -> bool {
        operation
            .inputs()
            .chain([operation.output()])
            .any(|id| self.grids.contains_key(&id))
    }

    /// How a tensor of bytes lies.
    pub(super) fn byte_shape(&self, id: TensorId) -> Option<Shape> {
        let shape = Shape::of(self.tensors[id.0 as usize]);
        self.grids.contains_key(&id).then_some(shape)
    }
}

impl ByteStep {
    /// Lowers an operation of a checked plan that [meets bytes](Plan::meets_bytes). `layouts` are
    /// those of the plan's f32 tensors.
    pub(super) fn new(
        plan: &Plan,
        operation: &Operation,
        floats: &'static Kernels,
        layouts: &[Layout],
        scratch: &mut Scratch,
    ) -> Self {
        let kernels = ByteKernels::of(floats.path).expect("f32 kernels of the path are there");
        let lower = Lower {
            plan,
            kernels,
            floats,
            layouts,
        };
        Self {
            kernels,
            output: lower.form(operation.output()),
            work: lower.work(operation, scratch),
        }
    }

    /// Computes the whole output from sources in the order of the operation's inputs.
    pub(super) fn run<'a>(
        &self,
        source: impl Fn(usize) -> &'a [f32],
        output: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let read = |number: usize, shape: &Shape| bytes::bytes(source(number), shape.len());
        let shape = match self.output {
            Form::Bytes(shape) => shape,
            Form::Floats(pixel) => return self.floats(source, (output, pixel), scratch),
        };
        let output = bytes::bytes_mut(output, shape.len());
        match &self.work {
            Work::Dense(dense, input, residual) => {
                let residual = residual.as_ref().map(|shape| read(1, shape));
                dense.run(
                    read(0, input),
                    residual,
                    &mut Target::Bytes(output),
                    scratch,
                );
            }
            Work::Depthwise(depthwise, input) => {
                depthwise.run(read(0, input), &mut Target::Bytes(output), scratch);
            }
            Work::Pool(pool, input) => pool.run(self.kernels, read(0, input), output),
            Work::Add(add, input) => {
                (self.kernels.add)(output, [read(0, input), read(1, input)], add);
            }
            Work::Repeat(input) => simple::repeat((read(0, input), *input), (output, shape)),
            Work::Concat(inputs) => {
                let mut first = 0;
                for (number, input) in inputs.iter().enumerate() {
                    simple::copy_channels((read(number, input), *input), (output, shape), first);
                    first += input.channels;
                }
            }
            Work::Import(quantise, Order::Planes) => {
                quantise.planes(self.kernels, source(0), output, shape);
            }
            Work::Import(quantise, _) => {
                quantise.run(self.kernels, (source(0), shape.channels), output, shape);
            }
            Work::Quantise(quantise, pixel) => {
                quantise.run(self.kernels, (source(0), *pixel), output, shape);
            }
            Work::Regrid(add) => {
                let input = read(0, &shape);
                (self.kernels.add)(output, [input, input], add);
            }
            Work::Dequantise(..) => unreachable!("it writes f32"),
        }
    }

    /// Those that write f32.
    fn floats<'a>(
        &self,
        source: impl Fn(usize) -> &'a [f32],
        (output, pixel): (&mut [f32], usize),
        scratch: &mut Scratch,
    ) {
        let read = |shape: &Shape| bytes::bytes(source(0), shape.len());
        match &self.work {
            Work::Dense(dense, input, _) => {
                dense.run(read(input), None, &mut Target::Floats(output), scratch);
            }
            Work::Depthwise(depthwise, input) => {
                depthwise.run(read(input), &mut Target::Floats(output), scratch);
            }
            Work::Dequantise(grid, input) => {
                simple::dequantise(*grid, (read(input), *input), (output, pixel));
            }
            _ => unreachable!("it writes bytes"),
        }
    }
}

struct Lower<'a> {
    plan: &'a Plan,
    kernels: &'static ByteKernels,
    floats: &'static Kernels,
    layouts: &'a [Layout],
}

impl Lower<'_> {
    fn form(&self, id: TensorId) -> Form {
        match self.plan.byte_shape(id) {
            Some(shape) => Form::Bytes(shape),
            None => Form::Floats(self.layouts[id.0 as usize].pixel),
        }
    }

    fn shape(&self, id: TensorId) -> Shape {
        Shape::of(self.plan.tensors[id.0 as usize])
    }

    fn grid(&self, id: TensorId) -> Grid {
        self.plan.grids[&id]
    }

    fn work(&self, operation: &Operation, scratch: &mut Scratch) -> Work {
        match operation {
            Operation::Convolution(convolution) => self.convolution(convolution, scratch),
            Operation::Pool(pool) => {
                let [input, output] = [pool.input, pool.output];
                let shapes = [input, output].map(|id| self.shape(id));
                let grids = [input, output].map(|id| self.grid(id));
                let pool = BytePool::new(&pool.window, pool.kind, shapes, grids);
                Work::Pool(Box::new(pool), shapes[0])
            }
            Operation::Add(add) => {
                let terms = [add.left, add.right].map(|id| self.grid(id));
                let sum = AddBytes::new(terms, self.grid(add.output), &add.activation);
                Work::Add(sum, self.shape(add.output))
            }
            Operation::Resize(resize) => Work::Repeat(self.shape(resize.input)),
            Operation::Concat { inputs, .. } => {
                Work::Concat(inputs.iter().map(|&id| self.shape(id)).collect())
            }
            Operation::Convert { input, output } => self.conversion(*input, *output),
            Operation::GlobalAverage { .. } | Operation::Scale(_) | Operation::Activate { .. } => {
                unreachable!("a checked plan has no {operation:?} of bytes")
            }
        }
    }

    fn convolution(&self, convolution: &Convolution, scratch: &mut Scratch) -> Work {
        let Weights::Quantised { values, scales } = &convolution.weights else {
            unreachable!("a checked plan's convolution of bytes is quantised")
        };
        let (input, output) = (convolution.input, convolution.output);
        let residual = convolution.residual;
        let pixel = match self.form(output) {
            Form::Bytes(shape) => shape.pixel,
            Form::Floats(pixel) => pixel,
        };
        let parts = ByteDenseParts {
            window: convolution.window,
            weights: values,
            scales,
            bias: &convolution.bias,
            activation: &convolution.activation,
            input: (self.shape(input), self.grid(input)),
            output: self.shape(output),
            grid: self.plan.grids.get(&output).copied(),
            residual: residual.map(|id| (self.shape(id), self.grid(id))),
            pixel,
        };
        let (kernels, floats) = (self.kernels, self.floats);
        match convolution.kind {
            ConvolutionKind::Dense => {
                let dense = ByteDense::new(kernels, floats, &parts, scratch);
                let residual = residual.map(|id| self.shape(id));
                Work::Dense(Box::new(dense), self.shape(input), residual)
            }
            ConvolutionKind::Depthwise => {
                let depthwise = ByteDepthwise::new(kernels, floats, &parts, scratch);
                Work::Depthwise(Box::new(depthwise), self.shape(input))
            }
        }
    }

    fn conversion(&self, input: TensorId, output: TensorId) -> Work {
        let grids = [input, output].map(|id| self.plan.grids.get(&id).copied());
        match grids {
            [Some(from), Some(to)] => Work::Regrid(AddBytes::convert(from, to)),
            [Some(from), None] => Work::Dequantise(from, self.shape(input)),
            [None, Some(to)] if input.0 == 0 => {
                Work::Import(Quantise::new(to), self.plan.input_order)
            }
            [None, Some(to)] => {
                Work::Quantise(Quantise::new(to), self.layouts[input.0 as usize].pixel)
            }
            [None, None] => unreachable!("a checked plan converts from or to bytes"),
        }
    }
}
