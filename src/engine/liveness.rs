//! Liveness of a face, by each modality that the licence carries.

use super::face::Face;
use super::session::Session;
use super::transparent::check_opaque;
use crate::error::Result;
use crate::frame::{DepthFrame, Frame};
use crate::stages::liveness::Judge;
use crate::stages::liveness::colour::{ColourAssessment, ColourLiveness};
use crate::stages::liveness::depth::{DepthAssessment, DepthFace, DepthLiveness};
use crate::stages::liveness::infrared::{
    InfraredAssessment, InfraredFace, InfraredFrames, InfraredLiveness,
};

impl Session {
    /// Whether a face that [`detect`](Self::detect) found in this colour frame is alive, by the frame alone: the
    /// convenience tier (`docs/liveness.md`), with one frame's uncertainty; see
    /// [`LivenessDecision`](crate::liveness::decision::LivenessDecision). `judge` is made once for a camera by
    /// [`Sdk::liveness_colour`](crate::Sdk::liveness_colour).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without monocular
    /// liveness, [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial;
    /// [`TransparentFace`](crate::face::TransparentFace) where the photograph is transparent;
    /// [`PackError`](crate::pack::PackError) when a network fails.
    pub fn liveness_colour(
        &mut self,
        judge: &ColourLiveness,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<ColourAssessment> {
        let Self { stages, work } = self;
        stages.check_liveness(stages.live_monocular.as_ref())?;
        check_opaque(frame, face)?;
        judge.assess(&mut work.liveness, frame, &face.rect)
    }

    /// Whether a face that was found in a colour frame is alive, by infrared frames of the same moment; with one
    /// moment's uncertainty, as above. `judge` is made once for a camera by
    /// [`Sdk::liveness_infrared`](crate::Sdk::liveness_infrared).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by infrared,
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial;
    /// [`RulesError`](crate::liveness::RulesError) for rules of another network than the pack's;
    /// [`FrameUnsynced`](crate::frame::FrameUnsynced) for frames of different moments;
    /// [`PackError`](crate::pack::PackError) when the network fails, [`NoNumber`](crate::liveness::NoNumber) when its answer is
    /// none.
    pub fn liveness_infrared(
        &mut self,
        judge: &InfraredLiveness,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
    ) -> Result<InfraredAssessment> {
        let Self { stages, work } = self;
        stages.check_liveness(stages.live_infrared.as_ref())?;
        judge.assess(&mut work.liveness, (colour, frames), face)
    }

    /// Whether a face is alive, by a depth frame of the same moment; with one frame's uncertainty, as above. `judge` is
    /// made once for a sensor by [`Sdk::liveness_depth`](crate::Sdk::liveness_depth); the landmarks of `face` come from
    /// [`Registration::landmarks_in_depth`](crate::frame::Registration::landmarks_in_depth), or from a picture in the
    /// sensor's own pixels. What it stops, and what not, is in `docs/liveness.md`.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by structured
    /// light; else as [`liveness_infrared`](Self::liveness_infrared).
    pub fn liveness_depth(
        &mut self,
        judge: &DepthLiveness,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment> {
        let Self { stages, work } = self;
        stages.check_liveness(stages.live_structured_light.as_ref())?;
        judge.assess(&mut work.liveness, frame, face)
    }
}
