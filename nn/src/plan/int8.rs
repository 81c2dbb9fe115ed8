//! Operations on int8 tensors, lowered to their kernels.

use super::{Convolution, ConvolutionKind, Operation, Order, Plan, QuantParams, TensorId, Weights};
use crate::kernels::int8::{
    Int8Add, Int8ConvolutionParts, Int8Dense, Int8Depthwise, Int8Kernels, Int8Pool, Int8Rows,
    Quantise, Scratch, Shape, Target, as_bytes, as_bytes_mut, copy_channels, dequantise, repeat,
};
use crate::kernels::{Kernels, Layout, Rows, RowsMut};
use std::ops::Range;

/// One operation that reads or writes int8.
pub(super) struct Int8Step {
    kernels: &'static Int8Kernels,
    output: Representation,
    work: Work,
}

/// How a tensor lies in memory that was made for f32.
#[derive(Clone, Copy)]
enum Representation {
    Int8(Shape),
    /// Pixels of this many values.
    Float(usize),
}

enum Work {
    Dense(Box<Int8Dense>, Shape, Option<Shape>),
    Depthwise(Box<Int8Depthwise>, Shape),
    Pool(Box<Int8Pool>, Shape),
    Add(Int8Add, Shape),
    Repeat(Shape),
    Concat(Vec<Shape>),
    /// From the caller's values.
    Import(Quantise, Order),
    /// From f32 in pixels of this many values.
    Quantise(Quantise, usize),
    Dequantise(QuantParams, Shape),
    Requantise(Int8Add),
}

impl Plan {
    /// Whether an operation reads or writes int8.
    pub(super) fn uses_int8(&self, operation: &Operation) -> bool {
        operation
            .inputs()
            .chain([operation.output()])
            .any(|id| self.quant_params.contains_key(&id))
    }

    /// How an int8 tensor lies; `None` for one of f32.
    pub(super) fn int8_shape(&self, id: TensorId) -> Option<Shape> {
        let shape = Shape::of(self.tensors[id.0 as usize]);
        self.quant_params.contains_key(&id).then_some(shape)
    }
}

impl Int8Step {
    /// Lowers an operation of a checked plan that [uses int8](Plan::uses_int8). `layouts` are
    /// those of the plan's f32 tensors.
    pub(super) fn new(
        plan: &Plan,
        operation: &Operation,
        floats: &'static Kernels,
        layouts: &[Layout],
        scratch: &mut Scratch,
    ) -> Self {
        let kernels = Int8Kernels::of(floats.path).expect("f32 kernels of the path are there");
        let lower = Lower {
            plan,
            kernels,
            floats,
            layouts,
        };
        Self {
            kernels,
            output: lower.representation(operation.output()),
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
                .same_row_sources()
                .map(|number| source(number).layout().wrap(start));
            let end = wraps.fold(output.layout().wrap(start), usize::min);
            let run = start..end.min(rows.end);
            start = run.end;
            let output = output.rows(run.start, run.end);
            match self.output {
                Representation::Int8(shape) => {
                    let output = as_bytes_mut(output, run.len() * shape.row());
                    self.write_int8(&source, (output, shape), run, scratch);
                }
                Representation::Float(pixel) => {
                    self.write_float(&source, (output, pixel), run, scratch);
                }
            }
        }
    }

    /// The sources of which each row of the output takes the same row alone.
    fn same_row_sources(&self) -> Range<usize> {
        match &self.work {
            Work::Dense(dense, _, residual) => {
                usize::from(!dense.is_flat())..1 + usize::from(residual.is_some())
            }
            Work::Depthwise(..) | Work::Pool(..) | Work::Repeat(_) | Work::Import(..) => 0..0,
            Work::Add(..) => 0..2,
            Work::Concat(inputs) => 0..inputs.len(),
            Work::Quantise(..) | Work::Dequantise(..) | Work::Requantise(_) => 0..1,
        }
    }

