//! Every network of a pack at work, for those who want to see what they are run on.

use super::face::DetectOptions;
use super::session::Session;
use crate::error::Result;
use crate::frame::Frame;
use crate::stages::detect::Detection;
use crate::stages::liveness::Modality;
use crate::stages::liveness::colour::ColourLiveness;

impl Session {
    /// Runs every network of the pack on a photograph: all detectors, whichever its strategy would
    /// choose; the mesh for the faces that they find together; and on the prominent face whatever
    /// the pack has besides, the embedder last. With [`Pack::recorded`](crate::model::Pack::recorded)
    /// the inputs are kept.
    ///
    /// # Errors
    /// [`FindError`](super::FindError) when there is no face, [`NoMesh`](super::NoMesh) when the mesh
    /// network sees none in it; else as [`detect`](Self::detect) and [`embed`](Self::embed).
    pub fn exercise(&mut self, frame: &Frame<'_>, options: &DetectOptions) -> Result<()> {
        let detections = self.detect_by_all(frame)?;
        let found = self.faces(frame, detections, options)?;
        let face = found.prominent(frame, options.min_face)?;
        if self.stages.mesher.is_some() {
            self.quality(frame, &face)?;
        } else {
            self.mask_if_seen(frame, &face)?;
            self.learned_quality(frame, &face)?;
        }
        if self.stages.has_liveness(Modality::Colour) {
            let judge: ColourLiveness = self.stages.judge(())?;
            judge.exercise(&mut self.work.liveness, frame, &face.rect)?;
        }
        self.embed(frame, &face)?;
        Ok(())
    }

    /// Runs all detectors of the pack on a frame, and nothing else.
    ///
    /// # Errors
    /// As [`detect`](Self::detect), but a frame without a face is none.
    pub fn exercise_detectors(&mut self, frame: &Frame<'_>) -> Result<()> {
        self.detect_by_all(frame).map(|_| ())
    }

    fn detect_by_all(&mut self, frame: &Frame<'_>) -> Result<Vec<Detection>> {
        self.stages.permit.check()?;
        let all = 0..self.stages.detectors.len();
        Ok(self.detect_with(frame, all)?)
    }
}
