//! Which kernels run: those of the fastest path that the processor has, behind one type.

use super::block::{BLOCK, Cutoff, ProbeCodes, Products, RowScales, ones, row};
use super::native;
#[cfg(target_arch = "aarch64")]
use super::neon;
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use vultus_nn::cpu::CpuPath;

/// The kernels of one path that this processor has.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Kernels {
    path: Path,
}

/// Only [`Kernels::new`] makes one, after asking the processor.
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
    pub(in super::super) fn new(path: CpuPath) -> Self {
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

    /// What runs on processors without SDOT, to be tested on those that have it.
    #[cfg(all(test, target_arch = "aarch64"))]
    pub(super) fn neon_without_sdot() -> Self {
        Self {
            path: Path::Neon { dot: false },
        }
    }

    /// Products of a block's rows with the probe, and which rows reach the cutoff, as a bit each.
    ///
    /// `rows` holds [`BLOCK`] rows of `probe.stride()` bytes of nibbles. A product is the sum of
    /// `(2n - 15) · code`.
    pub(in super::super) fn scan(
        self,
        rows: &[u8],
        scales: &RowScales,
        probe: &ProbeCodes,
        cutoff: Cutoff,
        products: &mut Products,
    ) -> u64 {
        assert_eq!(rows.len(), BLOCK * probe.stride());
        match self.path {
            Path::Native => {
                native::products(rows, probe, products);
                native::reaching(products, scales, cutoff)
            }
            // SAFETY: `new` saw the features that the kernels name, and `rows` holds BLOCK rows
            // of the probe's stride.
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => unsafe {
                avx2::products(rows, probe, products);
                avx2::reaching(products, scales, cutoff)
            },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => unsafe {
                avx512::products(rows, probe, products);
                avx512::reaching(products, scales, cutoff)
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
                native::reaching(products, scales, cutoff)
            }
        }
    }

    /// Products of those rows of a block that `chosen` has a bit for; the others' are left as they are.
    pub(in super::super) fn products_of(
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
                for position in ones(chosen) {
                    products[position] = native::product(row(rows, probe, position), probe);
                }
            }
            #[cfg(target_arch = "aarch64")]
            Path::Neon { dot } => {
                for position in ones(chosen) {
                    let row = row(rows, probe, position);
                    // SAFETY: as above; `dot` says that the processor has SDOT.
                    products[position] = unsafe {
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
    pub(in super::super) fn exact(self, a: &[f32], b: &[f32]) -> f64 {
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
