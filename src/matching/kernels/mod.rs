//! Inner loops of the search: products of half codes of four bits, and the exact cosine.
//!
//! `native` is portable, always compiled, and what every other path has to equal: the products of
//! codes are integers, and the exact dot product is defined so that rounding cannot differ (see
//! [`Kernels::exact`]). So a search answers the same on every processor, to the last bit.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod buffer;
pub(super) mod native;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(test)]
mod tests;

pub(super) use buffer::{Bytes, HUGE};

use vultus_nn::cpu::CpuPath;

/// Rows that one call looks at.
pub(super) const BLOCK: usize = 64;

/// Values come in groups of this, so that no kernel has a tail: the halves of a group fill
/// [`WIDTH`] bytes.
pub(super) const GROUP: usize = 128;

/// Bytes of a group of halves: one AVX-512 register, one line of the cache. Byte `i` holds the
/// half of value `i` in its lower bits and that of value `i + WIDTH` in its upper ones, which
/// takes a mask and a shift to undo and no shuffle.
pub(super) const WIDTH: usize = GROUP / 2;

/// A half `n` of four bits stands for the odd number `2n - 15`: `-15..=15`, even about 0, while
/// the instructions get an unsigned factor that is too small for any of their sums to saturate.
pub(super) const HALF_ZERO: i32 = 15;

/// A probe's codes, `-127..=127`, padded with zeros to a multiple of [`GROUP`].
#[derive(Clone, Debug)]
pub(super) struct ProbeCodes {
    codes: Vec<i8>,
    /// What [`HALF_ZERO`] takes from each product.
    offset: i32,
}

impl ProbeCodes {
    /// Pads `codes` with zeros.
    pub(super) fn new(mut codes: Vec<i8>) -> Self {
        codes.resize(codes.len().next_multiple_of(GROUP), 0);
        let sum: i32 = codes.iter().map(|&code| i32::from(code)).sum();
        Self {
            offset: sum * HALF_ZERO,
            codes,
        }
    }

    /// Bytes of one row of halves.
    pub(super) fn stride(&self) -> usize {
        self.codes.len() / 2
    }
}

/// Above this a row is worth a second look: `scale · gain · product + length · reach` has to be
/// at least `least`. A row whose scale is NaN never is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub(super) gain: f32,
    pub(super) length: f32,
    pub(super) least: f32,
}

impl Line {
    /// Whether a row is above.
    pub(super) fn is_reached(self, scale: f32, reach: f32, product: i32) -> bool {
        scale * (self.gain * product as f32) + self.length * reach >= self.least
    }
}

/// What a line needs of a block's rows.
#[derive(Clone, Debug)]
pub(super) struct Scales {
    /// NaN where the row is vacant, which no comparison passes.
    pub(super) scales: [f32; BLOCK],
    pub(super) reaches: [f32; BLOCK],
}

/// Products of one block's rows with a probe.
pub(super) type Products = [i32; BLOCK];

/// One row of a block.
fn row<'a>(rows: &'a [u8], probe: &ProbeCodes, place: usize) -> &'a [u8] {
    &rows[place * probe.stride()..][..probe.stride()]
}

/// The set bits, lowest first.
pub(super) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            bit
        })
    })
}

/// The bits of a word by fours, the last one again where they end.
#[cfg(target_arch = "x86_64")]
fn fours(word: u64) -> impl Iterator<Item = [usize; 4]> {
    let mut bits = ones(word);
    std::iter::from_fn(move || {
        let first = bits.next()?;
        let mut four = [first; 4];
        for at in 1..4 {
            four[at] = bits.next().unwrap_or(four[at - 1]);
        }
        Some(four)
    })
}

/// The kernels of one path that this processor has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kernels {
    path: Path,
}

/// Only [`Kernels::new`] makes one, after looking at the processor.
#[derive(Clone, Copy, Debug)]
enum Path {
    Native,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "aarch64")]
    Neon {
        dot: bool,
    },
}

