//! Operations on tensors of bytes, lowered to their kernels.

use super::{Convolution, ConvolutionKind, Grid, Operation, Order, Plan, TensorId, Weights};
use crate::kernels::bytes::{
    self, ByteDense, ByteDenseParts, ByteDepthwise, ByteKernels, ByteRows, Scratch, Shape, Target,
    simple::{self, AddBytes, BytePool, Quantise},
};
use crate::kernels::{Kernels, Layout, Rows, RowsMut};
use std::ops::Range;

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

    /// Computes rows of the output from sources in the order of the operation's inputs.
    pub(super) fn run<'a>(
        &self,
        source: impl Fn(usize) -> Rows<'a>,
        output: &mut RowsMut,
        rows: Range<usize>,
        scratch: &mut Scratch,
    ) {
        let mut start = rows.start;
        while start < rows.end {
            let wraps = self
                .beside()
                .map(|number| source(number).layout().wrap(start));
            let end = wraps.fold(output.layout().wrap(start), usize::min);
            let run = start..end.min(rows.end);
            start = run.end;
            let output = output.rows(run.start, run.end);
            match self.output {
                Form::Bytes(shape) => {
                    let output = bytes::bytes_mut(output, run.len() * shape.row());
                    self.bytes(&source, (output, shape), run, scratch);
                }
                Form::Floats(pixel) => self.floats(&source, (output, pixel), run, scratch),
            }
        }
    }

    /// The sources of which each row of the output takes the same row alone.
    fn beside(&self) -> Range<usize> {
        match &self.work {
            Work::Dense(dense, _, residual) => {
                usize::from(!dense.is_flat())..1 + usize::from(residual.is_some())
            }
            Work::Depthwise(..) | Work::Pool(..) | Work::Repeat(_) | Work::Import(..) => 0..0,
            Work::Add(..) => 0..2,
            Work::Concat(inputs) => 0..inputs.len(),
            Work::Quantise(..) | Work::Dequantise(..) | Work::Regrid(_) => 0..1,
        }
    }

    /// Those that write bytes. Neither the output nor a source [beside](Self::beside) it wraps in these rows.
    fn bytes<'a>(
        &self,
        source: &impl Fn(usize) -> Rows<'a>,
        (output, shape): (&mut [u8], Shape),
        rows: Range<usize>,
        scratch: &mut Scratch,
    ) {
        let view = |number: usize, shape: &Shape| byte_rows(source(number), *shape);
        let read = |number: usize, shape: &Shape| view(number, shape).rows(&rows);
        match &self.work {
            Work::Dense(dense, input, residual) => {
                let residual = residual.as_ref().map(|shape| read(1, shape));
                let target = (&mut Target::Bytes(output), rows.clone());
                dense.run(view(0, input), residual, target, scratch);
            }
            Work::Depthwise(depthwise, input) => {
                let target = (&mut Target::Bytes(output), rows);
                depthwise.run(view(0, input), target, scratch);
            }
            Work::Pool(pool, input) => pool.run(self.kernels, view(0, input), (output, rows)),
            Work::Add(add, input) => {
                (self.kernels.add)(output, [read(0, input), read(1, input)], add);
            }
            Work::Repeat(input) => simple::repeat(view(0, input), (output, shape), rows),
            Work::Concat(inputs) => {
                let mut first = 0;
                for (number, input) in inputs.iter().enumerate() {
                    simple::copy_channels((read(number, input), *input), (output, shape), first);
                    first += input.channels;
                }
            }
            Work::Import(quantise, Order::Planes) => {
                quantise.planes(self.kernels, source(0).whole(), output, (shape, rows));
            }
            Work::Import(quantise, _) => {
                let input = source(0).rows(&rows);
                quantise.run(self.kernels, (input, shape.channels), (output, shape.pixel));
            }
            Work::Quantise(quantise, pixel) => {
                let input = source(0).rows(&rows);
                quantise.run(self.kernels, (input, *pixel), (output, shape.pixel));
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
        source: &impl Fn(usize) -> Rows<'a>,
        (output, pixel): (&mut [f32], usize),
        rows: Range<usize>,
        scratch: &mut Scratch,
    ) {
        let view = |shape: &Shape| byte_rows(source(0), *shape);
        match &self.work {
            Work::Dense(dense, input, _) => {
                let target = (&mut Target::Floats(output), rows);
                dense.run(view(input), None, target, scratch);
            }
            Work::Depthwise(depthwise, input) => {
                let target = (&mut Target::Floats(output), rows);
                depthwise.run(view(input), target, scratch);
            }
            Work::Dequantise(grid, input) => {
                let read = view(input).rows(&rows);
                simple::dequantise(*grid, (read, *input), (output, pixel));
            }
            _ => unreachable!("it writes bytes"),
        }
    }
}

/// Rows of bytes in the room of f32.
fn byte_rows(rows: Rows<'_>, shape: Shape) -> ByteRows<'_> {
    let ring = rows.layout().ring;
    ByteRows::new(shape, ring, bytes::bytes(rows.kept(), ring * shape.row()))
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
            Operation::GlobalAverage { .. }
            | Operation::Scale(_)
            | Operation::Take { .. }
            | Operation::Activate { .. } => {
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
