use crate::model::{PackKey, Verification};
use std::path::PathBuf;
use vultus_nn::Threads;
use vultus_nn::cpu::CpuPath;

/// What an [`Sdk`](crate::Sdk) is opened with: a model pack, and how it is run.
///
/// ```
/// use vultus::{Config, Verification, pack::{CpuPath, Threads}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = Config::builder("models/lite")
///     .verification(Verification::OnFirstUse) // starts sooner
///     .threads(Threads::new(1)?) // the caller's own
///     .cpu(CpuPath::detect()) // the fastest kernels of this processor
///     .build();
/// # let _ = config;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) pack: PathBuf,
    pub(super) verification: Verification,
    pub(super) threads: Threads,
    pub(super) cpu: Option<CpuPath>,
    pub(super) trusted: Vec<PackKey>,
}

impl Config {
    /// Everything as usual, with the model pack in this folder.
    #[must_use]
    pub fn new(pack: impl Into<PathBuf>) -> Self {
        Self::builder(pack).build()
    }

    /// The same, with something chosen besides.
    #[must_use]
    pub fn builder(pack: impl Into<PathBuf>) -> ConfigBuilder {
        ConfigBuilder(Self {
            pack: pack.into(),
            verification: Verification::default(),
            threads: Threads::default(),
            cpu: None,
            trusted: Vec::new(),
        })
    }
}

/// Chooses what is unusual about a [`Config`].
#[derive(Clone, Debug)]
pub struct ConfigBuilder(Config);

impl ConfigBuilder {
    /// When the pack's files are compared with their hashes: when it is opened, unless set.
    #[must_use]
    pub fn verification(mut self, when: Verification) -> Self {
        self.0.verification = when;
        self
    }

    /// Among how many threads each inference is shared: the caller's alone, unless set. One pool serves all sessions.
    #[must_use]
    pub fn threads(mut self, threads: Threads) -> Self {
        self.0.threads = threads;
        self
    }

    /// Which kernels run the networks: the fastest of this processor or those of the environment variable
    /// [`VULTUS_CPU`](crate::pack::CPU_VARIABLE), unless set. A path that this processor lacks is refused when the SDK is
    /// opened. Searches in galleries belong to no SDK and follow the environment alone.
    #[must_use]
    pub fn cpu(mut self, path: CpuPath) -> Self {
        self.0.cpu = Some(path);
        self
    }

    /// Takes packs that one of these keys signed, besides those of the keys that the SDK was built with (`VULTUS_PACK_KEYS`).
    /// Each call adds.
    #[must_use]
    pub fn trusted_packs(mut self, keys: impl IntoIterator<Item = PackKey>) -> Self {
        self.0.trusted.extend(keys);
        self
    }

    /// The configuration.
    #[must_use]
    pub fn build(self) -> Config {
        self.0
    }
}
