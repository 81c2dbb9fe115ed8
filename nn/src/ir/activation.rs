//! What follows a sum.

/// A function of each value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Activation {
    /// The value itself.
    None,
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, low), high)`.
    Clip {
        /// Least value.
        low: f32,
        /// Largest value.
        high: f32,
    },
    /// `x` where it is positive, else `x` times the slope of its channel.
    Prelu(Vec<f32>),
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `x / (1 + exp(-x))`.
    Swish,
}
