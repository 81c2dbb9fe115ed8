//! A plan for one machine: kernels with packed weights, places in one arena, portions of rows.

use super::arena::{self, Tenant};
use super::bands::{Group, Portion, Schedule};
use super::buffer::{Buffer, Packing};
use super::bytes::ByteStep;
use super::groups;
use super::steps::{Filter, Source, Step, Steps, Unsupported, Work};
use super::{Order, Plan, PlanOutput, ResizeKind};
use crate::kernels::bytes::Scratch;
use crate::kernels::{self, Activate, Dense, DenseParts, Kernels, Layout, Rows, RowsMut, Windowed};
use crate::{MAX_TENSOR_VALUES, Threads};
use std::ops::Range;

/// Multiply-adds that are worth a thread of their own: some microseconds, a few times what handing them over takes.
const PIECE: usize = 128 * 1024;

/// Where a buffer lies.
#[derive(Clone, Debug)]
struct Home {
    layout: Layout,
    place: Range<usize>,
}

/// The kernels of a step.
enum Machine {
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
    Bytes(Box<ByteStep>),
}

struct Engine {
    machine: Machine,
    sources: Vec<Source>,
    output: usize,
    /// About how many multiply-adds a row of the output takes.
    row_cost: usize,
}

/// A plan lowered to the kernels of a machine.
pub(super) struct Program {
    kernels: &'static Kernels,
    /// How the caller's values lie, seen as rows; planes are told apart by the import.
    caller: Layout,
    homes: Vec<Home>,
    engines: Vec<Engine>,
    portions: Vec<Portion>,
    pub(super) outputs: Vec<PlanOutput>,
    /// Values of the arena.
    pub(super) arena: usize,
    /// Multiply-adds that are worth a thread of their own.
    pub(super) piece: usize,
    /// What byte kernels need besides; a thread works in its own copy.
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
        let tenants: Vec<Tenant> = layouts
            .iter()
            .zip(&schedule.lives)
            .map(|(layout, life)| Tenant {
                len: layout.len(),
                life: life.clone(),
            })
            .collect();
        let (places, arena) = arena::place(&tenants);
        if arena > MAX_TENSOR_VALUES {
            return Err(Unsupported("activations so large with their padding"));
        }
        let mut scratch = Scratch::default();
        let engines = steps
            .steps
            .iter()
            .map(|step| match step.work {
                Work::Bytes(operation) => {
                    let step = ByteStep::new(plan, operation, kernels, &layouts, &mut scratch);
                    Machine::Bytes(Box::new(step))
                }
                _ => machine(step, &layouts, kernels),
            })
            .zip(&steps.steps)
            .map(|(machine, step)| Engine {
                machine,
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
            homes: layouts
                .into_iter()
                .zip(places)
                .map(|(layout, place)| Home { layout, place })
                .collect(),
            engines,
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
            let engine = &self.engines[portion.step];
            let home = &self.homes[engine.output];
            // The arena around the output is read, so a step can never read what it writes.
            let (before, rest) = arena.split_at_mut(home.place.start);
            let (output, after) = rest.split_at_mut(home.place.len());
            let around = Around {
                program: self,
                caller,
                before,
                after,
                end: home.place.end,
            };
            let mut output = RowsMut::new(home.layout, output);
            let rows = portion.rows.clone();
            if let Machine::Bytes(step) = &engine.machine {
                let source = |number: usize| around.rows(engine.sources[number]);
                step.run(source, &mut output, rows, scratch);
            } else {
                let pieces = (rows.len() * engine.row_cost / self.piece).clamp(1, threads.count());
                around.share(engine, output, rows, pieces, threads);
            }
            watch(portion.step);
        }
    }

    /// How many steps there are.
    pub(super) fn steps(&self) -> usize {
        self.engines.len()
    }

    /// A tensor after a run.
    pub(super) fn tensor<'a>(&self, tensor: usize, arena: &'a [f32]) -> Rows<'a> {
        let home = &self.homes[tensor];
        Rows::new(home.layout, &arena[home.place.clone()])
    }
}

