//! What a licence lets a device do, as values and as types.

use std::fmt;

/// Something a device may be licensed to do.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Capability {
    /// Find, track and align faces, score their quality.
    Detect,
    /// Tell live faces by infrared pictures.
    LiveInfrared,
    /// Tell live faces by 3D structured light.
    LiveStructuredLight,
    /// Tell live faces by colour pictures alone.
    LiveMonocular,
    /// Compare faces and search galleries.
    Recognise,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 5] = [
        Self::Detect,
        Self::LiveInfrared,
        Self::LiveStructuredLight,
        Self::LiveMonocular,
        Self::Recognise,
    ];

    /// The name in files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Detect => "detect",
            Self::LiveInfrared => "live-infrared",
            Self::LiveStructuredLight => "live-structured-light",
            Self::LiveMonocular => "live-monocular",
            Self::Recognise => "recognise",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Detect => 1,
            Self::LiveInfrared => 1 << 1,
            Self::LiveStructuredLight => 1 << 2,
            Self::LiveMonocular => 1 << 3,
            Self::Recognise => 1 << 4,
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Capabilities(u8);

impl Capabilities {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Capability::ALL.into_iter().collect()
    }

    /// The set with one more capability.
    #[must_use]
    pub const fn with(self, capability: Capability) -> Self {
        Self(self.0 | capability.bit())
    }

    /// Whether the capability is in the set.
    #[must_use]
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// The capabilities of the set, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .into_iter()
            .filter(move |&capability| self.contains(capability))
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities.into_iter().fold(Self::NONE, Self::with)
    }
}

mod sealed {
    pub trait Sealed {}
}

/// A capability as a type, so that an engine's constructor can ask for the permit it needs.
pub trait Licensed: sealed::Sealed + Send + Sync + 'static {
    /// The capability as a value.
    const CAPABILITY: Capability;
}

macro_rules! licensed {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Licensed for $name {
            const CAPABILITY: Capability = Capability::$name;
        }
    )+};
}

licensed! {
    /// [`Capability::Detect`] as a type.
    Detect;
    /// [`Capability::LiveInfrared`] as a type.
    LiveInfrared;
    /// [`Capability::LiveStructuredLight`] as a type.
    LiveStructuredLight;
    /// [`Capability::LiveMonocular`] as a type.
    LiveMonocular;
    /// [`Capability::Recognise`] as a type.
    Recognise;
}
