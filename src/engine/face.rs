//! What is looked for in a frame, and the faces that were found in it.

use crate::config::MinFaceSize;
use crate::error::{Coded, Status};
use crate::frame::Frame;
use crate::geom::{Landmarks5, Point, Rect};
use crate::stages::mesh::FaceMesh;
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
#[non_exhaustive]
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

/// A photograph in which there is no face to work with.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
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
