//! What liveness says of a presentation.

use vultus::liveness::{Evidence, Liveness, Reason, Reasons};

/// A measured value of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// Its name, with the unit where it has one.
    pub name: &'static str,
    /// The value.
    pub value: f32,
    /// How many decimals of it say something.
    pub decimals: usize,
}

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// `None` where no face was found to be judged.
    pub verdict: Option<Liveness>,
    /// From 0, an attack, to 1, a living person; `None` where nothing was scored.
    pub score: Option<f32>,
    /// The checks that were passed.
    pub evidence: Evidence,
    /// Of the frame that was judged last.
    pub measures: Vec<Measure>,
}

impl Measure {
    /// A value of which so many decimals say something.
    #[must_use]
    pub const fn new(name: &'static str, value: f32, decimals: usize) -> Self {
        Self {
            name,
            value,
            decimals,
        }
    }
}

impl Answer {
    /// The verdict's word and its reasons; no verdict is one of no face.
    #[must_use]
    pub fn words(&self) -> (&'static str, Reasons) {
        match self.verdict {
            None => ("no_face", Reasons::default()),
            Some(Liveness::Live) => ("live", Reasons::default()),
            Some(Liveness::Spoof(reasons)) => ("spoof", reasons),
            Some(Liveness::Inconclusive(reasons)) => ("inconclusive", reasons),
        }
    }

    /// The score from which the face would be let in; `None` where no threshold would let it in, because something
    /// else speaks against it.
    #[must_use]
    pub fn admitted_from(&self) -> Option<f32> {
        // Those that a threshold of the score decides about.
        let by_score = [Reason::Relief, Reason::InfraredLook].map(|r| Reasons::default().with(r));
        match self.verdict? {
            Liveness::Live => self.score,
            Liveness::Spoof(reasons) if by_score.contains(&reasons) => self.score,
            _ => None,
        }
    }
}
