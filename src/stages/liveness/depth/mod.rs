//! Liveness from a depth frame. Stage A is geometry in millimetres, stage B a small network that looks at the relief
//! of what stage A calls live.
//!
//! A face has a nose, in every direction across it; sheets, however bent or folded, do not: a surface
//! that is bent without stretching is straight in one direction at each of its points. Masks worn
//! on a face have a nose: they are what stage B is there for, where a pack has a network for it.

mod fit;
mod look;
mod measure;
mod picture;
mod relief;
mod rules;

pub use look::{DepthError, DepthLook};
pub use measure::DepthMeasures;
pub use picture::{ReliefCells, ReliefPicture};
pub use rules::{DepthRules, DepthRulesError, MEASURES, SensorClass, Subjects};

use super::{Check, Evidence, Liveness, Reason, Reasons};
use crate::config::MaxSkew;
use crate::frame::{DepthFrame, FrameUnsynced, Stream};
use crate::geom::Landmarks5;

/// A face in a depth frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthFace {
    /// Its landmarks in stored pixels of the depth frame (see
    /// [`Registration`](crate::frame::Registration::landmarks_in_depth)).
    pub landmarks: Landmarks5,
    /// Capture time of the frame they were found in, in microseconds.
    pub timestamp_us: u64,
}

/// What one depth frame says of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthAssessment {
    /// The answer.
    pub verdict: Liveness,
    /// The relief model's probability of a living face on the simulated training set, `0..=1`; `None`
    /// where nothing could be measured.
    pub score: Option<f32>,
    /// Stage B: the network's probability of a living face on the simulated training set, `0..=1`. `None` where it was not
    /// asked: because stage A does not call the face live, or there is no network, and then stage A answers alone.
    pub look: Option<f32>,
    /// The checks that passed.
    pub evidence: Evidence,
    /// What was measured, as far as it was.
    pub measures: Option<DepthMeasures>,
}

impl DepthAssessment {
    fn inconclusive(reason: Reason) -> Self {
        Self {
            verdict: Liveness::Inconclusive(Reasons::default().with(reason)),
            score: None,
            look: None,
            evidence: Evidence::default(),
            measures: None,
        }
    }
}

/// Judges faces in the depth frames of one sensor.
#[derive(Clone, Debug)]
pub struct DepthLiveness {
    rules: DepthRules,
    class: SensorClass,
    subjects: Subjects,
    most: MaxSkew,
}

impl DepthLiveness {
    /// With the rules that the SDK comes with, for adults, and frames at most 50 ms apart.
    #[must_use]
    pub fn new(class: SensorClass) -> Self {
        Self {
            rules: DepthRules::default(),
            class,
            subjects: Subjects::Adults,
            most: MaxSkew::default(),
        }
    }

    /// With other rules.
    #[must_use]
    pub fn with_rules(self, rules: DepthRules) -> Self {
        Self { rules, ..self }
    }

    /// For other people: see [`Subjects`].
    #[must_use]
    pub fn with_subjects(self, subjects: Subjects) -> Self {
        Self { subjects, ..self }
    }

    /// With another largest skew.
    #[must_use]
    pub fn with_max_skew(self, most: MaxSkew) -> Self {
        Self { most, ..self }
    }

    /// From which answer of a network on a face is alive; `None` of rules without thresholds for one.
    fn look_threshold(&self, sha256: &str) -> Result<Option<f32>, DepthRulesError> {
        self.rules.look_threshold(sha256, self.class, self.subjects)
    }

    /// Judges a face by stage A alone: see [`DepthLook::assess`] for both.
    ///
    /// # Errors
    /// [`FrameUnsynced`] where the landmarks were found in a frame of another moment.
    pub fn assess(
        &self,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment, FrameUnsynced> {
        FrameUnsynced::check(
            face.timestamp_us,
            Stream::Depth,
            frame.timestamp_us(),
            self.most,
        )?;
        let limits = self.rules.limits(self.class);
        Ok(match measure::measure(frame, &face.landmarks, &limits) {
            Ok(measures) => self.judge(measures),
            Err(reason) => DepthAssessment::inconclusive(reason),
        })
    }

    /// Compares measures with the rules.
    #[must_use]
    pub fn judge(&self, measures: DepthMeasures) -> DepthAssessment {
        let people = self.rules.people(self.subjects);
        let mut reasons = Reasons::default();
        let mut evidence = Evidence::default().with(Check::DepthMeasured);
        let [least, most] = people.eye_distance_mm;
        if (least..=most).contains(&measures.eye_distance_mm) {
            evidence.insert(Check::FaceSize);
        } else {
            reasons.insert(Reason::FaceSize);
        }
        let [least, most] = people.nose_mm;
        if measures.nose_mm < least {
            reasons.insert(Reason::NoseTooFlat);
        } else if measures.nose_mm > most {
            reasons.insert(Reason::NoseTooHigh);
        } else {
            evidence.insert(Check::NoseHeight);
        }
        let score = people.probability(&measures);
        if score >= self.rules.threshold(self.class, self.subjects) {
            evidence.insert(Check::Relief);
        } else {
            reasons.insert(Reason::Relief);
        }
        DepthAssessment {
            verdict: if reasons.is_empty() {
                Liveness::Live
            } else {
                Liveness::Spoof(reasons)
            },
            score: Some(score),
            look: None,
            evidence,
            measures: Some(measures),
        }
    }
}

#[cfg(test)]
mod tests;
