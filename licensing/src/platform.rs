//! The platforms that a licence can name.

use std::fmt;

/// Where the SDK runs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Platform {
    /// Android on any processor.
    Android,
    /// Linux on 64-bit ARM.
    LinuxAarch64,
    /// Linux on 32-bit ARM.
    LinuxArmv7,
    /// Linux on x86-64.
    LinuxX86_64,
}

impl Platform {
    /// Every platform, in the order of the mask's bits.
    pub const ALL: [Self; 4] = [
        Self::Android,
        Self::LinuxAarch64,
        Self::LinuxArmv7,
        Self::LinuxX86_64,
    ];

    /// The platform of this build; `None` where no licence is sold.
    #[must_use]
    pub const fn current() -> Option<Self> {
        if cfg!(target_os = "android") {
            Some(Self::Android)
        } else if cfg!(all(target_os = "linux", target_arch = "aarch64")) {
            Some(Self::LinuxAarch64)
        } else if cfg!(all(target_os = "linux", target_arch = "arm")) {
            Some(Self::LinuxArmv7)
        } else if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            Some(Self::LinuxX86_64)
        } else {
            None
        }
    }

    /// The name in files, on command lines and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::LinuxAarch64 => "linux-aarch64",
            Self::LinuxArmv7 => "linux-armv7",
            Self::LinuxX86_64 => "linux-x86_64",
        }
    }

    /// The platform of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.name() == name)
    }

    /// The number in files.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Android => 1,
            Self::LinuxAarch64 => 2,
            Self::LinuxArmv7 => 3,
            Self::LinuxX86_64 => 4,
        }
    }

    /// The platform of a number in a file.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|platform| platform.code() == code)
    }

    const fn bit(self) -> u32 {
        1 << (self.code() - 1)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of platforms. Bits without a name stay as they are: a later SDK may know them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Platforms(pub u32);

impl Platforms {
    /// The set of one platform.
    #[must_use]
    pub const fn only(platform: Platform) -> Self {
        Self(platform.bit())
    }

    /// The set with one more platform.
    #[must_use]
    pub const fn with(self, platform: Platform) -> Self {
        Self(self.0 | platform.bit())
    }

    /// Whether the platform is in the set.
    #[must_use]
    pub const fn contains(self, platform: Platform) -> bool {
        self.0 & platform.bit() != 0
    }
}
