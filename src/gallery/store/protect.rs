//! Revocable templates: a secret rotation of embeddings, one for each site.
//!
//! Cosines between two embeddings of one site stay what they were; embeddings of two sites look
//! like strangers, and a stolen one is withdrawn by giving the site another key. The rotation is
//!
//! ```text
//! y = (P B D)^3 x,   B = H on the first m values, then H on the last m, m = 2^floor(log2 n)
//! ```
//!
//! with signs `D` and permutations `P` drawn from the key and `H` the Walsh-Hadamard transform over
//! `sqrt(m)`. Three such rounds stand in for a random rotation in Andoni et al., "Practical and
//! Optimal LSH for Angular Distance" (2015), and Bojarski et al., "Structured adaptive and random
//! spinners" (2017); the cost is `n log n`, and only sums, products with one constant and swaps
//! are needed, so that every processor gives the same bits.
//!
//! It gives what ISO/IEC 24745 calls renewability and unlinkability **as long as the key is
//! secret**. It is no encryption: with the key it is undone exactly; and it is linear, so whoever
//! knows about `n` embeddings of a site together with their originals can compute it, as is known
//! of all rotations and projections (Nagar, Nandakumar and Jain, "Biometric template transformation:
//! a security analysis", 2010). It adds to the gallery's encryption, it does not replace it.

use super::error::{StoreError, within};
use ring::{hkdf, hmac};
use std::fmt;
use zeroize::Zeroizing;

const ROUNDS: usize = 3;
/// The most values of an embedding.
pub const DIMENSION_MAX: u64 = 4096;

/// A site's key for its templates: 32 random bytes, different from the gallery's secret. Wiped when
/// dropped, never printed.
#[derive(Clone)]
pub struct TemplateKey(Zeroizing<[u8; 32]>);

impl TemplateKey {
    /// The site's 32 bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

impl fmt::Debug for TemplateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TemplateKey(..)")
    }
}

/// One round: which values change sign, and from where each value then comes.
struct Round {
    signs: Zeroizing<Vec<bool>>,
    from: Zeroizing<Vec<u16>>,
}

/// The rotation of one site for the embeddings of one model.
pub struct Protection {
    rounds: Vec<Round>,
    dimension: usize,
}

impl Protection {
    /// The rotation that a key gives for a model's embeddings of `dimension` values. Other models
    /// get other rotations.
    ///
    /// # Errors
    /// [`StoreError::Argument`] for a dimension outside 1 to [`DIMENSION_MAX`].
    pub fn new(key: &TemplateKey, model_id: &str, dimension: usize) -> Result<Self, StoreError> {
        within("values of an embedding", dimension, 1, DIMENSION_MAX)?;
        let mut stream = Stream::new(key, model_id, dimension);
        let rounds = (0..ROUNDS)
            .map(|_| Round {
                signs: Zeroizing::new((0..dimension).map(|_| stream.below(2) == 1).collect()),
                from: Zeroizing::new(stream.permutation(dimension)),
            })
            .collect();
        Ok(Self { rounds, dimension })
    }

    /// The embedding as this site keeps it. Lengths and cosines stay, to 1e-6.
    ///
    /// # Errors
    /// [`StoreError::Argument`] for another number of values.
    pub fn apply(&self, embedding: &[f32]) -> Result<Vec<f32>, StoreError> {
        let mut values = self.widen(embedding)?;
        for round in &self.rounds {
            flip(&mut values, &round.signs);
            mix(&mut values, false);
            values = round.from.iter().map(|&i| values[usize::from(i)]).collect();
        }
        Ok(narrow(&values))
    }

    /// The original of what [`apply`](Self::apply) made, to 1e-6: for a change of key.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn revert(&self, template: &[f32]) -> Result<Vec<f32>, StoreError> {
        let mut values = self.widen(template)?;
        for round in self.rounds.iter().rev() {
            let mut back = vec![0.0; values.len()];
            for (&i, &value) in round.from.iter().zip(&values) {
                back[usize::from(i)] = value;
            }
            mix(&mut back, true);
            flip(&mut back, &round.signs);
            values = back;
        }
        Ok(narrow(&values))
    }

    fn widen(&self, embedding: &[f32]) -> Result<Vec<f64>, StoreError> {
        let n = self.dimension as u64;
        within("values of an embedding", embedding.len(), n, n)?;
        Ok(embedding.iter().map(|&value| value.into()).collect())
    }
}

