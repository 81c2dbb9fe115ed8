use super::engine::{Engine, Workspace};
use crate::config::MinFaceSize;
use crate::detect::{Detection, merge};
use crate::error::{self, Coded, Status};
use crate::frame::Frame;
use crate::geom::{Landmarks5, Point, Rect, Rotation};
use crate::mesh::FaceMesh;
use crate::model::{DetectStrategy, PackError};
use std::fmt;

/// What to look for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DetectOptions {
    /// Smaller faces do not count.
    pub min_face: MinFaceSize,
    /// The frame may lie on its side or stand on its head without saying so: look at it in all
    /// four ways and keep the one with the most upright faces. Costs four detections.
    pub rotate: bool,
}

/// A face of a frame, in stored pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Its rectangle; it may reach outside the frame.
    pub rect: Rect,
    /// The detector's confidence, `0..=1`.
    pub score: f32,
    /// The five alignment points.
    pub landmarks: Landmarks5,
    /// The mesh, where the pack's detectors or embedder need one.
    pub mesh: Option<FaceMesh>,
}

/// The faces of a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundFaces {
    /// Faces that are large enough, best first.
    pub faces: Vec<Face>,
    /// Shorter side in pixels of the largest face that was too small, if there was one.
    pub too_small_px: Option<f32>,
}

impl FoundFaces {
    /// The face with the largest area, which is the one that enrolment and verification from a
    /// photograph use.
    ///
    /// # Errors
    /// [`FindError`]: no face at all, or none that is large enough.
    pub fn largest(self, min_face: MinFaceSize) -> Result<Face, FindError> {
        let largest = self
            .faces
            .into_iter()
            .max_by(|a, b| a.rect.area().total_cmp(&b.rect.area()));
        largest.ok_or(Self::why_none(self.too_small_px, min_face))
    }

    /// The face that a portrait is about: large and near the middle of the frame, by its area
    /// less twice the square of its distance from the middle. Labelled sets such as LFW centre
    /// the person they name, whoever else stands beside them.
    ///
    /// # Errors
    /// As [`largest`](Self::largest).
    pub fn prominent(self, frame: &Frame<'_>, min_face: MinFaceSize) -> Result<Face, FindError> {
        let (width, height) = frame.size();
        let middle = Point::new(width as f32 / 2.0, height as f32 / 2.0);
        let weight =
            |face: &Face| face.rect.area() - 2.0 * face.rect.centre().distance(middle).powi(2);
        let faces = self.faces.into_iter();
        let prominent = faces.max_by(|a, b| weight(a).total_cmp(&weight(b)));
        prominent.ok_or(Self::why_none(self.too_small_px, min_face))
    }

    fn why_none(too_small_px: Option<f32>, min_face: MinFaceSize) -> FindError {
        match too_small_px {
            Some(found_px) => FindError::TooSmall {
                found_px,
                min_px: min_face.pixels(),
            },
            None => FindError::NoFace,
        }
    }
}

