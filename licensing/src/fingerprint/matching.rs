//! Whether a licence is this device's: k of n by weight, with an anchor.

use super::{Component, ComponentKind, Fingerprint};
use std::fmt;

/// Most components in a licence.
pub const COMPONENTS_MAX: usize = 16;

/// The device that a licence names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LicensedFingerprint {
    /// The components, at most [`COMPONENTS_MAX`], none twice.
    pub components: Vec<Component>,
    /// The weight that must match.
    pub threshold: u16,
}

/// Why components do not identify a device.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum WeakFingerprint {
    /// There is no component at all.
    Empty,
    /// There are more components than a licence holds.
    TooMany(usize),
    /// A component is there twice.
    Duplicate(ComponentKind),
    /// No component is burned into hardware.
    NoAnchor,
    /// The threshold is below six tenths of the whole weight, or above all of it.
    Threshold {
        /// The threshold.
        threshold: u16,
        /// The least that is allowed.
        least: u16,
    },
    /// The components that a device's owner can write would suffice.
    OwnerWritable {
        /// Their weight.
        weight: u16,
        /// The threshold, which must be greater.
        threshold: u16,
    },
}

impl fmt::Display for WeakFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the fingerprint has no component"),
            Self::TooMany(count) => {
                write!(f, "the fingerprint has {count} components, at most {COMPONENTS_MAX} fit")
            }
            Self::Duplicate(kind) => write!(f, "the fingerprint has the same {kind} twice"),
            Self::NoAnchor => f.write_str(
                "the fingerprint has no part that is burned into hardware; hand over a secret of the maker (TEE, crypto chip)",
            ),
            Self::Threshold { threshold, least } => {
                write!(f, "the threshold {threshold} is outside {least} to the whole weight")
            }
            Self::OwnerWritable { weight, threshold } => write!(
                f,
                "parts that a device's owner can write weigh {weight} of the {threshold} needed"
            ),
        }
    }
}

impl std::error::Error for WeakFingerprint {}

fn total_weight<'a>(components: impl IntoIterator<Item = &'a Component>) -> u16 {
    components
        .into_iter()
        .map(|component| u16::from(component.weight()))
        .sum()
}

impl LicensedFingerprint {
    /// The fingerprint to license for a device that offers these components: six tenths of their
    /// weight must match. Parts that the owner can write are taken, the heaviest first, only while
    /// they stay below that threshold: more of them would make the licence brittle, not strong.
    ///
    /// # Errors
    /// [`WeakFingerprint`] when the components do not identify a device.
    pub fn new(offered: Vec<Component>) -> Result<Self, WeakFingerprint> {
        if !offered.is_empty() && !offered.iter().any(|c| c.kind().is_anchor()) {
            return Err(WeakFingerprint::NoAnchor);
        }
        let (mut writable, mut components): (Vec<_>, Vec<_>) = offered
            .into_iter()
            .partition(|component| component.kind().is_owner_writable());
        // Before any sum, which has no room for more.
        if components.len() > COMPONENTS_MAX {
            return Err(WeakFingerprint::TooMany(components.len()));
        }
        writable.sort_by_key(|component| std::cmp::Reverse(component.weight()));
        let fixed = total_weight(&components);
        let mut taken = 0;
        for component in writable {
            let weight = taken + u16::from(component.weight());
            let room = components.len() < COMPONENTS_MAX;
            if room && weight < least_threshold(fixed + weight) {
                taken = weight;
                components.push(component);
            }
        }
        let fingerprint = Self {
            components,
            threshold: least_threshold(fixed + taken),
        };
        fingerprint.check_strength()?;
        Ok(fingerprint)
    }

    /// Checks that the components identify a device and that its owner cannot write enough of them.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check_strength(&self) -> Result<(), WeakFingerprint> {
        if self.components.is_empty() {
            return Err(WeakFingerprint::Empty);
        }
        if self.components.len() > COMPONENTS_MAX {
            return Err(WeakFingerprint::TooMany(self.components.len()));
        }
        for (i, component) in self.components.iter().enumerate() {
            if self.components[..i].contains(component) {
                return Err(WeakFingerprint::Duplicate(component.kind()));
            }
        }
        if !self.components.iter().any(|c| c.kind().is_anchor()) {
            return Err(WeakFingerprint::NoAnchor);
        }
        let total = total_weight(&self.components);
        let least = least_threshold(total);
        if !(least..=total).contains(&self.threshold) {
            return Err(WeakFingerprint::Threshold {
                threshold: self.threshold,
                least,
            });
        }
        let writable = self
            .components
            .iter()
            .filter(|c| c.kind().is_owner_writable());
        let weight = total_weight(writable);
        if weight >= self.threshold {
            return Err(WeakFingerprint::OwnerWritable {
                weight,
                threshold: self.threshold,
            });
        }
        Ok(())
    }

    /// Compares the licensed device with what this one offers now.
    #[must_use]
    pub fn explain(&self, device: &Fingerprint) -> Explanation {
        let offered = device.components();
        let parts: Vec<_> = self
            .components
            .iter()
            .map(|licensed| PartExplanation {
                kind: licensed.kind(),
                weight: licensed.weight(),
                verdict: if offered.contains(licensed) {
                    Verdict::Matches
                } else if offered.iter().any(|c| c.kind() == licensed.kind()) {
                    Verdict::Differs
                } else {
                    Verdict::Missing
                },
            })
            .collect();
        Explanation {
            total_weight: total_weight(&self.components),
            threshold: self.threshold,
            parts,
        }
    }
}

/// Six tenths of the whole weight, rounded up.
fn least_threshold(total: u16) -> u16 {
    (total * 3).div_ceil(5)
}

/// What became of one licensed component.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The device has it.
    Matches,
    /// The device has another one of that kind.
    Differs,
    /// The device has none of that kind.
    Missing,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Matches => "matches",
            Self::Differs => "differs",
            Self::Missing => "missing",
        })
    }
}

/// One licensed component beside what the device has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartExplanation {
    /// What the part is.
    pub kind: ComponentKind,
    /// How much it counts.
    pub weight: u8,
    /// What became of it.
    pub verdict: Verdict,
}

/// Which parts of a licensed device match this one. Names kinds, never values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// Every licensed component.
    pub parts: Vec<PartExplanation>,
    /// Weight of all of them.
    pub total_weight: u16,
    /// Weight that must match.
    pub threshold: u16,
}

impl Explanation {
    /// Weight of the components that match.
    #[must_use]
    pub fn matched_weight(&self) -> u16 {
        self.matching().map(|part| u16::from(part.weight)).sum()
    }

    /// Whether a component that is burned into hardware matches.
    #[must_use]
    pub fn anchor_matches(&self) -> bool {
        self.matching().any(|part| part.kind.is_anchor())
    }

    /// Whether this is the licensed device.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.anchor_matches() && self.matched_weight() >= self.threshold
    }

    fn matching(&self) -> impl Iterator<Item = &PartExplanation> {
        self.parts
            .iter()
            .filter(|part| part.verdict == Verdict::Matches)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.parts.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{} {}", part.kind, part.verdict)?;
        }
        write!(
            f,
            "; {} of {} match, {} needed",
            self.matched_weight(),
            self.total_weight,
            self.threshold
        )?;
        if self.matched_weight() >= self.threshold && !self.anchor_matches() {
            f.write_str(", and a part that is burned into hardware")?;
        }
        Ok(())
    }
}
