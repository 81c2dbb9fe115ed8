//! Liveness from near-infrared frames: what the sensor's own lamp shows of a face.
//!
//! Screens are black in infrared and dye is not seen; prints that are, and masks, are left to a network that looks at
//! the light of the lamp alone (the frame with it on less the one with it off), the luminance of the colour frame, and
//! the room's infrared light. No ratio of brightnesses accepts a face by itself: prints have been made that
//! show every such ratio of a face.
//!
//! The caller finds faces in both frames: stages never import one another.

mod agree;
mod assessment;
mod error;
mod input;
mod look;
mod measure;
mod picture;
mod rules;

pub use assessment::InfraredAssessment;
pub use error::InfraredError;
pub use input::{InInfrared, InfraredFace, InfraredFrames};
pub use measure::InfraredMeasures;
pub use picture::{Cut, FacePicture};
pub use rules::{InfraredRules, InfraredRulesError, ReflectedLight};

use super::face::check_landmarks;
use super::{Check, Reason};
use crate::config::MaxSkew;
use crate::frame::{Frame, FrameUnsynced, Stream};
use crate::model::{PackError, PackNetwork};
use look::Look;
use vultus_nn::Runner;

/// Judges faces in the infrared frames of one camera.
#[derive(Clone)]
pub struct InfraredLiveness {
    look: Look,
    rules: InfraredRules,
    most: MaxSkew,
    reflected: Option<ReflectedLight>,
}

impl InfraredLiveness {
    /// With a pack's network of this role, the rules that the SDK comes with, and colour and infrared frames at most 50 ms
    /// apart.
    ///
    /// # Errors
    /// [`InfraredRulesError`] where the rules were not fitted to this network.
    pub fn new(network: &PackNetwork) -> Result<Self, InfraredRulesError> {
        Self::with_rules(network, InfraredRules::default())
    }

    /// With rules of one's own.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_rules(
        network: &PackNetwork,
        rules: InfraredRules,
    ) -> Result<Self, InfraredRulesError> {
        rules.belong_to(&network.spec().sha256)?;
        Ok(Self {
            look: Look::new(network)?,
            rules,
            most: MaxSkew::default(),
            reflected: None,
        })
    }

    /// With another largest skew of the colour frame and the infrared frame.
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

    /// SHA-256 of the network, in lower-case hexadecimal.
    #[must_use]
    pub fn network_sha256(&self) -> &str {
        self.look.sha256()
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when its file is not what the manifest says, or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.look.runner()
    }

    /// Judges a face that was found in the colour frame.
    ///
    /// # Errors
    /// [`InfraredError`] where frames do not belong together or the engine fails.
    pub fn assess(
        &self,
        runner: &mut dyn Runner,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
    ) -> Result<InfraredAssessment, InfraredError> {
        let lit_us = frames.lit().timestamp_us();
        FrameUnsynced::check(face.timestamp_us, Stream::Infrared, lit_us, self.most)?;
        let mut so_far = InfraredAssessment::default();
        match self.look_at(runner, colour, frames, face, &mut so_far) {
            Ok(()) => Ok(so_far.judged()),
            Err(Stop::Reason(reason)) => Ok(so_far.inconclusive(reason)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn look_at(
        &self,
        runner: &mut dyn Runner,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
        so_far: &mut InfraredAssessment,
    ) -> Result<(), Stop> {
        check_landmarks(&face.in_colour, self.rules.least_eye_distance_px())?;
        check_landmarks(&face.in_infrared, self.rules.least_eye_distance_px())?;
        agree::facing(&face.in_colour)?;
        measure::check_exposure(frames, &self.rules)?;
        if face.found == InInfrared::NoFace {
            so_far.evidence.insert(Check::InfraredExposed);
            so_far.reasons.insert(Reason::NoFaceInInfrared);
            return Ok(());
        }
        if let InInfrared::Face(found) = &face.found {
            agree::same_face(found, &face.in_infrared, &self.rules)?;
            so_far.evidence.insert(Check::FaceInInfrared);
        }
        let measures = InfraredMeasures::of(frames, &face.in_infrared, &self.rules)?;
        so_far.measures = Some(measures);
        self.check_reflectance(frames, face, &measures, so_far);
        if so_far.reasons.is_empty() {
            measures.check(&self.rules)?;
            so_far.evidence.insert(Check::InfraredExposed);
            let picture = FacePicture::cut(self.look.cut(), colour, frames, face, &measures)?;
            let score = self.look.score(runner, &picture)?;
            so_far.score = Some(score);
            if score >= self.rules.threshold(frames.unlit().is_some()) {
                so_far.evidence.insert(Check::InfraredLook);
            } else {
                so_far.reasons.insert(Reason::InfraredLook);
            }
        }
        Ok(())
    }

    fn check_reflectance(
        &self,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
        measures: &InfraredMeasures,
        so_far: &mut InfraredAssessment,
    ) {
        // An uncalibrated module has nothing to compare with.
        let Some((expected, camera)) = self.reflected.zip(frames.lit().layout().intrinsics) else {
            return;
        };
        let found = ReflectedLight::of(measures.light, &face.in_infrared, &camera);
        if expected.is_like(found, self.rules.most_reflectance_factor()) {
            so_far.evidence.insert(Check::Reflectance);
        } else {
            so_far.reasons.insert(Reason::Reflectance);
        }
    }
}

/// Why a look at a face ended early.
enum Stop {
    /// It cannot be judged.
    Reason(Reason),
    /// It could not be done.
    Failed(InfraredError),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

impl From<InfraredError> for Stop {
    fn from(error: InfraredError) -> Self {
        Self::Failed(error)
    }
}
