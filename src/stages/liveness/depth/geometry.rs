//! Stage A: geometry in millimetres.

use super::measure::measure;
use super::measures::DepthMeasures;
use super::rules::DepthRules;
use super::sensor::{SensorClass, Subjects};
use crate::frame::DepthFrame;
use crate::geom::Landmarks5;
use crate::stages::liveness::assessment::{Assessment, Findings};
use crate::stages::liveness::verdict::{Check, Reason, Reasons};

/// What one depth frame says of a face.
pub type DepthAssessment = Assessment<DepthMeasures>;

/// Judges measures of a face by rules.
#[derive(Clone, Debug)]
pub struct Geometry {
    pub(super) rules: DepthRules,
    pub(super) class: SensorClass,
    pub(super) subjects: Subjects,
}

impl Geometry {
    /// With rules for a sensor of this class, before which these people come.
    #[must_use]
    pub fn new(rules: DepthRules, class: SensorClass, subjects: Subjects) -> Self {
        Self {
            rules,
            class,
            subjects,
        }
    }

    /// Measures a face by its landmarks in stored pixels of the frame, and compares.
    #[must_use]
    pub fn assess(&self, frame: &DepthFrame<'_>, landmarks: &Landmarks5) -> DepthAssessment {
        match measure(frame, landmarks, &self.rules.limits(self.class)) {
            Ok(measures) => self.judge(measures),
            Err(reason) => Findings::default().inconclusive(Reasons::default().with(reason)),
        }
    }

    /// Compares measures with the rules.
    #[must_use]
    pub fn judge(&self, measures: DepthMeasures) -> DepthAssessment {
        let people = self.rules.people(self.subjects);
        let mut findings = Findings::default();
        findings.passed(Check::DepthMeasured);
        let [least, most] = people.eye_distance_mm;
        let usual = (least..=most).contains(&measures.eye_distance_mm);
        findings.check(usual, Check::FaceSize, Reason::FaceSize);
        let [least, most] = people.nose_mm;
        if measures.nose_mm < least {
            findings.failed(Reason::NoseTooFlat);
        } else if measures.nose_mm > most {
            findings.failed(Reason::NoseTooHigh);
        } else {
            findings.passed(Check::NoseHeight);
        }
        let score = people.probability(&measures);
        let passes = score >= self.rules.threshold(self.class, self.subjects);
        findings.check(passes, Check::Relief, Reason::Relief);
        findings.score = Some(score);
        findings.measures = Some(measures);
        findings.judged()
    }
}
