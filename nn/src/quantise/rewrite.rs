//! From an f32 plan to one with int8 tensors.

use super::observe::Observed;
use super::{range, weights};
use crate::kernels::int8::{LANES, MAX_INT8_CELLS, MAX_INT8_ROWS, bias_steps};
use crate::plan::{
    Activation, Convolution, ConvolutionKind, Extent, MAX_PRODUCTS, Operation, Plan, PlanOutput,
    PoolKind, QuantParams, ResizeKind, TensorId, Weights,
};
use std::collections::{BTreeMap, BTreeSet};

/// The plan with every convolution in int8 that has such a form and is not in `float`, and with
/// pools, sums and copies between them in int8 too.
pub(super) fn rewrite(plan: &Plan, observed: &Observed, float: &BTreeSet<usize>) -> Plan {
    let mut rewrite = Rewrite {
        plan,
        observed,
        convolutions: BTreeMap::new(),
        is_int8: vec![false; plan.operations.len()],
        written_int8: vec![false; plan.tensors.len()],
        params: Vec::new(),
    };
    rewrite.convert_convolutions(float);
    rewrite.choose();
    rewrite.share_params();
    Emit::new(&rewrite).run()
}

struct Rewrite<'a> {
    plan: &'a Plan,
    observed: &'a Observed,
    /// Quantised weights and biases, by operation.
    convolutions: BTreeMap<usize, (Weights, Vec<f32>)>,
    /// Whether each operation runs in int8.
    is_int8: Vec<bool>,
    /// Whether each tensor is written in int8 by its own operation, without a conversion.
    written_int8: Vec<bool>,
    /// Each tensor's parameters; `None` where its range allows none.
    params: Vec<Option<QuantParams>>,
}

