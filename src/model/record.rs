//! What the networks of a pack are run on, kept for quantising them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use vultus_nn::{NetworkError, Runner, TensorView};

/// Keeps the inputs of chosen networks, run by run, up to a limit each. Clones keep into the same
/// place. Inputs are pictures of people: this is for making packs, and nothing of it is ever stored.
#[derive(Clone)]
pub struct Recorder {
    kept: Arc<Mutex<BTreeMap<String, Vec<Vec<f32>>>>>,
    most_values: usize,
}

impl fmt::Debug for Recorder {
    /// Never shows what is kept: pictures of people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("most_values", &self.most_values)
            .finish_non_exhaustive()
    }
}

impl Recorder {
    /// For networks of these names; of each, inputs are kept until together they have more than
    /// `most_values` values.
    #[must_use]
    pub fn new<'n>(networks: impl IntoIterator<Item = &'n str>, most_values: usize) -> Self {
        let names = networks.into_iter();
        let kept = names.map(|name| (name.to_owned(), Vec::new())).collect();
        Self {
            kept: Arc::new(Mutex::new(kept)),
            most_values,
        }
    }

    /// Takes the inputs of a network out, in the order of its runs; none of a name not asked for.
    #[must_use]
    pub fn take(&self, network: &str) -> Vec<Vec<f32>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_mut(network)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    /// A runner whose inputs are kept; itself where its network was not asked for.
    pub(super) fn watch(&self, network: &str, runner: Box<dyn Runner>) -> Box<dyn Runner> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains_key(network) {
            return runner;
        }
        Box::new(Watched {
            runner,
            network: network.to_owned(),
            recorder: self.clone(),
        })
    }

    fn keep(&self, network: &str, input: &[f32]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inputs) = kept.get_mut(network)
            && (inputs.len() + 1) * input.len() <= self.most_values
        {
            inputs.push(input.to_vec());
        }
    }
}

struct Watched {
    runner: Box<dyn Runner>,
    network: String,
    recorder: Recorder,
}

impl Runner for Watched {
    fn input_mut(&mut self) -> &mut [f32] {
        self.runner.input_mut()
    }

    fn run(&mut self) -> Result<(), NetworkError> {
        self.recorder.keep(&self.network, self.runner.input_mut());
        self.runner.run()
    }

    fn output(&self, index: usize) -> TensorView<'_> {
        self.runner.output(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its output is its input.
    struct Echo([f32; 2]);

    impl Runner for Echo {
        fn input_mut(&mut self) -> &mut [f32] {
            &mut self.0
        }
        fn run(&mut self) -> Result<(), NetworkError> {
            Ok(())
        }
        fn output(&self, _: usize) -> TensorView<'_> {
            TensorView::new(&[2], &self.0)
        }
    }

    #[test]
    fn inputs_are_kept_in_order_up_to_the_limit() {
        let recorder = Recorder::new(["a", "b"], 5);
        let mut runs: Vec<_> = ["a", "b", "c"]
            .map(|name| (name, recorder.watch(name, Box::new(Echo([0.0; 2])))))
            .into();
        for step in 0..3 {
            for (_, runner) in &mut runs {
                runner.input_mut().copy_from_slice(&[step as f32, 0.5]);
                runner.run().expect("an echo never fails");
                assert_eq!(runner.output(0)[0], step as f32);
            }
        }
        // Three inputs would be six values.
        assert_eq!(recorder.take("a"), [[0.0, 0.5], [1.0, 0.5]]);
        assert_eq!(recorder.take("a"), [[0.0; 2]; 0]);
        assert_eq!(recorder.take("b").len(), 2);
        assert_eq!(recorder.take("c").len(), 0);
    }
}