/// All memory but a step's output.
struct Around<'a> {
    program: &'a Program,
    caller: &'a [f32],
    before: &'a [f32],
    after: &'a [f32],
    /// Where `after` starts in the arena.
    end: usize,
}

impl Around<'_> {
    fn rows(&self, source: Source) -> Rows<'_> {
        let buffer = match source {
            Source::Caller => return Rows::new(self.program.caller, self.caller),
            Source::Buffer(buffer) => buffer,
        };
        let Home { layout, place } = &self.program.homes[buffer];
        let values = if place.end <= self.before.len() {
            &self.before[place.clone()]
        } else {
            &self.after[place.start - self.end..place.end - self.end]
        };
        Rows::new(*layout, values)
    }

    /// Computes rows in so many pieces.
    fn share(
        &self,
        engine: &Engine,
        mut output: RowsMut,
        rows: Range<usize>,
        pieces: usize,
        threads: &Threads,
    ) {
        if pieces == 1 || rows.len() == 1 {
            return self.run(engine, &mut output, rows);
        }
        let wrap = output.layout().wrap(rows.start);
        if wrap < rows.end {
            // The later rows lie before the others.
            let [later, sooner] = output.split(rows.start);
            self.share(engine, sooner, rows.start..wrap, pieces, threads);
            return self.share(engine, later, wrap..rows.end, pieces, threads);
        }
        let half = pieces / 2;
        let middle = rows.start + (rows.len() * half / pieces).max(1);
        let [sooner, later] = output.split(middle);
        threads.join(
            || self.share(engine, sooner, rows.start..middle, half, threads),
            || self.share(engine, later, middle..rows.end, pieces - half, threads),
        );
    }

    fn run(&self, engine: &Engine, output: &mut RowsMut, rows: Range<usize>) {
        let kernels = self.program.kernels;
        let source = |number: usize| self.rows(engine.sources[number]);
        match &engine.machine {
            Machine::Import(Order::Planes) => kernels::interleave(self.caller, output, rows),
            Machine::Import(_) | Machine::Repack => kernels::repack(source(0), output, rows),
            Machine::Dense(dense) => {
                let residual = engine.sources.get(1).map(|&residual| self.rows(residual));
                dense.run(source(0), residual, output, rows);
            }
            Machine::Windowed(windowed) => windowed.run(source(0), output, rows),
            Machine::GlobalAverage => kernels::global_average(kernels, source(0), output),
            Machine::Resize(kind) => kernels::resize(*kind, source(0), output, rows),
            Machine::Add(activate) => {
                kernels::add(kernels, [source(0), source(1)], activate, output, rows);
            }
            Machine::Scale => kernels::scale(kernels, [source(0), source(1)], output, rows),
            Machine::Place(first) => kernels::place(source(0), *first, output, rows),
            Machine::Take(first) => kernels::take(source(0), *first, output, rows),
            Machine::Activate(activate) => activate.run(kernels, source(0), output, rows),
            Machine::Bytes(_) => unreachable!("run with scratch"),
        }
    }
}

/// See [`Engine::row_cost`]; what multiplies nothing counts as much as it writes.
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
        Packing::Bytes => Layout {
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

fn machine(step: &Step, layouts: &[Layout], kernels: &'static Kernels) -> Machine {
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
        Work::Import(order) => Machine::Import(order),
        Work::Repack => Machine::Repack,
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
            Machine::Dense(Box::new(Dense::new(
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
        }) => Machine::Windowed(Box::new(Windowed::depthwise(
            kernels,
            &window,
            [weights, bias],
            activation,
            both(),
        ))),
        Work::Pool(kind, window) => {
            Machine::Windowed(Box::new(Windowed::pool(kernels, &window, kind, both())))
        }
        Work::GlobalAverage => Machine::GlobalAverage,
        Work::Resize(kind) => Machine::Resize(kind),
        Work::Add(activation) => Machine::Add(Activate::new(activation, kernels.lanes)),
        Work::Scale => Machine::Scale,
        Work::Place(first) => Machine::Place(first),
        Work::Take(first) => Machine::Take(first),
        Work::Activate(activation) => Machine::Activate(Activate::new(activation, kernels.lanes)),
        Work::Bytes(_) => unreachable!("lowered on its own"),
    }
}
