//! From a plan of f32 to one of bytes.

use super::observe::Observed;
use super::{range, weights};
use crate::kernels::bytes::{LANES, MOST_BYTE_CELLS, MOST_BYTE_ROWS, bias_steps};
use crate::plan::{
    Activation, Convolution, ConvolutionKind, Extent, Grid, MAX_PRODUCTS, Operation, Plan,
    PlanOutput, PoolKind, ResizeKind, TensorId, Weights,
};
use std::collections::{BTreeMap, BTreeSet};

/// The plan with every convolution in bytes that has a form for it and is not in `float`, and with
/// pools, sums and copies between them in bytes too.
pub(super) fn rewrite(plan: &Plan, observed: &Observed, float: &BTreeSet<usize>) -> Plan {
    let mut rewrite = Rewrite {
        plan,
        observed,
        convolutions: BTreeMap::new(),
        in_bytes: vec![false; plan.operations.len()],
        born: vec![false; plan.tensors.len()],
        grids: Vec::new(),
    };
    rewrite.convert_convolutions(float);
    rewrite.choose();
    rewrite.share_grids();
    Emit::new(&rewrite).run()
}

struct Rewrite<'a> {
    plan: &'a Plan,
    observed: &'a Observed,
    /// Those in bytes.
    convolutions: BTreeMap<usize, (Weights, Vec<f32>)>,
    /// Whether each operation runs on bytes.
    in_bytes: Vec<bool>,
    /// Whether each tensor is written in bytes by the operation that makes it.
    born: Vec<bool>,
    /// Each tensor's grid, where it has one.
    grids: Vec<Option<Grid>>,
}

impl Rewrite<'_> {
    fn extent(&self, id: TensorId) -> Extent {
        self.plan.tensors[id.0 as usize]
    }

    fn own_grid(&self, id: TensorId) -> Option<Grid> {
        let tensor = &self.observed.tensors[id.0 as usize];
        // A picture's pixels are bytes already: their range is theirs to the end.
        let (low, high) = if id.0 == 0 {
            (tensor.low, tensor.high)
        } else {
            range::best(tensor)
        };
        Grid::spanning(low, high)
    }

    fn convert_convolutions(&mut self, float: &BTreeSet<usize>) {
        let tensors = 0..self.plan.tensors.len() as u32;
        self.grids = tensors.map(|id| self.own_grid(TensorId(id))).collect();
        for (number, operation) in self.plan.operations.iter().enumerate() {
            let Operation::Convolution(convolution) = operation else {
                continue;
            };
            if float.contains(&number) || !self.has_a_form(convolution) {
                continue;
            }
            let Weights::Float(values) = &convolution.weights else {
                continue;
            };
            let input = &self.observed.tensors[convolution.input.0 as usize];
            let to = self.extent(convolution.output).channels as usize;
            let (weights, bias) = weights::quantise(convolution, values, input, to);
            if self.fits(convolution, &weights, &bias) {
                self.convolutions.insert(number, (weights, bias));
                self.in_bytes[number] = true;
            }
        }
    }

    fn has_a_form(&self, convolution: &Convolution) -> bool {
        let (from, to) = (
            self.extent(convolution.input),
            self.extent(convolution.output),
        );
        let [rows, columns] = convolution.window.size.map(u64::from);
        let shape = match convolution.kind {
            ConvolutionKind::Dense => {
                let products = rows * columns * u64::from(from.channels);
                rows <= MOST_BYTE_ROWS as u64 && products <= MAX_PRODUCTS
            }
            ConvolutionKind::Depthwise => {
                rows * columns <= MOST_BYTE_CELLS as u64
                    && from.channels > 4
                    && convolution.residual.is_none()
            }
        };
        let residual = convolution.residual.is_none_or(|id| {
            let channels = self.extent(id).channels;
            let whole = channels.is_multiple_of(LANES as u32);
            let smooth = matches!(
                convolution.activation,
                Activation::Sigmoid | Activation::Swish
            );
            channels > 4 && (channels == to.channels || whole) && !smooth && self.has_grid(id)
        });
        // A convolution with a residual writes bytes.
        let output = convolution.residual.is_none() || self.has_grid(convolution.output);
        shape && residual && output && self.has_grid(convolution.input)
    }

    fn has_grid(&self, id: TensorId) -> bool {
        self.grids[id.0 as usize].is_some()
    }

    fn fits(&self, convolution: &Convolution, weights: &Weights, bias: &[f32]) -> bool {
        let Weights::Quantised { scales, .. } = weights else {
            return false;
        };
        let Some(grid) = self.grids[convolution.input.0 as usize] else {
            return false;
        };
        // Grids that are shared later only get coarser, and steps fewer.
        let steps = |(&bias, &scale): (&f32, &f32)| bias_steps(bias, grid.scale, scale).abs();
        bias.iter()
            .zip(scales)
            .map(steps)
            .all(|steps| steps < f64::from(1 << 29))
    }

    /// Decides which tensors are born in bytes: those that a convolution in bytes will read, whether
    /// at once or through copies.
    fn choose(&mut self) {
        let mut liked = vec![false; self.plan.tensors.len()];
        for (number, operation) in self.plan.operations.iter().enumerate().rev() {
            let output = operation.output().0 as usize;
            let likes = match operation {
                Operation::Convolution(_) => self.in_bytes[number],
                _ => self.moves(operation) && liked[output],
            };
            if likes {
                for id in operation.inputs() {
                    liked[id.0 as usize] = true;
                }
            }
        }
        for (number, operation) in self.plan.operations.iter().enumerate() {
            let output = operation.output();
            let place = output.0 as usize;
            let born = match operation {
                Operation::Convolution(convolution) => {
                    let smooth = matches!(
                        convolution.activation,
                        Activation::Sigmoid | Activation::Swish
                    );
                    let wanted = liked[place] && self.extent(output).channels > 4;
                    let plain = wanted && !smooth && self.has_grid(output);
                    self.in_bytes[number] && (convolution.residual.is_some() || plain)
                }
                _ => {
                    let inputs = operation.inputs().all(|id| self.born[id.0 as usize]);
                    self.in_bytes[number] =
                        inputs && liked[place] && self.moves(operation) && self.has_grid(output);
                    self.in_bytes[number]
                }
            };
            self.born[place] = born;
        }
    }

    /// Whether an operation without weights has a form in bytes.
    fn moves(&self, operation: &Operation) -> bool {
        match operation {
            Operation::Pool(pool) => {
                let [rows, columns] = pool.window.size;
                pool.kind == PoolKind::Max || rows * columns <= 256
            }
            Operation::Resize(resize) => resize.kind == ResizeKind::Nearest,
            Operation::Concat { .. } => true,
            Operation::Add(add) => {
                self.extent(add.left) == self.extent(add.right)
                    && matches!(
                        add.activation,
                        Activation::None | Activation::Relu | Activation::Clip { .. }
                    )
            }
            _ => false,
        }
    }

    /// What is copied keeps its grid: the largest of all that meet.
    fn share_grids(&mut self) {
        let ends = |grid: Grid| (grid.value(0), grid.value(255));
        // Chains of copies settle after as many rounds as they are long.
        loop {
            let mut changed = false;
            for (number, operation) in self.plan.operations.iter().enumerate() {
                let copies = match operation {
                    Operation::Pool(pool) => pool.kind == PoolKind::Max,
                    Operation::Resize(_) | Operation::Concat { .. } => true,
                    _ => false,
                };
                if !copies || !self.in_bytes[number] {
                    continue;
                }
                let together: Vec<usize> = operation
                    .inputs()
                    .chain([operation.output()])
                    .map(|id| id.0 as usize)
                    .collect();
                let grids = || together.iter().filter_map(|&id| self.grids[id]);
                let low = grids().map(|grid| ends(grid).0).fold(0.0, f32::min);
                let high = grids().map(|grid| ends(grid).1).fold(0.0, f32::max);
                let same = grids().all(|grid| Some(grid) == grids().next());
                if same {
                    continue;
                }
                // Of one of them where it holds the others, so that rounds come to an end.
                let holding = grids().find(|&grid| ends(grid) == (low, high));
                let shared = holding.or_else(|| Grid::spanning(low, high));
                for id in together {
                    self.grids[id] = shared;
                }
                changed = true;
            }
            if !changed {
                return;
            }
        }
    }
}

