//! What a network is to its caller: one input, its outputs, and working memory to run it with.

use crate::error::NetworkError;
use crate::threads::Threads;
use std::ops::Deref;

/// Most values of one tensor (256 MiB of f32); a manifest that promises more is refused.
pub const MAX_TENSOR_VALUES: usize = 64 * 1024 * 1024;

/// Name and fixed shape of a tensor, batch dimension included.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TensorSpec {
    /// Its name inside the network.
    pub name: String,
    /// Its dimensions.
    pub shape: Vec<usize>,
}

impl TensorSpec {
    /// Number of values; `None` when a dimension is 0 or the product exceeds
    /// [`MAX_TENSOR_VALUES`].
    #[must_use]
    pub fn values(&self) -> Option<usize> {
        let product = self
            .shape
            .iter()
            .try_fold(1_usize, |product, &side| product.checked_mul(side))?;
        (1..=MAX_TENSOR_VALUES)
            .contains(&product)
            .then_some(product)
    }
}

/// One input and the outputs a network is asked for, in that order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Signature {
    /// The only input.
    pub input: TensorSpec,
    /// The outputs, in the order in which a [`Runner`] numbers them.
    pub outputs: Vec<TensorSpec>,
}

/// The values of one tensor, row-major. It is used as the slice of its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TensorView<'a> {
    shape: &'a [usize],
    values: &'a [f32],
}

impl<'a> TensorView<'a> {
    /// # Panics
    /// When there are more or fewer values than the shape has.
    #[must_use]
    pub fn new(shape: &'a [usize], values: &'a [f32]) -> Self {
        assert_eq!(shape.iter().product::<usize>(), values.len(), "{shape:?}");
        Self { shape, values }
    }

    /// The dimensions, batch included.
    #[must_use]
    pub fn shape(&self) -> &'a [usize] {
        self.shape
    }

    /// The values, the last dimension fastest.
    #[must_use]
    pub fn values(&self) -> &'a [f32] {
        self.values
    }
}

impl Deref for TensorView<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        self.values
    }
}

/// A network that was loaded, optimised and planned once. Shared by all threads.
pub trait Network: Send + Sync {
    /// Working memory to run it with; one for each thread of the caller.
    ///
    /// # Errors
    /// [`NetworkError`] when the memory cannot be set up.
    fn runner(&self) -> Result<Box<dyn Runner>, NetworkError> {
        self.runner_on(&Threads::default())
    }

    /// The same, whose runs share their work among threads. The reference runtime uses the caller's alone.
    ///
    /// # Errors
    /// As [`runner`](Self::runner).
    fn runner_on(&self, threads: &Threads) -> Result<Box<dyn Runner>, NetworkError>;
}

/// The working memory of one network on one thread.
pub trait Runner: Send {
    /// The input values, row-major in the shape of the signature. Kept between runs.
    fn input_mut(&mut self) -> &mut [f32];

    /// Computes the outputs from the input.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    fn run(&mut self) -> Result<(), NetworkError>;

    /// Output number `index` of the signature, from the last successful run.
    ///
    /// # Panics
    /// When there was no run yet or the signature has no such output: both are defects of the
    /// calling stage, never of data.
    fn output(&self, index: usize) -> TensorView<'_>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_refuses_empty_and_huge_shapes() {
        let spec = |shape: &[usize]| {
            TensorSpec {
                name: "x".into(),
                shape: shape.to_vec(),
            }
            .values()
        };
        assert_eq!(spec(&[1, 3, 2, 2]), Some(12));
        assert_eq!(spec(&[1, 0, 2]), None);
        assert_eq!(spec(&[MAX_TENSOR_VALUES, 2]), None);
        assert_eq!(spec(&[usize::MAX, 2]), None);
    }
}
