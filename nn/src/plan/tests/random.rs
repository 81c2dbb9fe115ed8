//! Small plans with every operation in them, from a number.

use crate::plan::{
    Activation, Add, Convolution, ConvolutionKind, Extent, Operation, Order, Plan, PlanOutput,
    Pool, PoolKind, Resize, ResizeKind, Scale, TensorId, Weights, Window,
};
use std::collections::BTreeMap;

/// SplitMix64.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `end`, exclusive.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// From -1 to 1.
    fn value(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    pub(crate) fn values(&mut self, count: usize, scale: f32) -> Vec<f32> {
        (0..count).map(|_| self.value() * scale).collect()
    }
}

pub(crate) fn input(dice: &mut Dice, plan: &Plan) -> Vec<f32> {
    let extent = plan.tensors[0];
    dice.values(
        (extent.height * extent.width * extent.channels) as usize,
        2.0,
    )
}

/// A plan of a few operations.
pub(crate) fn plan(dice: &mut Dice) -> Plan {
    let sides = [1, 2, 5, 8, 13];
    let input = Extent {
        height: sides[dice.below(5)],
        // Now and then wide enough for windows that no border is near.
        width: [1, 2, 5, 8, 13, 40][dice.below(6)] + dice.below(3) as u32,
        channels: [1, 3, 4, 7, 16][dice.below(5)],
    };
    let mut build = Build {
        tensors: vec![input],
        operations: Vec::new(),
    };
    for _ in 0..dice.below(7) + 1 {
        build.operation(dice);
    }
    // All that nothing reads, the last tensor among it, and perhaps one more.
    let read: Vec<TensorId> = build
        .operations
        .iter()
        .flat_map(|o| o.inputs().collect::<Vec<_>>())
        .collect();
    let mut ends: Vec<TensorId> = (0..build.tensors.len() as u32).map(TensorId).collect();
    ends.retain(|id| !read.contains(id) || dice.below(8) == 0);
    let mut outputs = Vec::new();
    while let Some(first) = ends.pop() {
        outputs.push(build.output(dice, first, &mut ends));
    }
    Plan {
        input_order: Order::Planes,
        tensors: build.tensors,
        quant_params: BTreeMap::new(),
        operations: build.operations,
        outputs,
    }
}

struct Build {
    tensors: Vec<Extent>,
    operations: Vec<Operation>,
}

impl Build {
    fn add(&mut self, extent: Extent) -> TensorId {
        self.tensors.push(extent);
        TensorId(self.tensors.len() as u32 - 1)
    }

    fn extent(&self, id: TensorId) -> Extent {
        self.tensors[id.0 as usize]
    }

    /// An output of one or two tensors.
    fn output(&self, dice: &mut Dice, first: TensorId, ends: &mut Vec<TensorId>) -> PlanOutput {
        let mut parts = vec![first];
        parts.extend(ends.pop_if(|_| dice.below(3) == 0));
        let channels = self.extent(first).channels;
        PlanOutput {
            order: match dice.below(3) {
                0 if parts.len() == 1 && channels.is_multiple_of(4) => Order::Blocks(2),
                1 => Order::Planes,
                _ => Order::Interleaved,
            },
            softmax: (parts.len() == 1 && dice.below(4) == 0).then_some(channels),
            parts,
        }
    }

    fn operation(&mut self, dice: &mut Dice) {
        // Mostly the newest tensor, now and then any.
        let newest = self.tensors.len() - 1;
        let any = dice.below(newest + 1);
        let input = TensorId(if dice.below(4) == 0 { any } else { newest } as u32);
        let extent = self.extent(input);
        match dice.below(13) {
            0..=3 => self.convolution(dice, input, ConvolutionKind::Dense),
            4..=6 => self.convolution(dice, input, ConvolutionKind::Depthwise),
            7 => {
                let window = window(dice, extent);
                let kinds = [
                    PoolKind::Max,
                    PoolKind::Average,
                    PoolKind::AverageWithBorder,
                ];
                let kind = kinds[dice.below(3)];
                let output = self.add(slid(&window, extent, extent.channels));
                self.operations.push(Operation::Pool(Pool {
                    input,
                    output,
                    kind,
                    window,
                }));
            }
            8 => {
                let output = self.add(Extent {
                    height: 1,
                    width: 1,
                    ..extent
                });
                self.operations
                    .push(Operation::GlobalAverage { input, output });
                let scaled = self.add(extent);
                self.operations.push(Operation::Scale(Scale {
                    input,
                    by: output,
                    output: scaled,
                }));
            }
            9 if extent.height * extent.width <= 100 => {
                let kinds = [
                    ResizeKind::Nearest,
                    ResizeKind::BilinearCentres,
                    ResizeKind::BilinearCorners,
                ];
                let kind = kinds[dice.below(3)];
                let [down, across] = [dice.below(3) as u32 + 1, dice.below(3) as u32 + 1];
                let output = self.add(Extent {
                    height: extent.height * down,
                    width: extent.width * across,
                    ..extent
                });
                self.operations.push(Operation::Resize(Resize {
                    input,
                    output,
                    kind,
                }));
            }
            10 => self.sum(dice, input),
            11 => {
                let channels = 1 + dice.below(extent.channels as usize) as u32;
                let first = dice.below((extent.channels - channels + 1) as usize) as u32;
                let output = self.add(Extent { channels, ..extent });
                self.operations.push(Operation::Take {
                    input,
                    output,
                    first,
                });
            }
            _ => self.concat_or_activate(dice, input),
        }
    }