impl Rewrite<'_> {
    fn extent(&self, id: TensorId) -> Extent {
        self.plan.tensors[id.0 as usize]
    }

    fn own_params(&self, id: TensorId) -> Option<QuantParams> {
        let tensor = &self.observed.tensors[id.0 as usize];
        // A picture's pixels are bytes already: their range is theirs to the end.
        let (low, high) = if id.0 == 0 {
            (tensor.low, tensor.high)
        } else {
            range::best(tensor)
        };
        QuantParams::for_range(low, high)
    }

    fn convert_convolutions(&mut self, float: &BTreeSet<usize>) {
        let tensors = 0..self.plan.tensors.len() as u32;
        self.params = tensors.map(|id| self.own_params(TensorId(id))).collect();
        for (number, operation) in self.plan.operations.iter().enumerate() {
            let Operation::Convolution(convolution) = operation else {
                continue;
            };
            if float.contains(&number) || !self.has_int8_form(convolution) {
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
                self.is_int8[number] = true;
            }
        }
    }

    fn has_int8_form(&self, convolution: &Convolution) -> bool {
        let (from, to) = (
            self.extent(convolution.input),
            self.extent(convolution.output),
        );
        let [rows, columns] = convolution.window.size.map(u64::from);
        let shape = match convolution.kind {
            ConvolutionKind::Dense => {
                let products = rows * columns * u64::from(from.channels);
                rows <= MAX_INT8_ROWS as u64 && products <= MAX_PRODUCTS
            }
            ConvolutionKind::Depthwise => {
                rows * columns <= MAX_INT8_CELLS as u64
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
            channels > 4 && (channels == to.channels || whole) && !smooth && self.has_params(id)
        });
        // An int8 convolution with a residual writes int8.
        let output = convolution.residual.is_none() || self.has_params(convolution.output);
        shape && residual && output && self.has_params(convolution.input)
    }

    fn has_params(&self, id: TensorId) -> bool {
        self.params[id.0 as usize].is_some()
    }

    fn fits(&self, convolution: &Convolution, weights: &Weights, bias: &[f32]) -> bool {
        let Weights::Quantised { scales, .. } = weights else {
            return false;
        };
        let Some(params) = self.params[convolution.input.0 as usize] else {
            return false;
        };
        // Parameters that are shared later only get coarser, and steps fewer.
        let steps = |(&bias, &scale): (&f32, &f32)| bias_steps(bias, params.scale, scale).abs();
        bias.iter()
            .zip(scales)
            .map(steps)
            .all(|steps| steps < f64::from(1 << 29))
    }

    /// Decides which tensors are written in int8: those that an int8 convolution will read, directly or through
    /// copies.
    fn choose(&mut self) {
        let mut wanted = vec![false; self.plan.tensors.len()];
        for (number, operation) in self.plan.operations.iter().enumerate().rev() {
            let output = operation.output().0 as usize;
            let wants = match operation {
                Operation::Convolution(_) => self.is_int8[number],
                _ => self.moves(operation) && wanted[output],
            };
            if wants {
                for id in operation.inputs() {
                    wanted[id.0 as usize] = true;
                }
            }
        }
        for (number, operation) in self.plan.operations.iter().enumerate() {
            let output = operation.output();
            let place = output.0 as usize;
            let int8 = match operation {
                Operation::Convolution(convolution) => {
                    let smooth = matches!(
                        convolution.activation,
                        Activation::Sigmoid | Activation::Swish
                    );
                    let is_wanted = wanted[place] && self.extent(output).channels > 4;
                    let plain = is_wanted && !smooth && self.has_params(output);
                    self.is_int8[number] && (convolution.residual.is_some() || plain)
                }
                _ => {
                    let inputs = operation
                        .inputs()
                        .all(|id| self.written_int8[id.0 as usize]);
                    self.is_int8[number] =
                        inputs && wanted[place] && self.moves(operation) && self.has_params(output);
                    self.is_int8[number]
                }
            };
            self.written_int8[place] = int8;
        }
    }

    /// Whether an operation without weights has an int8 form.
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

    /// Copies keep their parameters: those with the largest range of all tensors that a copy joins.
    fn share_params(&mut self) {
        let ends = |params: QuantParams| (params.dequantise(0), params.dequantise(255));
        // Chains of copies settle after as many rounds as they are long.
        loop {
            let mut changed = false;
            for (number, operation) in self.plan.operations.iter().enumerate() {
                let copies = match operation {
                    Operation::Pool(pool) => pool.kind == PoolKind::Max,
                    Operation::Resize(_) | Operation::Concat { .. } => true,
                    _ => false,
                };
                if !copies || !self.is_int8[number] {
                    continue;
                }
                let together: Vec<usize> = operation
                    .inputs()
                    .chain([operation.output()])
                    .map(|id| id.0 as usize)
                    .collect();
                let params = || together.iter().filter_map(|&id| self.params[id]);
                let low = params().map(|params| ends(params).0).fold(0.0, f32::min);
                let high = params().map(|params| ends(params).1).fold(0.0, f32::max);
                let first = params().next();
                let same = params().all(|params| Some(params) == first);
                if same {
                    continue;
                }
                // Those of one of them where they hold the others, so that the rounds come to an end.
                let holding = params().find(|&params| ends(params) == (low, high));
                let shared = holding.or_else(|| QuantParams::for_range(low, high));
                for id in together {
                    self.params[id] = shared;
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
    quant_params: BTreeMap<TensorId, QuantParams>,
    operations: Vec<Operation>,
    /// The new tensors that hold each old one, as f32 and as int8.
    places: Vec<[Option<TensorId>; 2]>,
}

impl<'a> Emit<'a> {
    fn new(from: &'a Rewrite<'a>) -> Self {
        let mut places = vec![[None; 2]; from.plan.tensors.len()];
        places[0][0] = Some(TensorId(0));
        Self {
            from,
            tensors: vec![from.plan.tensors[0]],
            quant_params: BTreeMap::new(),
            operations: Vec::new(),
            places,
        }
    }

    fn run(mut self) -> Plan {
        for (number, operation) in self.from.plan.operations.iter().enumerate() {
            let int8 = self.from.is_int8[number];
            let mut new = operation.clone();
            new.each_input(|id| *id = self.read(*id, int8));
            if let (Operation::Convolution(convolution), Some((weights, bias))) =
                (&mut new, self.from.convolutions.get(&number))
            {
                convolution.weights = weights.clone();
                convolution.bias.clone_from(bias);
            }
            let old = operation.output();
            let int8 = self.from.written_int8[old.0 as usize];
            *new.output_mut() = self.tensor(old, int8);
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
            quant_params: self.quant_params,
            operations: self.operations,
            outputs,
        }
    }

    /// A new tensor that stands for an old one.
    fn tensor(&mut self, old: TensorId, int8: bool) -> TensorId {
        let id = TensorId(self.tensors.len() as u32);
        self.tensors.push(self.from.extent(old));
        if int8 {
            let params =
                self.from.params[old.0 as usize].expect("only tensors with parameters are chosen");
            self.quant_params.insert(id, params);
        }
        self.places[old.0 as usize][usize::from(int8)] = Some(id);
        id
    }

    /// The new tensor that holds an old one in this representation, converted if there is none yet.
    fn read(&mut self, old: TensorId, int8: bool) -> TensorId {
        let places = self.places[old.0 as usize];
        if let Some(id) = places[usize::from(int8)] {
            return id;
        }
        let input = places[usize::from(!int8)].expect("written before it is read");
        let output = self.tensor(old, int8);
        self.operations.push(Operation::Convert { input, output });
        output
    }
}
