//! Liveness of faces in colour frames.

use super::engine::{Engine, Workspace};
use super::finder::Face;
use crate::error::{Coded, Result, Status};
use crate::frame::Frame;
use crate::liveness::colour::ColourAssessment;
use std::fmt;
use vultus_licensing::capability::LiveMonocular;

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
        let permit = self
            .live_monocular
            .as_ref()
            .ok_or_else(|| self.grant.not_entitled::<LiveMonocular>())?;
        permit.check()?;
        let liveness = self.colour_liveness.as_ref().ok_or(NoColourLiveness)?;
        Ok(liveness.assess(&mut work.colour_liveness, frame, &face.rect)?)
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
