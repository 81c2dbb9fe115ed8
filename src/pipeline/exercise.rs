//! Every network of a pack at work, for those who want to see what they are run on.

use super::engine::{Engine, Workspace};
use super::finder::DetectOptions;
use crate::detect::Detection;
use crate::error::Result;
use crate::frame::Frame;

impl Engine {
    /// Runs every network of the pack on a photograph: all detectors, whichever its strategy would
    /// choose; the mesh for the faces that they find together; and on the prominent face whatever
    /// the pack has besides, the embedder last. With [`Pack::recorded`](crate::model::Pack::recorded)
    /// the inputs are kept.
    ///
    /// # Errors
    /// [`FindError`](super::FindError) when there is no face, [`NoMesh`](super::NoMesh) when the mesh
    /// network sees none in it; else as [`find`](Self::find) and [`embed`](Self::embed).
    pub fn exercise(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> Result<()> {
        let detections = self.detect_by_all(work, frame)?;
        let found = self.faces(work, frame, detections, options)?;
        let face = found.prominent(frame, options.min_face)?;
        if self.mesher.is_some() {
            self.assess(work, frame, &face)?;
        } else {
            self.mask(work, frame, &face)?;
            self.learned(work, frame, &face)?;
        }
        if let Some(liveness) = &self.colour_liveness {
            liveness.exercise(&mut work.colour_liveness, frame, &face.rect)?;
        }
        self.embed(work, frame, &face)?;
        Ok(())
    }

    /// Runs all detectors of the pack on a frame, and nothing else.
    ///
    /// # Errors
    /// As [`find`](Self::find), but a frame without a face is none.
    pub fn exercise_detectors(&self, work: &mut Workspace, frame: &Frame<'_>) -> Result<()> {
        self.detect_by_all(work, frame).map(|_| ())
    }

    fn detect_by_all(&self, work: &mut Workspace, frame: &Frame<'_>) -> Result<Vec<Detection>> {
        self.permit.check()?;
        Ok(self.detect_with(work, frame, 0..self.detectors.len())?)
    }
}
