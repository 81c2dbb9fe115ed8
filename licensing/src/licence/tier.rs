//! What is sold: tiers and kinds of liveness.

use std::fmt;

/// What was bought. Each tier has everything of the one before.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Tier {
    /// Detection, tracking, quality.
    Detect,
    /// And liveness of one kind.
    Liveness,
    /// And 1:1 and 1:N.
    Recognise,
}

impl Tier {
    /// Every tier, the smallest first.
    pub const ALL: [Self; 3] = [Self::Detect, Self::Liveness, Self::Recognise];

    /// The name in files, on command lines and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Detect => "detect",
            Self::Liveness => "liveness",
            Self::Recognise => "recognise",
        }
    }

    /// The number in files.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Detect => 1,
            Self::Liveness => 2,
            Self::Recognise => 3,
        }
    }

    /// The tier of a number in a file.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.code() == code)
    }

    /// The tier of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Kinds of liveness, as a set.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct LivenessKinds {
    /// Infrared.
    pub infrared: bool,
    /// 3D structured light.
    pub structured_light: bool,
    /// Colour pictures alone.
    pub monocular: bool,
}

impl LivenessKinds {
    /// No kind.
    pub const NONE: Self = Self {
        infrared: false,
        structured_light: false,
        monocular: false,
    };

    /// How many kinds there are.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.bits().count_ones()
    }

    /// The set as bits: 1 infrared, 2 structured light, 4 monocular.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.infrared as u8 | (self.structured_light as u8) << 1 | (self.monocular as u8) << 2
    }

    /// The set of these bits; `None` with a bit that has no meaning.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits > 7 {
            return None;
        }
        Some(Self {
            infrared: bits & 1 != 0,
            structured_light: bits & 2 != 0,
            monocular: bits & 4 != 0,
        })
    }
}
