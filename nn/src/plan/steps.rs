//! A plan's operations as steps between buffers: what each step reads, writes, and which rows of
//! its inputs it needs for rows of its output. Nothing here depends on sizes of vectors.

use super::buffer::{Buffer, Packing};
use super::{
    Activation, Convolution, ConvolutionKind, Operation, Order, Plan, PoolKind, Resize, ResizeKind,
    TensorId, Weights, Window,
};
use crate::MAX_TENSOR_VALUES;
use crate::kernels::{MAX_CELLS, MAX_ROWS, between};
use std::ops::Range;

/// What a plan asks for that this build cannot do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Unsupported(pub(super) &'static str);

/// Number of a buffer. The first ones are the tensors of the plan.
pub(super) type BufferId = usize;

/// Where a step reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// What the caller wrote.
    Caller,
    /// A buffer.
    Buffer(BufferId),
}

/// What a step does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Work<'a> {
    /// Copies the caller's values into another packing.
    Import(Order),
    /// Copies rows into another packing.
    Repack,
    /// Dense convolution; a second source is the residual.
    Dense(Filter<'a>),
    /// Depthwise convolution.
    Depthwise(Filter<'a>),
    /// Pooling.
    Pool(PoolKind, Window),
    /// Mean of all pixels.
    GlobalAverage,
    /// Enlargement.
    Resize(ResizeKind),
    /// Sum of two sources.
    Add(&'a Activation),
    /// The first source times the only pixel of the second.
    Scale,
    /// Copies channels to those from this one on.
    Place(usize),
    /// Copies channels from this one on.
    Take(usize),
    /// A function of each value.
    Activate(&'a Activation),
    /// An operation that reads or writes int8.
    Int8(&'a Operation),
}

impl Work<'_> {
    /// Weights of a convolution, each of which every pixel of the output sees once; 0 for other work.
    pub(super) fn weights(&self) -> usize {
        match self {
            Self::Dense(filter) | Self::Depthwise(filter) => filter.weights.len(),
            Self::Int8(Operation::Convolution(convolution)) => convolution.weights.len(),
            _ => 0,
        }
    }
}

/// A convolution's numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filter<'a> {
    pub(super) window: Window,
    pub(super) weights: &'a [f32],
    pub(super) bias: &'a [f32],
    pub(super) activation: &'a Activation,
}

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Step<'a> {
    pub(super) work: Work<'a>,
    pub(super) sources: Vec<Source>,
    pub(super) output: BufferId,
}

/// Steps in the order of the plan, and their buffers.
pub(super) struct Steps<'a> {
    pub(super) buffers: Vec<Buffer>,
    pub(super) steps: Vec<Step<'a>>,
}

impl<'a> Steps<'a> {
    /// Of a plan that was checked.
    pub(super) fn of(plan: &'a Plan) -> Result<Self, Unsupported> {
        let tensors = (0..plan.tensors.len() as u32).map(TensorId);
        let mut steps = Self {
            buffers: tensors.map(|id| Buffer::tensor(plan, id)).collect(),
            steps: Vec::new(),
        };
        if plan.reads_input_as_tensor() {
            steps.push(Work::Import(plan.input_order), vec![Source::Caller], 0);
        }
        for operation in &plan.operations {
            steps.operation(plan, operation);
        }
        steps.bounded()?;
        Ok(steps)
    }

    /// What a check of the plan alone cannot know: the limits of kernels and of memory, padding
    /// included.
    fn bounded(&self) -> Result<(), Unsupported> {
        for buffer in &self.buffers {
            if buffer.most_values() > MAX_TENSOR_VALUES as u64 {
                return Err(Unsupported("a tensor so large with its padding"));
            }
        }
        for step in &self.steps {
            let window = match step.work {
                Work::Dense(filter) if self.covers_rows(step, &filter.window) => continue,
                Work::Dense(filter) if filter.window.size[0] as usize > MAX_ROWS => {
                    return Err(Unsupported("a dense window so high"));
                }
                Work::Depthwise(filter) => filter.window,
                Work::Pool(_, window) => window,
                _ => continue,
            };
            let [rows, columns] = window.size.map(u64::from);
            if rows * columns > MAX_CELLS as u64 {
                return Err(Unsupported("a window so large"));
            }
        }
        Ok(())
    }

