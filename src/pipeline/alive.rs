//! Liveness of faces, as far as the licence carries it: by colour frames, by depth, by infrared.

use super::engine::{Engine, Workspace};
use super::finder::Face;
use crate::error::{Coded, Result, Status};
use crate::frame::{DepthFrame, Frame};
use crate::liveness::colour::ColourAssessment;
use crate::liveness::depth::{DepthAssessment, DepthFace, DepthLiveness};
use crate::liveness::infrared::{
    InfraredAssessment, InfraredFace, InfraredFrames, InfraredLiveness,
};
use crate::model::PackError;
use crate::nn::Runner;
use std::fmt;
use vultus_licensing::capability::Licensed;
use vultus_licensing::grant::Permit;

impl Engine {
    /// Judges a face that [`find`](Self::find) found in this frame.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without monocular
    /// liveness, [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial,
    /// [`NoColourLiveness`] for a pack without networks for it, or
    /// [`PackError`](crate::model::PackError) when one fails.
    pub fn liveness_colour(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<ColourAssessment> {
        self.check(self.live_monocular.as_ref())?;
        let liveness = self.colour_liveness.as_ref().ok_or(NoColourLiveness)?;
        Ok(liveness.assess(&mut work.colour_liveness, frame, &face.rect)?)
    }

    /// Judges a face in a depth frame of the same moment; by stage A alone where the pack has no network for stage B, and
    /// then the assessment's `look` is `None`.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by
    /// structured light, [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial,
    /// [`DepthError`](crate::liveness::depth::DepthError) for landmarks of another moment or rules of another network, or
    /// [`PackError`] when the network fails.
    pub fn liveness_depth(
        &self,
        work: &mut Workspace,
        judge: &DepthLiveness,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> Result<DepthAssessment> {
        self.check(self.live_structured_light.as_ref())?;
        let Some(look) = &self.depth_look else {
            return Ok(judge.assess(frame, face)?);
        };
        let runner = work.depth.get(|| look.runner())?;
        Ok(look.assess(runner, judge, frame, face)?)
    }

    /// What judges infrared frames with the pack's network and the rules that the SDK comes with.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by
    /// infrared, [`NoInfraredLiveness`] for a pack without a network for it, or
    /// [`InfraredRulesError`](crate::liveness::infrared::InfraredRulesError) where the rules were not fitted to the
    /// pack's network.
    pub fn infrared_liveness(&self) -> Result<InfraredLiveness> {
        self.check(self.live_infrared.as_ref())?;
        let network = self.infrared.as_ref().ok_or(NoInfraredLiveness)?;
        Ok(InfraredLiveness::new(network)?)
    }

    /// Judges a face of a colour frame by infrared frames of the same moment.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled),
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial,
    /// [`InfraredError`](crate::liveness::infrared::InfraredError) where frames do not belong together, or
    /// [`PackError`] when the network fails.
    pub fn liveness_infrared(
        &self,
        work: &mut Workspace,
        judge: &InfraredLiveness,
        colour: &Frame<'_>,
        frames: &InfraredFrames<'_>,
        face: &InfraredFace,
    ) -> Result<InfraredAssessment> {
        self.check(self.live_infrared.as_ref())?;
        let runner = work.infrared.of(judge)?;
        Ok(judge.assess(runner, colour, frames, face)?)
    }

    /// Whether the licence carries a kind of liveness, and still holds.
    fn check<C: Licensed>(&self, permit: Option<&Permit<C>>) -> Result<()> {
        let permit = permit.ok_or_else(|| self.grant.not_entitled::<C>())?;
        Ok(permit.check()?)
    }
}

/// A runner of the network that a judge of infrared frames brings. Made when first needed, and anew for a judge with
/// another network: running the wrong one would be noticed by nobody.
#[derive(Default)]
pub(super) struct InfraredRunner(Option<(String, Box<dyn Runner>)>);

impl InfraredRunner {
    fn of(&mut self, judge: &InfraredLiveness) -> Result<&mut dyn Runner, PackError> {
        let sha256 = judge.network_sha256();
        let kept = self.0.take().filter(|(of, _)| of == sha256);
        let made = match kept {
            Some(kept) => kept,
            None => (sha256.to_owned(), judge.runner()?),
        };
        Ok(&mut *self.0.insert(made).1)
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
