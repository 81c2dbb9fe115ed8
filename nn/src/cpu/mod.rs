//! Which kernels this processor can run, and which of them were asked for.
//!
//! Every module with kernels asks [`CpuPath::chosen`] once and keeps the answer. The environment
//! variable `VULTUS_CPU` forces a path, so that any of them can be measured or a doubtful one
//! avoided in the field; a path that the processor lacks is refused, never replaced.

#[cfg(all(target_arch = "arm", any(target_os = "linux", target_os = "android")))]
mod arm;

use std::fmt;

/// The environment variable that forces a path.
pub const CPU_VARIABLE: &str = "VULTUS_CPU";

/// A family of kernels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CpuPath {
    /// Portable Rust.
    Native,
    /// AVX2, FMA and F16C: Haswell, Zen and later.
    Avx2,
    /// AVX-VNNI in addition to AVX2: processors without AVX-512 from 2021 on (Alder Lake N, Meteor Lake), Zen 5.
    AvxVnni,
    /// AVX-512 F, BW, DQ, VL and VNNI: Cascade Lake, Ice Lake, Zen 4 and later.
    Avx512,
    /// NEON of 64-bit ARM, and of 32-bit ARM on Linux and Android.
    Neon,
}

impl CpuPath {
    /// Every path, those of this processor or not, slower ones first.
    pub const ALL: [Self; 5] = [
        Self::Native,
        Self::Neon,
        Self::Avx2,
        Self::AvxVnni,
        Self::Avx512,
    ];

    /// Its name in `VULTUS_CPU`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avxvnni",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Native => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("fma")
                    && is_x86_feature_detected!("f16c")
            }
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => Self::Avx2.is_available() && is_x86_feature_detected!("avxvnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "aarch64")]
            Self::Neon => std::arch::is_aarch64_feature_detected!("neon"),
            #[cfg(all(target_arch = "arm", any(target_os = "linux", target_os = "android")))]
            Self::Neon => arm::has_neon(),
            _ => false,
        }
    }

    /// The paths of this processor, slower ones first.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|path| path.is_available())
    }

    /// The fastest path of this processor.
    #[must_use]
    pub fn detect() -> Self {
        Self::available().last().unwrap_or(Self::Native)
    }

    /// The same path, where this processor has it.
    ///
    /// # Errors
    /// [`CpuPathRefused`] when it lacks it.
    pub fn checked(self) -> Result<Self, CpuPathRefused> {
        Self::from_name(self.name())
    }

    /// A path of this processor by its name.
    ///
    /// # Errors
    /// [`CpuPathRefused`] when there is no such path or this processor lacks it.
    pub fn from_name(name: &str) -> Result<Self, CpuPathRefused> {
        Self::available()
            .find(|path| path.name() == name)
            .ok_or_else(|| CpuPathRefused {
                name: name.to_owned(),
            })
    }

    /// What `VULTUS_CPU` asks for, or the fastest where it is not set.
    ///
    /// # Errors
    /// [`CpuPathRefused`] as [`from_name`](Self::from_name).
    pub fn chosen() -> Result<Self, CpuPathRefused> {
        std::env::var_os(CPU_VARIABLE).map_or_else(
            || Ok(Self::detect()),
            |name| Self::from_name(&name.to_string_lossy()),
        )
    }
}

/// A path that this processor does not have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CpuPathRefused {
    /// The name asked for.
    pub name: String,
}

impl fmt::Display for CpuPathRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has: Vec<&str> = CpuPath::available().map(CpuPath::name).collect();
        let (name, has) = (&self.name, has.join(", "));
        write!(
            f,
            "no kernels {name:?} on this processor, which has {has}; {CPU_VARIABLE} or the configuration asks for them"
        )
    }
}

impl std::error::Error for CpuPathRefused {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portable_path_is_always_there_and_the_fastest_is_one_of_the_available() {
        let available: Vec<CpuPath> = CpuPath::available().collect();
        assert_eq!(available[0], CpuPath::Native);
        assert_eq!(available.last(), Some(&CpuPath::detect()));
        for path in CpuPath::ALL {
            let named = CpuPath::from_name(path.name());
            assert_eq!(named.is_ok(), path.is_available(), "{path:?}");
            assert!(named.is_err() || named == Ok(path));
        }
    }

    #[test]
    fn a_path_of_another_processor_is_refused_with_those_that_are_here() {
        let foreign = if cfg!(target_arch = "x86_64") {
            "neon"
        } else {
            "avx2"
        };
        for name in [foreign, "AVX2", "", "sse9"] {
            let error = CpuPath::from_name(name).expect_err("refused");
            let text = error.to_string();
            assert!(text.contains(name) && text.contains("native"), "{text}");
        }
    }
}
