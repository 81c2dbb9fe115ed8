//! Judging a face in infrared frames.

use super::agree;
use super::input::{InInfrared, InfraredFace, InfraredFrames};
use super::measure::{InfraredMeasures, check_exposure, check_light, measure};
use super::picture::{Cut, FacePicture};
use super::reflected::ReflectedLight;
use super::rules::InfraredRules;
use crate::config::MaxSkew;
use crate::error::{Error, Result};
use crate::frame::{Frame, FrameUnsynced, Stream};
use crate::model::PackNetwork;
use crate::stages::liveness::assessment::{Assessment, Findings};
use crate::stages::liveness::classifier::Classifier;
use crate::stages::liveness::face::check_landmarks;
use crate::stages::liveness::judge::{Judge, NetworkMissing};
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::RulesError;
use crate::stages::liveness::runners::Runners;
use crate::stages::liveness::scratch::Scratch;
use crate::stages::liveness::verdict::{Check, Reason, Reasons};

/// What the infrared frames of one moment say of a face.
pub type InfraredAssessment = Assessment<InfraredMeasures>;

/// Judges faces in the infrared frames of one camera. Made by [`Sdk::liveness_infrared`](crate::Sdk::liveness_infrared).
#[derive(Clone, Debug)]
pub struct InfraredLiveness {
    classifier: Classifier<Cut>,
    rules: InfraredRules,
    most: MaxSkew,
    reflected: Option<ReflectedLight>,
}

impl InfraredLiveness {
    /// With other rules.
    ///
    /// # Errors
    /// [`RulesError::OtherNetwork`] for rules that were fitted to another network than the pack's.
    pub fn with_rules(self, rules: InfraredRules) -> Result<Self, RulesError> {
        let with = Self { rules, ..self };
        with.check_rules()?;
        Ok(with)
    }

    /// Whether the rules belong to the pack's network, as judging asks.
    ///
    /// # Errors
    /// [`RulesError::OtherNetwork`] where they do not.
    pub fn check_rules(&self) -> Result<(), RulesError> {
        self.rules.check_network(Some(self.classifier.sha256()))
    }

    /// With another largest skew of the colour frame and the infrared frame than 50 ms.
    #[must_use]
    pub fn with_max_skew(self, most: MaxSkew) -> Self {
        Self { most, ..self }
    }

    /// With what a module of fixed exposure measures of people: artefacts of another reflectance or size are refused.
    #[must_use]
    pub fn with_reflected_light(self, reflected: ReflectedLight) -> Self {
        Self {
            reflected: Some(reflected),
            ..self
        }
    }

    /// Makes every check up to the first that says no.
    fn check(
        &self,
        runners: &mut Runners,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
        findings: &mut Findings<InfraredMeasures>,
    ) -> Result<(), Stop> {
        let limits = &self.rules.file().face;
        check_landmarks(&face.in_colour, limits.least_eye_distance_px)?;
        check_landmarks(&face.in_infrared, limits.least_eye_distance_px)?;
        agree::facing(&face.in_colour)?;
        check_exposure(frames, &self.rules)?;
        if face.found == InInfrared::NoFace {
            findings.passed(Check::InfraredExposed);
            findings.failed(Reason::NoFaceInInfrared);
            return Ok(());
        }
        if let InInfrared::Face(found) = &face.found {
            agree::same_face(found, &face.in_infrared, &self.rules)?;
            findings.passed(Check::FaceInInfrared);
        }
        let measures = measure(frames, &face.in_infrared, &self.rules)?;
        findings.measures = Some(measures);
        self.check_reflectance(frames, face, &measures, findings);
        if findings.all_passed() {
            check_light(&measures, &self.rules)?;
            findings.passed(Check::InfraredExposed);
            let cut = self.classifier.layout();
            let picture = FacePicture::cut(cut, colour, frames, face, &measures)?;
            let living = self.classifier.living(runners, picture.image())?;
            findings.score = Some(living);
            findings.networks.push(living);
            let passes = living >= self.rules.threshold(frames.unlit().is_some());
            findings.check(passes, Check::InfraredLook, Reason::InfraredLook);
        }
        Ok(())
    }

    fn check_reflectance(
        &self,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
        measures: &InfraredMeasures,
        findings: &mut Findings<InfraredMeasures>,
    ) {
        // An uncalibrated module has nothing to compare with.
        let Some((expected, camera)) = self.reflected.zip(frames.lit().layout().intrinsics) else {
            return;
        };
        let found = ReflectedLight::of(measures.light, &face.in_infrared, &camera);
        let passes = expected.is_like(found, self.rules.file().face.most_reflectance_factor);
        findings.check(passes, Check::Reflectance, Reason::Reflectance);
    }
}

impl Judge for InfraredLiveness {
    const MODALITY: Modality = Modality::Infrared;
    type Sensor = ();
    /// The colour frame, and those of infrared.
    type Frames<'a> = (&'a Frame<'a>, &'a InfraredFrames<'a>);
    type Face = InfraredFace;
    type Measures = InfraredMeasures;

    fn new<'n>((): (), networks: impl IntoIterator<Item = &'n PackNetwork>) -> Result<Self> {
        let modality = Self::MODALITY;
        let network = networks.into_iter().next();
        let network = network.ok_or(NetworkMissing { modality })?;
        Ok(Self {
            classifier: Classifier::<Cut>::new(network)?,
            rules: InfraredRules::default(),
            most: MaxSkew::default(),
            reflected: None,
        })
    }

    fn assess(
        &self,
        scratch: &mut Scratch,
        (colour, frames): Self::Frames<'_>,
        face: &InfraredFace,
    ) -> Result<InfraredAssessment> {
        self.check_rules()?;
        let lit_us = frames.lit().timestamp_us();
        FrameUnsynced::check(face.timestamp_us, Stream::Infrared, lit_us, self.most)?;
        let mut findings = Findings::default();
        match self.check(&mut scratch.runners, colour, frames, face, &mut findings) {
            Ok(()) => Ok(findings.judged()),
            Err(Stop::Reason(reason)) => Ok(findings.inconclusive(Reasons::default().with(reason))),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

/// Why the checks of a face ended early.
enum Stop {
    /// It cannot be judged.
    Reason(Reason),
    /// It could not be done.
    Failed(Error),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}
