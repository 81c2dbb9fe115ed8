//! Which int8 table a processor gets.

#[cfg(target_arch = "arm")]
use super::armv7;
use super::native;
#[cfg(target_arch = "aarch64")]
use super::neon;
use super::table::Int8Kernels;
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512, avxvnni};
use crate::cpu::CpuPath;

impl Int8Kernels {
    /// The kernels of a path; `None` when this processor lacks it.
    pub(crate) fn of(path: CpuPath) -> Option<&'static Self> {
        if !path.is_available() {
            return None;
        }
        match path {
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx2 => Some(&avx2::KERNELS),
            #[cfg(target_arch = "x86_64")]
            CpuPath::AvxVnni => Some(&avxvnni::KERNELS),
            #[cfg(target_arch = "x86_64")]
            CpuPath::Avx512 => Some(&avx512::KERNELS),
            #[cfg(target_arch = "aarch64")]
            CpuPath::Neon if std::arch::is_aarch64_feature_detected!("dotprod") => Some(&neon::DOT),
            #[cfg(target_arch = "aarch64")]
            CpuPath::Neon => Some(&neon::WIDENING),
            #[cfg(target_arch = "arm")]
            CpuPath::Neon => Some(&armv7::KERNELS),
            _ => Some(&native::KERNELS),
        }
    }
}
