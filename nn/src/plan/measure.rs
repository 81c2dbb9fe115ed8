//! What a plan costs.

use super::{ConvolutionKind, Extent, Operation, Plan, TensorId, Weights};

impl Operation {
    /// The tensor that it writes.
    #[must_use]
    pub const fn output(&self) -> TensorId {
        match self {
            Self::Convolution(o) => o.output,
            Self::Pool(o) => o.output,
            Self::Resize(o) => o.output,
            Self::Add(o) => o.output,
            Self::Scale(o) => o.output,
            Self::GlobalAverage { output, .. }
            | Self::Concat { output, .. }
            | Self::Take { output, .. }
            | Self::Activate { output, .. }
            | Self::Convert { output, .. } => *output,
        }
    }

    /// The tensors that it reads.
    pub fn inputs(&self) -> impl Iterator<Item = TensorId> + '_ {
        let (first, second, more): (_, _, &[TensorId]) = match self {
            Self::Convolution(o) => (Some(o.input), o.residual, &[]),
            Self::Pool(o) => (Some(o.input), None, &[]),
            Self::Resize(o) => (Some(o.input), None, &[]),
            Self::Add(o) => (Some(o.left), Some(o.right), &[]),
            Self::Scale(o) => (Some(o.input), Some(o.by), &[]),
            Self::GlobalAverage { input, .. }
            | Self::Take { input, .. }
            | Self::Activate { input, .. }
            | Self::Convert { input, .. } => (Some(*input), None, &[]),
            Self::Concat { inputs, .. } => (None, None, inputs),
        };
        first.into_iter().chain(second).chain(more.iter().copied())
    }

    /// The tensor that it writes, to change.
    pub(crate) const fn output_mut(&mut self) -> &mut TensorId {
        match self {
            Self::Convolution(o) => &mut o.output,
            Self::Pool(o) => &mut o.output,
            Self::Resize(o) => &mut o.output,
            Self::Add(o) => &mut o.output,
            Self::Scale(o) => &mut o.output,
            Self::GlobalAverage { output, .. }
            | Self::Concat { output, .. }
            | Self::Take { output, .. }
            | Self::Activate { output, .. }
            | Self::Convert { output, .. } => output,
        }
    }

    /// Changes the tensors that it reads, in the order of [`Self::inputs`].
    pub(crate) fn each_input(&mut self, mut change: impl FnMut(&mut TensorId)) {
        match self {
            Self::Convolution(o) => {
                change(&mut o.input);
                o.residual.iter_mut().for_each(change);
            }
            Self::Pool(o) => change(&mut o.input),
            Self::Resize(o) => change(&mut o.input),
            Self::Add(o) => {
                change(&mut o.left);
                change(&mut o.right);
            }
            Self::Scale(o) => {
                change(&mut o.input);
                change(&mut o.by);
            }
            Self::GlobalAverage { input, .. }
            | Self::Take { input, .. }
            | Self::Activate { input, .. }
            | Self::Convert { input, .. } => change(input),
            Self::Concat { inputs, .. } => inputs.iter_mut().for_each(change),
        }
    }

    /// Visits to input values for one value of the output: the window's area, times the input's
    /// channels where those meet.
    fn reach(&self, tensors: &[Extent]) -> u64 {
        let extent = |id: TensorId| tensors.get(id.0 as usize);
        let area = |[rows, pixels]: [u32; 2]| u64::from(rows).saturating_mul(u64::from(pixels));
        match self {
            Self::Convolution(o) => {
                let channels = match o.kind {
                    ConvolutionKind::Dense => extent(o.input).map_or(0, |e| e.channels),
                    ConvolutionKind::Depthwise => 1,
                };
                area(o.window.size).saturating_mul(u64::from(channels))
            }
            Self::Pool(o) => area(o.window.size),
            Self::GlobalAverage { input, .. } => {
                extent(*input).map_or(0, |e| area([e.height, e.width]))
            }
            _ => 1,
        }
    }

    /// Its work: for each value written, the values visited. See [`Plan::work`].
    pub(super) fn work(&self, tensors: &[Extent]) -> u64 {
        let written = tensors.get(self.output().0 as usize);
        written.map_or(0, |e| e.values().saturating_mul(self.reach(tensors)))
    }
}

impl Weights {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Float(values) => values.len(),
            Self::Quantised { values, .. } => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Plan {
    /// Multiplications and additions of one operation of a run.
    pub(crate) fn operation_multiply_adds(&self, operation: usize) -> u64 {
        self.operations[operation].work(&self.tensors)
    }

    /// Multiplications and additions of the convolutions of one run.
    #[must_use]
    pub fn multiply_adds(&self) -> u64 {
        let convolutions = self
            .operations
            .iter()
            .filter(|operation| matches!(operation, Operation::Convolution(_)));
        convolutions.map(|o| o.work(&self.tensors)).sum()
    }

    /// Values visited by all operations of one run; an upper bound of the time it takes.
    #[must_use]
    pub fn work(&self) -> u64 {
        let work = self.operations.iter().map(|o| o.work(&self.tensors));
        work.fold(0, u64::saturating_add)
    }

    /// Weights and biases.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let convolutions = self
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::Convolution(o) => Some(o),
                _ => None,
            });
        convolutions.map(|o| o.weights.len() + o.bias.len()).sum()
    }

    /// Most activation values that are needed at the same time: no executor can do with fewer,
    /// unless it writes an output over an input that is read for the last time.
    #[must_use]
    pub fn live_values(&self) -> u64 {
        let values = |id: usize| self.tensors.get(id).map_or(0, |extent| extent.values());
        let mut last = vec![0; self.tensors.len()];
        for (step, operation) in self.operations.iter().enumerate() {
            for id in operation.inputs() {
                if let Some(last) = last.get_mut(id.0 as usize) {
                    *last = step;
                }
            }
        }
        for part in self.outputs.iter().flat_map(|output| &output.parts) {
            if let Some(last) = last.get_mut(part.0 as usize) {
                *last = self.operations.len();
            }
        }
        let mut ends = vec![Vec::new(); self.operations.len() + 1];
        for (id, &step) in last.iter().enumerate() {
            ends[step].push(id);
        }
        let (mut live, mut most) = (values(0), values(0));
        for (operation, ends) in self.operations.iter().zip(ends) {
            live = live.saturating_add(values(operation.output().0 as usize));
            most = most.max(live);
            for id in ends {
                live = live.saturating_sub(values(id));
            }
        }
        most
    }
}
