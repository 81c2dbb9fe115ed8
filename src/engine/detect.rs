//! Finding the faces of a frame.

use super::face::{DetectOptions, Face, FoundFaces};
use super::session::Session;
use crate::error::Result;
use crate::frame::Frame;
use crate::geom::Rotation;
use crate::model::{DetectStrategy, PackError};
use crate::stages::detect::{Detection, merge};
use crate::stages::mesh::FaceMesh;
use std::ops::Range;

impl Session {
    /// Faces of a camera frame or photograph, best first; none is an empty list.
    ///
    /// # Errors
    /// [`NetworkError`](vultus_nn::NetworkError) when a network fails, or
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) when the trial is over.
    pub fn detect(&mut self, frame: &Frame<'_>, options: &DetectOptions) -> Result<FoundFaces> {
        self.stages.permit.check()?;
        let detections = if options.rotate {
            self.detect_turned(frame, options)?
        } else {
            self.detect_upright(frame, options)?
        };
        self.faces(frame, detections, options)
    }

    /// The largest face of a photograph, where having none is an error.
    ///
    /// # Errors
    /// [`FindError`](super::FindError) when there is no face or only smaller ones, or as [`detect`](Self::detect).
    pub fn largest_face(&mut self, frame: &Frame<'_>, options: &DetectOptions) -> Result<Face> {
        Ok(self.detect(frame, options)?.largest(options.min_face)?)
    }

    /// Completes what is large enough.
    pub(super) fn faces(
        &mut self,
        frame: &Frame<'_>,
        detections: Vec<Detection>,
        options: &DetectOptions,
    ) -> Result<FoundFaces> {
        let mut found = FoundFaces::default();
        for detection in detections {
            let side = detection.rect.short_side();
            if side < options.min_face.pixels() as f32 {
                found.too_small_px = Some(found.too_small_px.map_or(side, |other| other.max(side)));
            } else if let Some(face) = self.complete(frame, detection)? {
                found.faces.push(face);
            }
        }
        Ok(found)
    }

    /// Detects in all four ways and keeps the way with the largest sum of upright scores.
    fn detect_turned(
        &mut self,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> Result<Vec<Detection>, PackError> {
        let mut best = (0.0, Vec::new());
        for turn in Rotation::ALL {
            let turned = frame.turned(turn);
            let mut found = self.detect_upright(&turned, options)?;
            found.retain(|detection| is_upright(&turned, detection));
            let sum: f32 = found.iter().map(|detection| detection.score).sum();
            if sum > best.0 {
                best = (sum, found);
            }
        }
        Ok(best.1)
    }

    fn detect_upright(
        &mut self,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> Result<Vec<Detection>, PackError> {
        self.detect_with(frame, self.chosen_detectors(frame, options))
    }

    /// Detects with these detectors and merges what they find.
    pub(super) fn detect_with(
        &mut self,
        frame: &Frame<'_>,
        detectors: Range<usize>,
    ) -> Result<Vec<Detection>, PackError> {
        let Self { stages, work } = self;
        let mut found = Vec::new();
        for index in detectors {
            let detector = &stages.detectors[index];
            let runner = work.detectors[index].get(|| detector.runner())?;
            found.extend(detector.detect(runner, &mut work.letterbox, frame)?);
        }
        Ok(merge(found))
    }

    /// Detectors are kept in rising order of input size.
    fn chosen_detectors(&self, frame: &Frame<'_>, options: &DetectOptions) -> Range<usize> {
        let detectors = &self.stages.detectors;
        let count = detectors.len();
        match self.stages.strategy {
            DetectStrategy::Union => 0..count,
            DetectStrategy::SmallestSufficient => {
                let (size, face) = (frame.upright_size(), options.min_face.pixels());
                let sufficient = detectors.iter().position(|d| d.suffices(size, face));
                let index = sufficient.unwrap_or(count - 1);
                index..index + 1
            }
        }
    }

    /// Adds the mesh, where the pack needs one; `None` when the mesh says that it was no face.
    fn complete(
        &mut self,
        frame: &Frame<'_>,
        detection: Detection,
    ) -> Result<Option<Face>, PackError> {
        let Self { stages, work } = self;
        let mesh = match &stages.mesher {
            Some(mesher) if stages.mesh_while_finding => {
                let runner = work.mesher.get(|| mesher.runner())?;
                let chip = &mut work.mesh_chip;
                match mesher.refine(runner, chip, frame, &detection.rect, detection.eyes)? {
                    Some(mesh) => Some(mesh),
                    None => return Ok(None),
                }
            }
            _ => None,
        };
        // The manifest guarantees that a detector without five points comes with a mesh.
        let landmarks = detection
            .landmarks
            .or_else(|| mesh.as_ref().map(FaceMesh::landmarks));
        Ok(landmarks.map(|landmarks| Face {
            rect: detection.rect,
            score: detection.score,
            landmarks,
            mesh,
        }))
    }
}

/// Whether the eyes are level within 45 degrees in the frame's upright picture, the left one left.
fn is_upright(frame: &Frame<'_>, detection: &Detection) -> bool {
    let to_upright = frame.stored_to_upright();
    let [left, right] = detection.eyes.map(|eye| to_upright.apply(eye));
    right.x - left.x > (right.y - left.y).abs()
}
