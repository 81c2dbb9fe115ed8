//! Liveness of a face, of each kind that the licence carries.

use super::face::Face;
use super::session::Session;
use crate::error::{Coded, Result, Status};
use crate::frame::{DepthFrame, Frame};
use crate::stages::liveness::colour::ColourAssessment;
use crate::stages::liveness::depth::{DepthAssessment, DepthFace, DepthLiveness};
use crate::stages::liveness::infrared::{
    InfraredAssessment, InfraredFace, InfraredFrames, InfraredLiveness,
};
use std::fmt;

impl Session {
    /// Whether a face that [`detect`](Self::detect) found in this colour frame is alive, by the frame alone: the
    /// convenience tier (`docs/liveness.md`), with one frame's uncertainty; see
    /// [`LivenessDecision`](crate::liveness::decision::LivenessDecision).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without monocular
    /// liveness, [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial; [`NoColourLiveness`] for a pack
    /// without networks for it, such as `lite`; [`PackError`](crate::pack::PackError) when a network fails.
    pub fn liveness_colour(&mut self, frame: &Frame<'_>, face: &Face) -> Result<ColourAssessment> {
        let Self { stages, work } = self;
        stages.check_liveness(stages.live_monocular.as_ref())?;
        let liveness = stages.colour_liveness.as_ref().ok_or(NoColourLiveness)?;
        Ok(liveness.assess(&mut work.colour_liveness, frame, &face.rect)?)
    }

    /// Whether a face is alive, by a depth frame of the same moment; with one frame's uncertainty, see
    /// [`LivenessDecision`](crate::liveness::decision::LivenessDecision). `judge` is made once for a sensor; the landmarks of
    /// `face` come from [`Registration::landmarks_in_depth`](crate::frame::Registration::landmarks_in_depth), or from a
    /// picture in the sensor's own pixels. What it stops, and what not, is in `docs/liveness.md`. A pack without a network
    /// of role `liveness_depth` leaves geometry alone to judge, which stops no masks; the assessment's `look` is `None` then.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by structured
    /// light, [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial;
    /// [`DepthError`](crate::liveness::depth::DepthError) for landmarks of another moment, or rules that belong to another
    /// network than the pack's; [`PackError`](crate::pack::PackError) when the network fails.
    pub fn liveness_depth(
        &mut self,
        judge: &DepthLiveness,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment> {
        let Self { stages, work } = self;
        stages.check_liveness(stages.live_structured_light.as_ref())?;
        let Some(look) = &stages.depth_look else {
            return Ok(judge.assess(frame, face)?);
        };
        let runner = work.depth.get(|| look.runner())?;
        Ok(look.assess(runner, judge, frame, face)?)
    }

    /// Whether a face that was found in a colour frame is alive, by infrared frames of the same moment; with one
    /// moment's uncertainty, as above. `judge` is made once for a camera by
    /// [`Sdk::infrared_liveness`](crate::Sdk::infrared_liveness).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by infrared,
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial;
    /// [`InfraredError`](crate::liveness::infrared::InfraredError) for frames that do not belong together;
    /// [`PackError`](crate::pack::PackError) when the network fails.
    pub fn liveness_infrared(
        &mut self,
        judge: &InfraredLiveness,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
    ) -> Result<InfraredAssessment> {
        let Self { stages, work } = self;
        stages.check_liveness(stages.live_infrared.as_ref())?;
        let runner = work.infrared.of(judge)?;
        Ok(judge.assess(runner, colour, frames, face)?)
    }
}

/// The pack has no network that judges infrared frames.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoInfraredLiveness;

impl fmt::Display for NoInfraredLiveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pack has no network for liveness by infrared (role liveness_infrared)")
    }
}

impl std::error::Error for NoInfraredLiveness {}

impl Coded for NoInfraredLiveness {
    fn status(&self) -> Status {
        Status::FeatureNotAvailable
    }
}

/// The pack has no networks that judge whether a face in a colour picture is alive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoColourLiveness;

impl fmt::Display for NoColourLiveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the pack has no networks for liveness of colour pictures (role liveness_colour)",
        )
    }
}

impl std::error::Error for NoColourLiveness {}

impl Coded for NoColourLiveness {
    fn status(&self) -> Status {
        Status::FeatureNotAvailable
    }
}
