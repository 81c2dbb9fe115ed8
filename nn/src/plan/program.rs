//! A plan for one processor: kernels with packed weights, slots in one arena, portions of rows.

use super::arena::{self, Lifetime};
use super::bands::{Group, Portion, Schedule};
use super::buffer::{Buffer, Packing};
use super::groups;
use super::int8::Int8Step;
use super::steps::{Filter, Source, Step, Steps, Unsupported, Work};
use super::{Order, Plan, PlanOutput, ResizeKind};
use crate::kernels::int8::Scratch;
use crate::kernels::{self, Activate, Dense, DenseParts, Kernels, Layout, Rows, RowsMut, Windowed};
use crate::{MAX_TENSOR_VALUES, Threads};
use std::ops::Range;

/// Fewest multiply-adds for another thread: some microseconds, a few times what handing them over takes.
const PIECE: usize = 128 * 1024;

/// Where a buffer lies in the arena, and how.
#[derive(Clone, Debug)]
struct Slot {
    layout: Layout,
    range: Range<usize>,
}

/// What computes a step, weights packed.
enum Kernel {
    Import(Order),
    Repack,
    Dense(Box<Dense>),
    Windowed(Box<Windowed>),
    GlobalAverage,
    Resize(ResizeKind),
    Add(Activate),
    Scale,
    Place(usize),
    Take(usize),
    Activate(Activate),
    Int8(Box<Int8Step>),
}

/// A step with its kernel.
struct LoweredStep {
    kernel: Kernel,
    sources: Vec<Source>,
    output: usize,
    /// About how many multiply-adds a row of the output takes.
    row_cost: usize,
}

/// A plan lowered to the kernels of a processor.
pub(super) struct Program {
    kernels: &'static Kernels,
    /// How the caller's values lie, seen as rows; planes are told apart by the import.
    caller: Layout,
    slots: Vec<Slot>,
    steps: Vec<LoweredStep>,
    portions: Vec<Portion>,
    pub(super) outputs: Vec<PlanOutput>,
    /// Values of the arena.
    pub(super) arena: usize,
    /// Fewest multiply-adds for another thread.
    pub(super) piece: usize,
    /// What int8 kernels need besides; a thread works in its own copy.
    pub(super) scratch: Scratch,
}

impl Program {
    /// Lowers a plan that was checked.
    pub(super) fn new(plan: &Plan, kernels: &'static Kernels) -> Result<Self, Unsupported> {
        let steps = Steps::of(plan)?;
        let groups = groups::choose(plan, &steps, kernels.lanes);
        Self::of(plan, &steps, kernels, &groups)
    }

    /// With groups of one's own choice: they decide speed and memory, never results.
    pub(super) fn of(
        plan: &Plan,
        steps: &Steps,
        kernels: &'static Kernels,
        groups: &[Group],
    ) -> Result<Self, Unsupported> {
        let schedule = Schedule::new(plan, steps, groups);
        let layouts: Vec<Layout> = steps
            .buffers
            .iter()
            .zip(&schedule.rings)
            .map(|(buffer, &ring)| layout(buffer, ring, kernels.lanes))
            .collect();
        let lifetimes: Vec<Lifetime> = layouts
            .iter()
            .zip(&schedule.lifetimes)
            .map(|(layout, groups)| Lifetime {
                len: layout.len(),
                groups: groups.clone(),
            })
            .collect();
        let (ranges, arena) = arena::assign(&lifetimes);
        if arena > MAX_TENSOR_VALUES {
            return Err(Unsupported("activations so large with their padding"));
        }
        let mut scratch = Scratch::default();
        let lowered = steps
            .steps
            .iter()
            .map(|step| match step.work {
                Work::Int8(operation) => {
                    let step = Int8Step::new(plan, operation, kernels, &layouts, &mut scratch);
                    Kernel::Int8(Box::new(step))
                }
                _ => kernel(step, &layouts, kernels),
            })
            .zip(&steps.steps)
            .map(|(kernel, step)| LoweredStep {
                kernel,
                sources: step.sources.clone(),
                output: step.output,
                row_cost: row_cost(step, &layouts[step.output]),
            })
            .collect();
        let input = steps.buffers[0];
        Ok(Self {
            kernels,
            caller: Layout {
                pixel: input.channels,
                ..layout(&input, input.height, 1)
            },
            slots: layouts
                .into_iter()
                .zip(ranges)
                .map(|(layout, range)| Slot { layout, range })
                .collect(),
            steps: lowered,
            portions: schedule.portions,
            outputs: plan.outputs.clone(),
            arena,
            piece: PIECE,
            scratch,
        })
    }