    fn convolution(&mut self, dice: &mut Dice, input: TensorId, kind: ConvolutionKind) {
        let extent = self.extent(input);
        let whole = kind == ConvolutionKind::Dense && dice.below(5) == 0;
        let window = match dice.below(3) {
            _ if whole => Window {
                size: [extent.height, extent.width],
                stride: [1, 1],
                before: [0, 0],
            },
            0 if kind == ConvolutionKind::Dense => Window {
                size: [1, 1],
                stride: [1, 1],
                before: [0, 0],
            },
            _ => window(dice, extent),
        };
        let channels = match kind {
            ConvolutionKind::Dense => [1, 3, 8, 17, 40, 70][dice.below(6)],
            ConvolutionKind::Depthwise => extent.channels,
        };
        let size = slid(&window, extent, channels);
        let fits = |other: &Extent| {
            (other.height, other.width) == (size.height, size.width) && other.channels <= channels
        };
        let candidates: Vec<usize> = (0..self.tensors.len())
            .filter(|&i| fits(&self.tensors[i]))
            .collect();
        let residual =
            (kind == ConvolutionKind::Dense && !candidates.is_empty() && dice.below(2) == 0)
                .then(|| TensorId(candidates[dice.below(candidates.len())] as u32));
        let seen = match kind {
            ConvolutionKind::Dense => extent.channels,
            ConvolutionKind::Depthwise => 1,
        };
        let cells = window.size[0] * window.size[1] * seen;
        let weights = dice.values((cells * channels) as usize, 1.5 / (cells as f32).sqrt());
        let bias = dice.values(channels as usize, 0.5);
        let activation = activation(dice, channels);
        let output = self.add(size);
        self.operations.push(Operation::Convolution(Convolution {
            input,
            output,
            residual,
            kind,
            window,
            weights: Weights::Float(weights),
            bias,
            activation,
        }));
    }

    fn sum(&mut self, dice: &mut Dice, left: TensorId) {
        let right = TensorId(dice.below(self.tensors.len()) as u32);
        let (a, b) = (self.extent(left), self.extent(right));
        let size = Extent {
            height: a.height.max(b.height),
            width: a.width.max(b.width),
            channels: a.channels.max(b.channels),
        };
        let output = self.add(size);
        let activation = activation(dice, size.channels);
        self.operations.push(Operation::Add(Add {
            left,
            right,
            output,
            activation,
        }));
    }

    fn concat_or_activate(&mut self, dice: &mut Dice, input: TensorId) {
        let extent = self.extent(input);
        let fits = |other: &Extent| (other.height, other.width) == (extent.height, extent.width);
        let mut inputs: Vec<TensorId> = (0..self.tensors.len() as u32).map(TensorId).collect();
        inputs.retain(|&id| fits(&self.extent(id)));
        inputs.truncate(3);
        if inputs.len() > 1 {
            let channels = inputs.iter().map(|&id| self.extent(id).channels).sum();
            let output = self.add(Extent { channels, ..extent });
            self.operations.push(Operation::Concat { inputs, output });
        } else {
            let output = self.add(extent);
            let activation = activation(dice, extent.channels);
            self.operations.push(Operation::Activate {
                input,
                output,
                activation,
            });
        }
    }
}

fn window(dice: &mut Dice, extent: Extent) -> Window {
    let mut side = |length: u32| -> [u32; 3] {
        let size = [1, 2, 3, 3, 5, 7][dice.below(6)];
        let before = dice.below(size as usize) as u32;
        // At least one window fits, zeros included.
        let size = size.min(length + before);
        [size, dice.below(3) as u32 + 1, before.min(size - 1)]
    };
    let (rows, columns) = (side(extent.height), side(extent.width));
    Window {
        size: [rows[0], columns[0]],
        stride: [rows[1], columns[1]],
        before: [rows[2], columns[2]],
    }
}

/// As many windows as start in the picture or its upper and left border, the last perhaps leaving it.
fn slid(window: &Window, extent: Extent, channels: u32) -> Extent {
    let count = |axis: usize, length: u32| {
        if window.size[axis] == length && window.before[axis] == 0 && window.stride[axis] == 1 {
            return 1;
        }
        (length + window.before[axis] - 1) / window.stride[axis] + 1
    };
    Extent {
        height: count(0, extent.height),
        width: count(1, extent.width),
        channels,
    }
}

fn activation(dice: &mut Dice, channels: u32) -> Activation {
    match dice.below(8) {
        0 => Activation::Relu,
        1 => Activation::Clip {
            low: 0.0,
            high: 0.7,
        },
        2 => Activation::Clip {
            low: 0.25,
            high: 0.5,
        },
        3 => Activation::Prelu(dice.values(channels as usize, 2.0)),
        4 => Activation::Sigmoid,
        5 => Activation::Swish,
        _ => Activation::None,
    }
}
