//! Counts of people, or of people and artefacts.

use super::answer::Answer;
use crate::statistics::Share;
use vultus::liveness::Liveness;

/// What became of a person or an artefact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Classification {
    Accepted,
    Refused,
    Inconclusive,
    /// No face was found: non-response.
    NoFace,
}

impl Classification {
    pub(super) fn of(answer: &Answer) -> Self {
        match answer.verdict {
            None => Self::NoFace,
            Some(Liveness::Live) => Self::Accepted,
            Some(Liveness::Spoof(_)) => Self::Refused,
            Some(Liveness::Inconclusive(_)) => Self::Inconclusive,
        }
    }

    /// How bad it is where an artefact was presented: one that got in once got in.
    pub(super) const fn badness_of_attack(self) -> u8 {
        match self {
            Self::Accepted => 3,
            Self::Refused => 2,
            Self::Inconclusive => 1,
            Self::NoFace => 0,
        }
    }

    /// How bad it is where a person was presented: one who was called an attack once was.
    pub(super) const fn badness_of_person(self) -> u8 {
        match self {
            Self::Refused => 3,
            Self::NoFace => 2,
            Self::Inconclusive => 1,
            Self::Accepted => 0,
        }
    }
}

/// Counts of people, or of people and artefacts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Let in.
    pub accepted: u64,
    /// Called an attack.
    pub refused: u64,
    /// Not decided.
    pub inconclusive: u64,
    /// Without a face that was found: non-response.
    pub no_face: u64,
}

impl Counts {
    pub(super) fn of(all: impl IntoIterator<Item = Classification>) -> Self {
        let mut counts = Self::default();
        for one in all {
            *match one {
                Classification::Accepted => &mut counts.accepted,
                Classification::Refused => &mut counts.refused,
                Classification::Inconclusive => &mut counts.inconclusive,
                Classification::NoFace => &mut counts.no_face,
            } += 1;
        }
        counts
    }

    /// All together.
    #[must_use]
    pub const fn n(&self) -> u64 {
        self.accepted + self.refused + self.inconclusive + self.no_face
    }

    /// Attacks accepted among all: what was not decided did not get in.
    #[must_use]
    pub const fn apcer(&self) -> Share {
        Share {
            hits: self.accepted,
            total: self.n(),
        }
    }

    /// Attacks accepted among those that were decided.
    #[must_use]
    pub const fn apcer_decided(&self) -> Share {
        Share {
            hits: self.accepted,
            total: self.accepted + self.refused,
        }
    }

    /// People called an attack among all.
    #[must_use]
    pub const fn bpcer(&self) -> Share {
        Share {
            hits: self.refused,
            total: self.n(),
        }
    }

    /// People who stay outside, for whatever reason.
    #[must_use]
    pub const fn outside(&self) -> Share {
        Share {
            hits: self.n() - self.accepted,
            total: self.n(),
        }
    }
}