impl Kernels {
    /// The kernels of a path; the portable ones where a path has none here.
    pub(super) fn new(path: CpuPath) -> Self {
        let path = match path {
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx512 if path.is_available() => Path::Avx512,
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx2 | CpuPath::AvxVnni if path.is_available() => Path::Avx2,
            #[cfg(target_arch = "aarch64")]
            CpuPath::Neon if path.is_available() => Path::Neon {
                dot: std::arch::is_aarch64_feature_detected!("dotprod"),
            },
            _ => Path::Native,
        };
        Self { path }
    }

    /// Products of a block's rows with the probe, and which rows reach the line, as a bit each.
    ///
    /// `rows` holds [`BLOCK`] rows of `probe.stride()` bytes of halves. A product is the sum of
    /// `(2n - 15) · code`.
    pub(super) fn scan(
        self,
        rows: &[u8],
        scales: &Scales,
        probe: &ProbeCodes,
        line: Line,
        products: &mut Products,
    ) -> u64 {
        assert_eq!(rows.len(), BLOCK * probe.stride());
        match self.path {
            Path::Native => {
                native::products(rows, probe, products);
                native::reaching(products, scales, line)
            }
            // SAFETY: `new` saw the features that the kernels name, and `rows` holds BLOCK rows
            // of the probe's stride.
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => unsafe {
                avx2::products(rows, probe, products);
                avx2::reaching(products, scales, line)
            },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => unsafe {
                avx512::products(rows, probe, products);
                avx512::reaching(products, scales, line)
            },
            #[cfg(target_arch = "aarch64")]
            Path::Neon { dot } => {
                // SAFETY: as above; `dot` says that the processor has SDOT.
                unsafe {
                    if dot {
                        neon::products_dot(rows, probe, products);
                    } else {
                        neon::products(rows, probe, products);
                    }
                }
                native::reaching(products, scales, line)
            }
        }
    }

    /// Products of those rows of a block that `chosen` has a bit for; the others' are left as they are.
    pub(super) fn products_of(
        self,
        rows: &[u8],
        chosen: u64,
        probe: &ProbeCodes,
        products: &mut Products,
    ) {
        assert_eq!(rows.len(), BLOCK * probe.stride());
        match self.path {
            // SAFETY: `new` saw the features, and `rows` holds BLOCK rows of the probe's stride.
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => unsafe { avx2::products_of(rows, chosen, probe, products) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => unsafe { avx512::products_of(rows, chosen, probe, products) },
            Path::Native => {
                for place in ones(chosen) {
                    products[place] = native::product(row(rows, probe, place), probe);
                }
            }
            #[cfg(target_arch = "aarch64")]
            Path::Neon { dot } => {
                for place in ones(chosen) {
                    let row = row(rows, probe, place);
                    // SAFETY: as above; `dot` says that the processor has SDOT.
                    products[place] = unsafe {
                        if dot {
                            neon::product_dot(row, probe)
                        } else {
                            neon::product(row, probe)
                        }
                    };
                }
            }
        }
    }

    /// The dot product that "exact" means here.
    ///
    /// The product of two `f32` fits an `f64` without rounding, so a fused multiply-add and a
    /// multiplication followed by an addition agree; sixteen sums, taken in one order on every
    /// path, do the rest. The result is a few units of the 53rd bit from the true value.
    pub(super) fn exact(self, a: &[f32], b: &[f32]) -> f64 {
        assert_eq!(a.len(), b.len());
        match self.path {
            Path::Native => native::exact(a, b),
            // SAFETY: `new` saw the features, and both slices are as long as each other.
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => unsafe { avx2::exact(a, b) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => unsafe { avx512::exact(a, b) },
            // SAFETY: as above.
            #[cfg(target_arch = "aarch64")]
            Path::Neon { .. } => unsafe { neon::exact(a, b) },
        }
    }
}
