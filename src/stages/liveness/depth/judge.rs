//! Judging a face in a depth frame, by both stages.

use super::geometry::{DepthAssessment, Geometry};
use super::input::DepthFace;
use super::measures::DepthMeasures;
use super::picture::{ReliefCells, ReliefPicture};
use super::rules::DepthRules;
use super::sensor::{SensorClass, Subjects};
use crate::config::MaxSkew;
use crate::error::Result;
use crate::frame::{DepthFrame, FrameUnsynced, Stream};
use crate::model::PackNetwork;
use crate::stages::liveness::classifier::Classifier;
use crate::stages::liveness::judge::Judge;
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::RulesError;
use crate::stages::liveness::scratch::Scratch;

/// Judges faces in the depth frames of one sensor. Made by [`Sdk::liveness_depth`](crate::Sdk::liveness_depth).
///
/// Where geometry calls a face live, the pack's network may still refuse it with
/// [`Reason::DepthLook`](crate::liveness::Reason::DepthLook). With a pack without one, or with rules that have no thresholds for
/// one, geometry judges alone, which stops no masks: no network has answered in the assessment then.
#[derive(Clone, Debug)]
pub struct DepthLiveness {
    geometry: Geometry,
    most: MaxSkew,
    classifier: Option<Classifier<ReliefCells>>,
}

impl DepthLiveness {
    /// With other rules.
    ///
    /// # Errors
    /// [`RulesError::OtherNetwork`] for rules that were fitted to another network than the pack's.
    pub fn with_rules(mut self, rules: DepthRules) -> Result<Self, RulesError> {
        self.geometry.rules = rules;
        self.check_rules()?;
        Ok(self)
    }

    /// Whether the rules belong to the pack's network, as judging asks.
    ///
    /// # Errors
    /// [`RulesError::OtherNetwork`] where they do not.
    pub fn check_rules(&self) -> Result<(), RulesError> {
        let sha256 = self.classifier.as_ref().map(Classifier::sha256);
        self.geometry.rules.check_network(sha256)
    }

    /// For other people than adults: see [`Subjects`].
    #[must_use]
    pub fn with_subjects(mut self, subjects: Subjects) -> Self {
        self.geometry.subjects = subjects;
        self
    }

    /// With another largest skew of the landmarks' frame and the depth frame than 50 ms.
    #[must_use]
    pub fn with_max_skew(self, most: MaxSkew) -> Self {
        Self { most, ..self }
    }
}

impl Judge for DepthLiveness {
    const MODALITY: Modality = Modality::Depth;
    type Sensor = SensorClass;
    type Frames<'a> = &'a DepthFrame<'a>;
    type Face = DepthFace;
    type Measures = DepthMeasures;

    fn new<'n>(
        class: SensorClass,
        networks: impl IntoIterator<Item = &'n PackNetwork>,
    ) -> Result<Self> {
        let network = networks.into_iter().next();
        Ok(Self {
            geometry: Geometry::new(DepthRules::default(), class, Subjects::default()),
            most: MaxSkew::default(),
            classifier: network.map(Classifier::<ReliefCells>::new).transpose()?,
        })
    }

    fn assess(
        &self,
        scratch: &mut Scratch,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment> {
        self.check_rules()?;
        let depth_us = frame.timestamp_us();
        FrameUnsynced::check(face.timestamp_us, Stream::Depth, depth_us, self.most)?;
        let geometry = &self.geometry;
        let found = geometry.assess(frame, &face.landmarks);
        let rules = &geometry.rules;
        let threshold = rules.network_threshold(geometry.class, geometry.subjects);
        let network = self.classifier.as_ref().zip(threshold);
        let Some((classifier, threshold)) = network.filter(|_| found.verdict.is_live()) else {
            return Ok(found);
        };
        let picture = match ReliefPicture::of(*classifier.layout(), frame, &face.landmarks) {
            Ok(picture) => picture,
            // What stage A saw was enough for it, and is not for the network.
            Err(reason) => return Ok(found.inconclusive(reason)),
        };
        let living = classifier.living(&mut scratch.runners, picture.image())?;
        Ok(found.after_network(living, threshold))
    }
}