    /// Operations that write int8. In these rows neither the output wraps around its ring nor one of the
    /// [sources of the same rows](Self::same_row_sources).
    fn write_int8<'a>(
        &self,
        source: &impl Fn(usize) -> Rows<'a>,
        (output, shape): (&mut [u8], Shape),
        rows: Range<usize>,
        scratch: &mut Scratch,
    ) {
        let view = |number: usize, shape: &Shape| int8_rows(source(number), *shape);
        let read = |number: usize, shape: &Shape| view(number, shape).rows(&rows);
        match &self.work {
            Work::Dense(dense, input, residual) => {
                let residual = residual.as_ref().map(|shape| read(1, shape));
                let target = (&mut Target::Int8(output), rows.clone());
                dense.run(view(0, input), residual, target, scratch);
            }
            Work::Depthwise(depthwise, input) => {
                let target = (&mut Target::Int8(output), rows);
                depthwise.run(view(0, input), target, scratch);
            }
            Work::Pool(pool, input) => pool.run(self.kernels, view(0, input), (output, rows)),
            Work::Add(add, input) => {
                (self.kernels.add)(output, [read(0, input), read(1, input)], add);
            }
            Work::Repeat(input) => repeat(view(0, input), (output, shape), rows),
            Work::Concat(inputs) => {
                let mut first = 0;
                for (number, input) in inputs.iter().enumerate() {
                    copy_channels((read(number, input), *input), (output, shape), first);
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
            Work::Requantise(add) => {
                let input = read(0, &shape);
                (self.kernels.add)(output, [input, input], add);
            }
            Work::Dequantise(..) => unreachable!("it writes f32"),
        }
    }

    /// Operations that write f32.
    fn write_float<'a>(
        &self,
        source: &impl Fn(usize) -> Rows<'a>,
        (output, pixel): (&mut [f32], usize),
        rows: Range<usize>,
        scratch: &mut Scratch,
    ) {
        let view = |shape: &Shape| int8_rows(source(0), *shape);
        match &self.work {
            Work::Dense(dense, input, _) => {
                let target = (&mut Target::Float(output), rows);
                dense.run(view(input), None, target, scratch);
            }
            Work::Depthwise(depthwise, input) => {
                let target = (&mut Target::Float(output), rows);
                depthwise.run(view(input), target, scratch);
            }
            Work::Dequantise(params, input) => {
                let read = view(input).rows(&rows);
                dequantise(*params, (read, *input), (output, pixel));
            }
            _ => unreachable!("it writes int8"),
        }
    }
}

/// Rows of int8 in memory that was made for f32.
fn int8_rows(rows: Rows<'_>, shape: Shape) -> Int8Rows<'_> {
    let ring = rows.layout().ring;
    Int8Rows::new(shape, ring, as_bytes(rows.kept(), ring * shape.row()))
}

struct Lower<'a> {
    plan: &'a Plan,
    kernels: &'static Int8Kernels,
    floats: &'static Kernels,
    layouts: &'a [Layout],
}

impl Lower<'_> {
    fn representation(&self, id: TensorId) -> Representation {
        match self.plan.int8_shape(id) {
            Some(shape) => Representation::Int8(shape),
            None => Representation::Float(self.layouts[id.0 as usize].pixel),
        }
    }

    fn shape(&self, id: TensorId) -> Shape {
        Shape::of(self.plan.tensors[id.0 as usize])
    }

    fn params(&self, id: TensorId) -> QuantParams {
        self.plan.quant_params[&id]
    }

    fn work(&self, operation: &Operation, scratch: &mut Scratch) -> Work {
        match operation {
            Operation::Convolution(convolution) => self.convolution(convolution, scratch),
            Operation::Pool(pool) => {
                let [input, output] = [pool.input, pool.output];
                let shapes = [input, output].map(|id| self.shape(id));
                let params = [input, output].map(|id| self.params(id));
                let pool = Int8Pool::new(&pool.window, pool.kind, shapes, params);
                Work::Pool(Box::new(pool), shapes[0])
            }
            Operation::Add(add) => {
                let terms = [add.left, add.right].map(|id| self.params(id));
                let sum = Int8Add::new(terms, self.params(add.output), &add.activation);
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
                unreachable!("a checked plan has no {operation:?} of int8")
            }
        }
    }

    fn convolution(&self, convolution: &Convolution, scratch: &mut Scratch) -> Work {
        let Weights::Quantised { values, scales } = &convolution.weights else {
            unreachable!("a checked plan's int8 convolution is quantised")
        };
        let (input, output) = (convolution.input, convolution.output);
        let residual = convolution.residual;
        let pixel = match self.representation(output) {
            Representation::Int8(shape) => shape.pixel,
            Representation::Float(pixel) => pixel,
        };
        let parts = Int8ConvolutionParts {
            window: convolution.window,
            weights: values,
            scales,
            bias: &convolution.bias,
            activation: &convolution.activation,
            input: (self.shape(input), self.params(input)),
            output: self.shape(output),
            output_params: self.plan.quant_params.get(&output).copied(),
            residual: residual.map(|id| (self.shape(id), self.params(id))),
            pixel,
        };
        let (kernels, floats) = (self.kernels, self.floats);
        match convolution.kind {
            ConvolutionKind::Dense => {
                let dense = Int8Dense::new(kernels, floats, &parts, scratch);
                let residual = residual.map(|id| self.shape(id));
                Work::Dense(Box::new(dense), self.shape(input), residual)
            }
            ConvolutionKind::Depthwise => {
                let depthwise = Int8Depthwise::new(kernels, floats, &parts, scratch);
                Work::Depthwise(Box::new(depthwise), self.shape(input))
            }
        }
    }

    fn conversion(&self, input: TensorId, output: TensorId) -> Work {
        let params = [input, output].map(|id| self.plan.quant_params.get(&id).copied());
        match params {
            [Some(from), Some(to)] => Work::Requantise(Int8Add::convert(from, to)),
            [Some(from), None] => Work::Dequantise(from, self.shape(input)),
            [None, Some(to)] if input.0 == 0 => {
                Work::Import(Quantise::new(to), self.plan.input_order)
            }
            [None, Some(to)] => {
                Work::Quantise(Quantise::new(to), self.layouts[input.0 as usize].pixel)
            }
            [None, None] => unreachable!("a checked plan converts from or to int8"),
        }
    }
}