    /// Does all the work in an arena of [`Self::arena`] values and a copy of [`Self::scratch`].
    pub(super) fn run(
        &self,
        caller: &[f32],
        arena: &mut [f32],
        scratch: &mut Scratch,
        threads: &Threads,
    ) {
        threads.enter(|| self.run_watched(caller, arena, scratch, threads, &mut |_| {}));
    }

    /// The same where the threads were entered, telling the number of each step when some rows of it are done.
    pub(super) fn run_watched(
        &self,
        caller: &[f32],
        arena: &mut [f32],
        scratch: &mut Scratch,
        threads: &Threads,
        watch: &mut impl FnMut(usize),
    ) {
        for portion in &self.portions {
            let step = &self.steps[portion.step];
            let slot = &self.slots[step.output];
            // Only the arena outside of the output is read, so a step can never read what it writes.
            let (before, rest) = arena.split_at_mut(slot.range.start);
            let (output, after) = rest.split_at_mut(slot.range.len());
            let inputs = Inputs {
                program: self,
                caller,
                before,
                after,
                end: slot.range.end,
            };
            let mut output = RowsMut::new(slot.layout, output);
            let rows = portion.rows.clone();
            if let Kernel::Int8(int8) = &step.kernel {
                let source = |number: usize| inputs.rows(step.sources[number]);
                int8.run(source, &mut output, rows, scratch);
            } else {
                let pieces = (rows.len() * step.row_cost / self.piece).clamp(1, threads.count());
                inputs.split(step, output, rows, pieces, threads);
            }
            watch(portion.step);
        }
    }

    /// How many steps there are.
    pub(super) fn step_count(&self) -> usize {
        self.steps.len()
    }

    /// A tensor after a run.
    pub(super) fn tensor<'a>(&self, tensor: usize, arena: &'a [f32]) -> Rows<'a> {
        let slot = &self.slots[tensor];
        Rows::new(slot.layout, &arena[slot.range.clone()])
    }
}

/// All that a step may read: every buffer but its output.
struct Inputs<'a> {
    program: &'a Program,
    caller: &'a [f32],
    before: &'a [f32],
    after: &'a [f32],
    /// Where `after` starts in the arena.
    end: usize,
}