impl fmt::Debug for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Protection")
            .field("dimension", &self.dimension)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "back to where they came from"
)]
fn narrow(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

fn flip(values: &mut [f64], signs: &[bool]) {
    for (value, &sign) in values.iter_mut().zip(signs) {
        if sign {
            *value = -*value;
        }
    }
}

/// `B`, or its inverse: `H` is its own, so only the order of the two changes.
fn mix(values: &mut [f64], inverse: bool) {
    let n = values.len();
    let m = 1 << n.ilog2();
    let mut parts = [0..m, n - m..n];
    if inverse {
        parts.reverse();
    }
    // Of a power of two both are the whole, and would cancel out.
    let count = if m == n { 1 } else { 2 };
    for part in parts.into_iter().take(count) {
        hadamard(&mut values[part]);
    }
}

/// The Walsh-Hadamard transform over the square root of its length, a power of two.
fn hadamard(values: &mut [f64]) {
    let mut half = 1;
    while half < values.len() {
        for block in values.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for (a, b) in low.iter_mut().zip(high) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        half *= 2;
    }
    let scale = 1.0 / (values.len() as f64).sqrt();
    for value in values {
        *value *= scale;
    }
}

/// Bytes from the key: HMAC-SHA-256 of a counter.
struct Stream {
    key: hmac::Key,
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Stream {
    fn new(key: &TemplateKey, model_id: &str, dimension: usize) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        let dimension = (dimension as u64).to_le_bytes();
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"vultus/template-protection/v1")
            .extract(key.0.as_slice())
            .expand(&[&dimension, model_id.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(bytes.as_mut_slice()))
            .expect("HKDF gives as many bytes as its own hash has");
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, bytes.as_slice()),
            counter: 0,
            block: [0; 32],
            used: 32,
        }
    }

    fn word(&mut self) -> u32 {
        if self.used == 32 {
            let tag = hmac::sign(&self.key, &self.counter.to_le_bytes());
            self.block.copy_from_slice(tag.as_ref());
            self.counter += 1;
            self.used = 0;
        }
        let word = self.block[self.used..].first_chunk();
        self.used += 4;
        u32::from_le_bytes(*word.expect("the block is a multiple of four bytes"))
    }

    /// A number below `bound`, each as likely: what would favour the small ones is drawn again.
    fn below(&mut self, bound: u32) -> u32 {
        let rest = u32::MAX - u32::MAX % bound;
        loop {
            let word = self.word();
            if word < rest {
                return word % bound;
            }
        }
    }

    /// Fisher and Yates.
    fn permutation(&mut self, n: usize) -> Vec<u16> {
        let mut order: Vec<u16> = (0..=u16::MAX).take(n).collect();
        for i in (1..n as u32).rev() {
            let j = self.below(i + 1);
            order.swap(i as usize, j as usize);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn protection(key: u8, dimension: usize) -> Protection {
        Protection::new(&TemplateKey::new([key; 32]), "test@1", dimension).unwrap()
    }

    fn cosine(a: &[f32], b: &[f32]) -> f64 {
        let dot = |a: &[f32], b: &[f32]| -> f64 {
            a.iter()
                .zip(b)
                .map(|(&x, &y)| f64::from(x) * f64::from(y))
                .sum()
        };
        dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
    }

    /// Embeddings of persons: sums of uniform numbers, whose directions are near enough to even.
    fn person(seed: u64, dimension: usize) -> Vec<f32> {
        let mut stream = Stream::new(&TemplateKey::new([99; 32]), &seed.to_string(), dimension);
        (0..dimension)
            .map(|_| {
                (0..8)
                    .map(|_| stream.below(2001) as f32 / 1000.0 - 1.0)
                    .sum()
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn cosines_stay_and_the_key_undoes_it(key: u8, dimension in 1..=700_usize, seed in 0..1000_u64) {
            let site = protection(key, dimension);
            let a = person(seed, dimension);
            let b: Vec<f32> = a.iter().zip(person(seed + 1, dimension)).map(|(x, y)| x + y).collect();
            let (pa, pb) = (site.apply(&a).unwrap(), site.apply(&b).unwrap());
            if a.iter().any(|&v| v != 0.0) && b.iter().any(|&v| v != 0.0) {
                prop_assert!((cosine(&a, &b) - cosine(&pa, &pb)).abs() < 1e-6);
            }
            for (x, y) in a.iter().zip(site.revert(&pa).unwrap()) {
                prop_assert!((x - y).abs() < 1e-5);
            }
        }
    }

    /// Written by a second implementation of the module's text; a change of any of them would make
    /// every stored template useless.
    #[test]
    fn the_bits_are_the_same_everywhere() {
        let embedding = [1.0, 0.5, -0.25, 2.0, -3.0];
        let five = [
            0xbe08_0000,
            0xbf1e_0000,
            0x3fb6_0000,
            0x3fa1_0000,
            0x404d_8000,
        ];
        let three = [0xbf3a_827a, 0xbcaf_b0cd, 0xbf62_4630];
        for expected in [&five[..], &three] {
            let n = expected.len();
            let rotated = protection(7, n).apply(&embedding[..n]).unwrap();
            let bits: Vec<u32> = rotated.iter().map(|value| value.to_bits()).collect();
            assert_eq!(bits, expected);
        }
    }

    /// One person at two sites, against two persons at one: both are strangers.
    #[test]
    fn two_sites_are_strangers() {
        for dimension in [128, 512, 500] {
            let (one, other) = (protection(1, dimension), protection(2, dimension));
            let (mut across, mut strangers) = (Vec::new(), Vec::new());
            for seed in 0..300 {
                let (a, b) = (person(seed, dimension), person(seed + 1000, dimension));
                let (here, there) = (one.apply(&a).unwrap(), other.apply(&a).unwrap());
                across.push(cosine(&here, &there));
                strangers.push(cosine(&here, &one.apply(&b).unwrap()));
            }
            for cosines in [across, strangers] {
                let n = cosines.len() as f64;
                let mean = cosines.iter().sum::<f64>() / n;
                let deviation = (cosines.iter().map(|c| c * c).sum::<f64>() / n).sqrt();
                let expected = 1.0 / (dimension as f64).sqrt();
                // Four standard errors of a mean, and of a deviation, of 300.
                assert!(
                    mean.abs() < 4.0 * expected / n.sqrt(),
                    "{dimension}: {mean}"
                );
                let off = (deviation / expected - 1.0).abs();
                assert!(off < 4.0 / (2.0 * n).sqrt(), "{dimension}: {deviation}");
            }
        }
    }

    #[test]
    fn a_model_has_its_own_rotation_and_limits_hold() {
        let key = TemplateKey::new([1; 32]);
        let a = person(1, 512);
        let rotated = |model: &str| {
            Protection::new(&key, model, 512)
                .unwrap()
                .apply(&a)
                .unwrap()
        };
        assert!(cosine(&rotated("a@1"), &rotated("b@1")).abs() < 0.25);
        assert_eq!(rotated("a@1"), rotated("a@1"));
        assert!(Protection::new(&key, "a@1", 0).is_err());
        assert!(Protection::new(&key, "a@1", 4097).is_err());
        assert!(protection(1, 512).apply(&a[1..]).is_err());
        let widest = person(1, 4096);
        let site = protection(1, 4096);
        let there = site.apply(&widest).unwrap();
        let back = site.revert(&there).unwrap();
        assert!(cosine(&widest, &there).abs() < 0.1 && cosine(&widest, &back) > 1.0 - 1e-9);
        assert_eq!(format!("{key:?}"), "TemplateKey(..)");
    }
}
