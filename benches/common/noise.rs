//! Faces of nobody.

use vultus_test_basics::Rng;

/// A vector of unit length, made of noise. A search costs what it costs, whoever it is.
pub(crate) fn unit_noise(dimension: usize, number: usize) -> Vec<f32> {
    let mut rng = Rng((number as u64) << 20);
    let mut next = || (rng.u64() >> 40) as f32 / (1 << 23) as f32 - 1.0;
    let values: Vec<f32> = (0..dimension).map(|_| next()).collect();
    let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    values.iter().map(|value| value / length).collect()
}