    /// Whether the only window covers whole rows, so that they are read as one.
    fn covers_rows(&self, step: &Step, window: &Window) -> bool {
        let Source::Buffer(input) = step.sources[0] else {
            return false;
        };
        let (input, output) = (self.buffers[input], self.buffers[step.output]);
        let [rows, columns] = window.size.map(|side| side as usize);
        output.height == 1
            && window.before == [0, 0]
            && columns == input.width
            && rows <= input.height
            && output.width == 1
    }

    fn push(&mut self, work: Work<'a>, sources: Vec<Source>, output: BufferId) {
        self.steps.push(Step {
            work,
            sources,
            output,
        });
    }

    fn operation(&mut self, plan: &'a Plan, operation: &'a Operation) {
        let buffer = |id: TensorId| Source::Buffer(id.0 as usize);
        if plan.uses_int8(operation) {
            self.int8(operation);
            return;
        }
        match operation {
            Operation::Convolution(convolution) => {
                let Weights::Float(weights) = &convolution.weights else {
                    unreachable!("a checked plan's quantised weights read int8")
                };
                let filter = Filter {
                    window: convolution.window,
                    weights,
                    bias: &convolution.bias,
                    activation: &convolution.activation,
                };
                let output = convolution.output.0 as usize;
                if convolution.kind == ConvolutionKind::Depthwise
                    || plan.has_one_channel(convolution)
                {
                    self.push(
                        Work::Depthwise(filter),
                        vec![buffer(convolution.input)],
                        output,
                    );
                    return;
                }
                let mut sources =
                    vec![self.windows(plan, convolution.input, &filter.window, output)];
                sources.extend(convolution.residual.map(buffer));
                self.push(Work::Dense(filter), sources, output);
            }
            Operation::Pool(pool) => {
                let work = Work::Pool(pool.kind, pool.window);
                self.push(work, vec![buffer(pool.input)], pool.output.0 as usize);
            }
            Operation::GlobalAverage { input, output } => {
                self.push(Work::GlobalAverage, vec![buffer(*input)], output.0 as usize);
            }
            Operation::Resize(resize) => {
                self.push(
                    Work::Resize(resize.kind),
                    vec![buffer(resize.input)],
                    resize.output.0 as usize,
                );
            }
            Operation::Add(add) => {
                let sources = vec![buffer(add.left), buffer(add.right)];
                self.push(Work::Add(&add.activation), sources, add.output.0 as usize);
            }
            Operation::Scale(scale) => {
                let sources = vec![buffer(scale.input), buffer(scale.by)];
                self.push(Work::Scale, sources, scale.output.0 as usize);
            }
            Operation::Concat { inputs, output } => {
                let mut first = 0;
                for &input in inputs {
                    self.push(Work::Place(first), vec![buffer(input)], output.0 as usize);
                    first += plan.tensors[input.0 as usize].channels as usize;
                }
            }
            Operation::Take {
                input,
                output,
                first,
            } => self.push(
                Work::Take(*first as usize),
                vec![buffer(*input)],
                output.0 as usize,
            ),
            Operation::Activate {
                input,
                output,
                activation,
            } => {
                self.push(
                    Work::Activate(activation),
                    vec![buffer(*input)],
                    output.0 as usize,
                );
            }
            Operation::Convert { .. } => unreachable!("a checked plan converts from or to int8"),
        }
    }

    /// An input that becomes int8 is read as the caller wrote it.
    fn int8(&mut self, operation: &'a Operation) {
        let sources = operation.inputs().map(|id| match operation {
            Operation::Convert { .. } if id.0 == 0 => Source::Caller,
            _ => Source::Buffer(id.0 as usize),
        });
        let sources = sources.collect();
        self.push(
            Work::Int8(operation),
            sources,
            operation.output().0 as usize,
        );
    }

    /// What a dense convolution reads: its input, or a tight copy with zeros around.
    fn windows(
        &mut self,
        plan: &Plan,
        input: TensorId,
        window: &Window,
        output: BufferId,
    ) -> Source {
        let margins = margins(
            window,
            self.buffers[input.0 as usize].width,
            self.buffers[output].width,
        );
        let from = if input.0 == 0 {
            Source::Caller
        } else {
            Source::Buffer(input.0 as usize)
        };
        if !needs_copy(window, margins) {
            return Source::Buffer(input.0 as usize);
        }
        let [left, right] = margins;
        let packing = Packing::Tight { left, right };
        let copy = self.buffers.len();
        self.buffers
            .push(Buffer::new(plan.tensors[input.0 as usize], packing));
        let work = match from {
            Source::Caller => Work::Import(plan.input_order),
            Source::Buffer(_) => Work::Repack,
        };
        self.push(work, vec![from], copy);
        Source::Buffer(copy)
    }