impl Engine {
    /// Finds the faces of a frame.
    ///
    /// # Errors
    /// [`PackError`] when a network fails, or when the trial is over. No face is an empty list.
    pub fn find(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> error::Result<FoundFaces> {
        self.permit.check()?;
        let detections = if options.rotate {
            self.detect_turned(work, frame, options)?
        } else {
            self.detect(work, frame, options)?
        };
        self.faces(work, frame, detections, options)
    }

    /// Completes what is large enough.
    pub(super) fn faces(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        detections: Vec<Detection>,
        options: &DetectOptions,
    ) -> error::Result<FoundFaces> {
        let mut found = FoundFaces::default();
        for detection in detections {
            let side = detection.rect.short_side();
            if side < options.min_face.pixels() as f32 {
                found.too_small_px = Some(found.too_small_px.map_or(side, |other| other.max(side)));
            } else if let Some(face) = self.complete(work, frame, detection)? {
                found.faces.push(face);
            }
        }
        Ok(found)
    }

    /// Detects in all four ways and keeps the way with the largest sum of upright scores.
    fn detect_turned(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> Result<Vec<Detection>, PackError> {
        let mut best = (0.0, Vec::new());
        for turn in Rotation::ALL {
            let turned = frame.turned(turn);
            let mut found = self.detect(work, &turned, options)?;
            found.retain(|detection| is_upright(&turned, detection));
            let sum: f32 = found.iter().map(|detection| detection.score).sum();
            if sum > best.0 {
                best = (sum, found);
            }
        }
        Ok(best.1)
    }

    fn detect(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> Result<Vec<Detection>, PackError> {
        self.detect_with(work, frame, self.chosen_detectors(frame, options))
    }

    /// Detects with these detectors and merges what they find.
    pub(super) fn detect_with(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        detectors: std::ops::Range<usize>,
    ) -> Result<Vec<Detection>, PackError> {
        let mut found = Vec::new();
        for index in detectors {
            let detector = &self.detectors[index];
            let runner = work.detectors[index].get(|| detector.runner())?;
            found.extend(detector.detect(runner, &mut work.letterbox, frame)?);
        }
        Ok(merge(found))
    }

    /// Detectors are kept in rising order of input size.
    fn chosen_detectors(
        &self,
        frame: &Frame<'_>,
        options: &DetectOptions,
    ) -> std::ops::Range<usize> {
        let count = self.detectors.len();
        match self.strategy {
            DetectStrategy::Union => 0..count,
            DetectStrategy::SmallestSufficient => {
                let (size, face) = (frame.upright_size(), options.min_face.pixels());
                let sufficient = self.detectors.iter().position(|d| d.suffices(size, face));
                let index = sufficient.unwrap_or(count - 1);
                index..index + 1
            }
        }
    }

    /// Adds the mesh, where the pack needs one; `None` when the mesh says that it was no face.
    fn complete(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        detection: Detection,
    ) -> Result<Option<Face>, PackError> {
        let mesh = match &self.mesher {
            Some(mesher) if self.mesh_while_finding => {
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

/// A photograph in which there is no face to work with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FindError {
    /// No face at all.
    NoFace,
    /// Only faces below the minimum size.
    TooSmall {
        /// Shorter side of the largest face in pixels.
        found_px: f32,
        /// The minimum in pixels.
        min_px: u32,
    },
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFace => write!(f, "no face was found"),
            Self::TooSmall { found_px, min_px } => {
                write!(
                    f,
                    "the largest face is {found_px:.0} px, the minimum is {min_px} px"
                )
            }
        }
    }
}

impl std::error::Error for FindError {}

impl Coded for FindError {
    fn status(&self) -> Status {
        match self {
            Self::NoFace => Status::NoFaceInPhoto,
            Self::TooSmall { .. } => Status::FaceSizeTooSmall,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameLayout, PixelFormat};

    fn face(side: f32) -> Face {
        let rect = Rect {
            x: 0.0,
            y: 0.0,
            width: side,
            height: side,
        };
        Face {
            rect,
            score: 0.9,
            landmarks: Landmarks5::from_array([Point::default(); 5]),
            mesh: None,
        }
    }

    #[test]
    fn largest_face_or_the_reason_why_there_is_none() {
        let min = MinFaceSize::default();
        let found = FoundFaces {
            faces: vec![face(40.0), face(90.0), face(50.0)],
            too_small_px: None,
        };
        assert_eq!(found.largest(min).map(|f| f.rect.width), Ok(90.0));
        assert_eq!(FoundFaces::default().largest(min), Err(FindError::NoFace));
        let small = FoundFaces {
            faces: vec![],
            too_small_px: Some(20.0),
        };
        assert_eq!(
            small.largest(min),
            Err(FindError::TooSmall {
                found_px: 20.0,
                min_px: 34
            })
        );
    }

    #[test]
    fn a_portrait_is_about_the_middle() {
        let bytes = vec![0; 250 * 250];
        let layout = FrameLayout::packed(PixelFormat::Gray8, 250, 250);
        let frame = Frame::new(layout, &bytes).expect("frame");
        let at = |centre: Point, side: f32| Face {
            rect: Rect::centred(centre, side, side),
            ..face(side)
        };
        let middle = at(Point::new(125.0, 130.0), 100.0);
        let beside = at(Point::new(225.0, 125.0), 120.0);
        let found = |faces| FoundFaces {
            faces,
            too_small_px: None,
        };
        let min = MinFaceSize::default();
        let both = || found(vec![beside.clone(), middle.clone()]);
        assert_eq!(both().prominent(&frame, min), Ok(middle.clone()));
        assert_eq!(both().largest(min), Ok(beside.clone()));
        assert_eq!(found(vec![]).prominent(&frame, min), Err(FindError::NoFace));
    }
}
