//! Liveness of each kind that the licence carries.

use super::{Sdk, Session};
use crate::error::Result;
use crate::frame::{DepthFrame, Frame};
use crate::liveness::colour::ColourAssessment;
use crate::liveness::depth::{DepthAssessment, DepthFace, DepthLiveness};
use crate::liveness::infrared::{
    InfraredAssessment, InfraredFace, InfraredFrames, InfraredLiveness,
};
use crate::pipeline::Face;

impl Sdk {
    /// What judges infrared frames with the pack's network and the rules that the SDK comes with: made once for
    /// a camera, for [`Session::liveness_infrared`].
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by
    /// infrared; [`NoInfraredLiveness`](crate::pipeline::NoInfraredLiveness) for a pack without a network for it;
    /// [`InfraredRulesError`](crate::liveness::infrared::InfraredRulesError) where the rules were not fitted to the
    /// pack's network.
    pub fn infrared_liveness(&self) -> Result<InfraredLiveness> {
        self.engine.infrared_liveness()
    }
}

impl Session {
    /// Whether a face that [`detect`](Session::detect) found in this colour frame is alive, by the frame alone: the
    /// convenience tier (`docs/liveness.md`), with one frame's uncertainty; see
    /// [`LivenessDecision`](crate::liveness::decision::LivenessDecision).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without monocular
    /// liveness; [`NoColourLiveness`](crate::pipeline::NoColourLiveness) for a pack without networks for it, such
    /// as `lite`; [`crate::nn::NetworkError`] when a network fails.
    pub fn liveness_colour(&mut self, frame: &Frame<'_>, face: &Face) -> Result<ColourAssessment> {
        self.engine.liveness_colour(&mut self.work, frame, face)
    }

    /// Whether a face is alive, by a depth frame of the same moment; with one frame's uncertainty, see
    /// [`LivenessDecision`](crate::liveness::decision::LivenessDecision). `judge` is made once for a sensor; the landmarks of
    /// `face` come from [`Registration::landmarks_in_depth`](crate::frame::Registration::landmarks_in_depth), or from a
    /// picture in the sensor's own pixels. What it stops, and what not, is in `docs/liveness.md`. A pack without a network
    /// of role `liveness_depth` leaves geometry alone to judge, which stops no masks; the assessment's `look` is `None` then.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by structured
    /// light; [`DepthError`](crate::liveness::depth::DepthError) for landmarks of another moment, or rules that belong to
    /// another network than the pack's; [`crate::model::PackError`] when the network fails.
    pub fn liveness_depth(
        &mut self,
        judge: &DepthLiveness,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment> {
        self.engine
            .liveness_depth(&mut self.work, judge, frame, face)
    }

    /// Whether a face that was found in a colour frame is alive, by infrared frames of the same moment; with one
    /// moment's uncertainty, as above. `judge` is made once for a camera by [`Sdk::infrared_liveness`].
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by infrared;
    /// [`InfraredError`](crate::liveness::infrared::InfraredError) for frames that do not belong together;
    /// [`crate::model::PackError`] when the network fails.
    pub fn liveness_infrared(
        &mut self,
        judge: &InfraredLiveness,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
    ) -> Result<InfraredAssessment> {
        self.engine
            .liveness_infrared(&mut self.work, judge, colour, frames, face)
    }
}