    /// Whether no step but those of `group` reads a buffer, and no output of the network is made of it.
    pub(super) fn stays_inside(&self, plan: &Plan, buffer: BufferId, group: &Range<usize>) -> bool {
        let read_outside = self.steps.iter().enumerate().any(|(number, step)| {
            !group.contains(&number)
                && (step.output == buffer || step.sources.contains(&Source::Buffer(buffer)))
        });
        !read_outside
            && !plan
                .outputs
                .iter()
                .flat_map(|output| &output.parts)
                .any(|part| part.0 as usize == buffer)
    }

    /// Rows of source number `source` that `step` needs for rows of its output.
    pub(super) fn needed(&self, step: &Step, source: usize, rows: &Range<usize>) -> Range<usize> {
        let Source::Buffer(input) = step.sources[source] else {
            return rows.clone();
        };
        let height = self.buffers[input].height;
        let window = match step.work {
            Work::Dense(filter) | Work::Depthwise(filter) if source == 0 => filter.window,
            Work::Int8(Operation::Convolution(convolution)) if source == 0 => convolution.window,
            Work::Pool(_, window) => window,
            Work::Int8(Operation::Pool(pool)) => pool.window,
            Work::GlobalAverage => return 0..height,
            Work::Scale if source == 1 => return 0..height,
            Work::Resize(kind) | Work::Int8(&Operation::Resize(Resize { kind, .. })) => {
                let to = self.buffers[step.output].height;
                return between(kind, rows.start, height, to).0
                    ..between(kind, rows.end - 1, height, to).1 + 1;
            }
            _ => return rows.start.min(height)..rows.end.min(height),
        };
        let [size, stride, before] =
            [window.size, window.stride, window.before].map(|pair| pair[0] as usize);
        let end = ((rows.end - 1) * stride + size)
            .saturating_sub(before)
            .min(height);
        (rows.start * stride).saturating_sub(before).min(end)..end
    }
}

impl Plan {
    /// Whether a dense convolution is from one channel to one: then a depthwise one does the same
    /// in less time.
    fn has_one_channel(&self, convolution: &Convolution) -> bool {
        let one = |id: TensorId| self.tensors[id.0 as usize].channels == 1;
        let [rows, columns] = convolution.window.size.map(u64::from);
        one(convolution.input)
            && one(convolution.output)
            && convolution.residual.is_none()
            && rows * columns <= MAX_CELLS as u64
    }

    /// Whether something reads the input that cannot read the caller's values directly.
    fn reads_input_as_tensor(&self) -> bool {
        let operations = self.operations.iter().any(|operation| match operation {
            Operation::Convolution(convolution)
                if convolution.kind == ConvolutionKind::Dense
                    && !self.has_one_channel(convolution) =>
            {
                let width = |id: TensorId| self.tensors[id.0 as usize].width as usize;
                let [input, output] = [convolution.input, convolution.output].map(width);
                let margins = margins(&convolution.window, input, output);
                convolution.residual == Some(TensorId(0))
                    || (convolution.input.0 == 0 && !needs_copy(&convolution.window, margins))
            }
            Operation::Convert { .. } => false,
            other => other.inputs().any(|id| id.0 == 0),
        });
        operations
            || self
                .outputs
                .iter()
                .any(|output| output.parts.contains(&TensorId(0)))
    }
}

/// Columns outside the picture that windows see, left and right.
fn margins(window: &Window, input: usize, output: usize) -> [usize; 2] {
    let [size, stride, before] =
        [window.size, window.stride, window.before].map(|pair| pair[1] as usize);
    [
        before,
        ((output - 1) * stride + size).saturating_sub(before + input),
    ]
}

/// Whether a dense convolution cannot read its input as it is.
fn needs_copy(window: &Window, margins: [usize; 2]) -> bool {
    window.size != [1, 1] || margins != [0, 0] || window.before != [0, 0]
}
