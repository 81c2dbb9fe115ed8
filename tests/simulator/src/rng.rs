//! Random numbers as a hash of a counter, so that a pixel's noise does not depend on who asked before.

/// Steps of the counter: the golden ratio in 64 bits, as in SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng {
    key: u64,
    counter: u64,
}

impl Rng {
    /// The stream of a seed and a name; other names give unrelated streams.
    #[must_use]
    pub fn new(seed: u64, stream: &str) -> Self {
        // FNV-1a of the name.
        let name = stream
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self {
            key: mix(seed.wrapping_mul(STEP) ^ mix(name)),
            counter: 0,
        }
    }

    /// The number at a place of the stream, wherever the counter stands.
    #[must_use]
    pub fn at(&self, index: u64) -> u64 {
        mix(self.key.wrapping_add(index.wrapping_mul(STEP)))
    }

    /// About normally distributed with a variance of 1, at a place of the stream: the sum of four uniform
    /// values. Its tails end at 3.5, which is enough for a pixel.
    #[must_use]
    pub fn pixel_noise(&self, index: u64) -> f32 {
        let bits = self.at(index);
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
        // Four values of variance 1/12 each.
        (sum as f32 / 65_535.0 - 2.0) * 1.732_050_8
    }

    /// In `0..1`, at a place of the stream.
    #[must_use]
    pub fn uniform_at(&self, index: u64) -> f32 {
        (self.at(index) >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.counter += 1;
        self.at(self.counter)
    }

    /// In `low..high`.
    pub fn uniform(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.next_u64() >> 40) as f32 / (1_u64 << 24) as f32;
        low + (high - low) * unit
    }

    /// One of `0..count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next_u64() % count as u64) as usize
    }

    /// True with a probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.uniform(0.0, 1.0) < probability
    }

    /// Normally distributed (Box and Muller), drawn again beyond 3.1 deviations: a thousandth at each end.
    pub fn normal(&mut self, mean: f32, deviation: f32) -> f32 {
        loop {
            let radius = libm::sqrtf(-2.0 * libm::logf(1.0 - self.uniform(0.0, 1.0)));
            let z = radius * libm::cosf(self.uniform(0.0, std::f32::consts::TAU));
            if z.abs() <= 3.1 {
                return mean + deviation * z;
            }
        }
    }
}

/// The finaliser of SplitMix64.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f32]) -> (f32, f32) {
        let n = values.len() as f32;
        let mean = values.iter().sum::<f32>() / n;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / n;
        (mean, variance.sqrt())
    }

    #[test]
    fn streams_are_fixed_and_unrelated() {
        let mut a = Rng::new(1, "head");
        assert_eq!(a.next_u64(), Rng::new(1, "head").at(1));
        assert_ne!(a.at(5), Rng::new(2, "head").at(5));
        assert_ne!(a.at(5), Rng::new(1, "sheet").at(5));
    }

    #[test]
    fn moments_are_the_named_ones() {
        let mut rng = Rng::new(7, "moments");
        let normal: Vec<f32> = (0..20_000).map(|_| rng.normal(10.0, 2.0)).collect();
        let (mean, deviation) = moments(&normal);
        assert!((mean - 10.0).abs() < 0.05 && (deviation - 2.0).abs() < 0.05);
        assert!(normal.iter().all(|v| (v - 10.0).abs() <= 6.2));
        let noise: Vec<f32> = (0..20_000).map(|i| rng.pixel_noise(i)).collect();
        let (mean, deviation) = moments(&noise);
        assert!(mean.abs() < 0.02 && (deviation - 1.0).abs() < 0.02);
        let uniform: Vec<f32> = (0..20_000).map(|_| rng.uniform(2.0, 4.0)).collect();
        let (mean, deviation) = moments(&uniform);
        assert!((mean - 3.0).abs() < 0.02 && (deviation - 2.0 / 12_f32.sqrt()).abs() < 0.02);
    }
}