impl Inputs<'_> {
    fn rows(&self, source: Source) -> Rows<'_> {
        let buffer = match source {
            Source::Caller => return Rows::new(self.program.caller, self.caller),
            Source::Buffer(buffer) => buffer,
        };
        let Slot { layout, range } = &self.program.slots[buffer];
        let values = if range.end <= self.before.len() {
            &self.before[range.clone()]
        } else {
            &self.after[range.start - self.end..range.end - self.end]
        };
        Rows::new(*layout, values)
    }

    /// Computes rows in so many pieces, on as many threads as are free.
    fn split(
        &self,
        step: &LoweredStep,
        mut output: RowsMut,
        rows: Range<usize>,
        pieces: usize,
        threads: &Threads,
    ) {
        if pieces == 1 || rows.len() == 1 {
            return self.run(step, &mut output, rows);
        }
        let wrap = output.layout().wrap(rows.start);
        if wrap < rows.end {
            // The later rows lie before the others.
            let [later, sooner] = output.split(rows.start);
            self.split(step, sooner, rows.start..wrap, pieces, threads);
            return self.split(step, later, wrap..rows.end, pieces, threads);
        }
        let half = pieces / 2;
        let middle = rows.start + (rows.len() * half / pieces).max(1);
        let [sooner, later] = output.split(middle);
        threads.join(
            || self.split(step, sooner, rows.start..middle, half, threads),
            || self.split(step, later, middle..rows.end, pieces - half, threads),
        );
    }

    fn run(&self, step: &LoweredStep, output: &mut RowsMut, rows: Range<usize>) {
        let kernels = self.program.kernels;
        let source = |number: usize| self.rows(step.sources[number]);
        match &step.kernel {
            Kernel::Import(Order::Planes) => kernels::interleave(self.caller, output, rows),
            Kernel::Import(_) | Kernel::Repack => kernels::repack(source(0), output, rows),
            Kernel::Dense(dense) => {
                let residual = step.sources.get(1).map(|&residual| self.rows(residual));
                dense.run(source(0), residual, output, rows);
            }
            Kernel::Windowed(windowed) => windowed.run(source(0), output, rows),
            Kernel::GlobalAverage => kernels::global_average(source(0), output),
            Kernel::Resize(kind) => kernels::resize(*kind, source(0), output, rows),
            Kernel::Add(activate) => {
                kernels::add(kernels, [source(0), source(1)], activate, output, rows);
            }
            Kernel::Scale => kernels::scale(kernels, [source(0), source(1)], output, rows),
            Kernel::Place(first) => kernels::place(source(0), *first, output, rows),
            Kernel::Take(first) => kernels::take(source(0), *first, output, rows),
            Kernel::Activate(activate) => activate.run(kernels, source(0), output, rows),
            Kernel::Int8(_) => unreachable!("run with scratch"),
        }
    }
}

/// See [`LoweredStep::row_cost`]; what multiplies nothing counts as much as it writes.
fn row_cost(step: &Step, output: &Layout) -> usize {
    match step.work.weights() {
        0 => output.row(),
        weights => weights * output.width,
    }
}

fn layout(buffer: &Buffer, ring: usize, lanes: usize) -> Layout {
    let whole = Layout::whole(buffer.height, buffer.width, buffer.channels, lanes);
    match buffer.packing {
        Packing::Vectors => Layout { ring, ..whole },
        Packing::Int8 => Layout {
            pixel: buffer.channels,
            ring,
            ..whole
        },
        Packing::Tight { left, right } => Layout {
            pixel: buffer.channels,
            left,
            right,
            ring,
            ..whole
        },
    }
}

fn kernel(step: &Step, layouts: &[Layout], kernels: &'static Kernels) -> Kernel {
    let output = layouts[step.output];
    let source = |number: usize| match step.sources.get(number) {
        Some(Source::Buffer(buffer)) => Some(layouts[*buffer]),
        _ => None,
    };
    let both = || {
        [
            source(0).expect("no step but an import reads the caller's values"),
            output,
        ]
    };
    match step.work {
        Work::Import(order) => Kernel::Import(order),
        Work::Repack => Kernel::Repack,
        Work::Dense(Filter {
            window,
            weights,
            bias,
            activation,
        }) => {
            let parts = DenseParts {
                window,
                weights,
                bias,
                activation,
            };
            let [input, output] = both();
            Kernel::Dense(Box::new(Dense::new(
                kernels,
                &parts,
                input,
                output,
                source(1),
            )))
        }
        Work::Depthwise(Filter {
            window,
            weights,
            bias,
            activation,
        }) => Kernel::Windowed(Box::new(Windowed::depthwise(
            kernels,
            &window,
            [weights, bias],
            activation,
            both(),
        ))),
        Work::Pool(kind, window) => {
            Kernel::Windowed(Box::new(Windowed::pool(kernels, &window, kind, both())))
        }
        Work::GlobalAverage => Kernel::GlobalAverage,
        Work::Resize(kind) => Kernel::Resize(kind),
        Work::Add(activation) => Kernel::Add(Activate::new(activation, kernels.lanes)),
        Work::Scale => Kernel::Scale,
        Work::Place(first) => Kernel::Place(first),
        Work::Take(first) => Kernel::Take(first),
        Work::Activate(activation) => Kernel::Activate(Activate::new(activation, kernels.lanes)),
        Work::Int8(_) => unreachable!("lowered on its own"),
    }
}