/// The new plan while it is written.
struct Emit<'a> {
    from: &'a Rewrite<'a>,
    tensors: Vec<Extent>,
    grids: BTreeMap<TensorId, Grid>,
    operations: Vec<Operation>,
    /// Where each old tensor is as f32 and as bytes.
    places: Vec<[Option<TensorId>; 2]>,
}

impl<'a> Emit<'a> {
    fn new(from: &'a Rewrite<'a>) -> Self {
        let mut places = vec![[None; 2]; from.plan.tensors.len()];
        places[0][0] = Some(TensorId(0));
        Self {
            from,
            tensors: vec![from.plan.tensors[0]],
            grids: BTreeMap::new(),
            operations: Vec::new(),
            places,
        }
    }

    fn run(mut self) -> Plan {
        for (number, operation) in self.from.plan.operations.iter().enumerate() {
            let bytes = self.from.in_bytes[number];
            let mut new = operation.clone();
            new.each_input(|id| *id = self.read(*id, bytes));
            if let (Operation::Convolution(convolution), Some((weights, bias))) =
                (&mut new, self.from.convolutions.get(&number))
            {
                convolution.weights = weights.clone();
                convolution.bias.clone_from(bias);
            }
            let old = operation.output();
            let born = self.from.born[old.0 as usize];
            *new.output_mut() = self.tensor(old, born);
            self.operations.push(new);
        }
        let outputs = self.from.plan.outputs.iter();
        let outputs = outputs
            .map(|output| PlanOutput {
                parts: output
                    .parts
                    .iter()
                    .map(|&id| self.read(id, false))
                    .collect(),
                ..output.clone()
            })
            .collect();
        Plan {
            input_order: self.from.plan.input_order,
            tensors: self.tensors,
            grids: self.grids,
            operations: self.operations,
            outputs,
        }
    }

    /// A new tensor that stands for an old one.
    fn tensor(&mut self, old: TensorId, bytes: bool) -> TensorId {
        let id = TensorId(self.tensors.len() as u32);
        self.tensors.push(self.from.extent(old));
        if bytes {
            let grid = self.from.grids[old.0 as usize].expect("chosen for having one");
            self.grids.insert(id, grid);
        }
        self.places[old.0 as usize][usize::from(bytes)] = Some(id);
        id
    }

    /// Where an old tensor can be read, converted where need be.
    fn read(&mut self, old: TensorId, bytes: bool) -> TensorId {
        let places = self.places[old.0 as usize];
        if let Some(id) = places[usize::from(bytes)] {
            return id;
        }
        let input = places[usize::from(!bytes)].expect("written before it is read");
        let output = self.tensor(old, bytes);
        self.operations.push(Operation::Convert { input, output });
        output
    }
}
