//! From a face of a frame to its embedding.

use super::face::Face;
use super::session::Session;
use super::transparent::check_opaque;
use crate::error::{Coded, Result, Status};
use crate::frame::Frame;
use crate::model::MESH_POINTS;
use crate::stages::align::AlignedFace;
use crate::stages::embed::Embedding;
use std::fmt;
use std::sync::Arc;

impl Session {
    /// Straightens a face for the pack's embedder; valid until the next call.
    ///
    /// # Errors
    /// [`AlignError`](crate::face::AlignError) when the face's points are no face, [`FaceWithoutMesh`] for a face of another
    /// pack, [`TransparentFace`](crate::face::TransparentFace) where the photograph is transparent, or [`Expired`](vultus_licensing::error::LicenceError::Expired) when the trial is over.
    pub fn align(&mut self, frame: &Frame<'_>, face: &Face) -> Result<&AlignedFace> {
        let Self { stages, work } = self;
        stages.permit.check()?;
        check_opaque(frame, face)?;
        let points = match (stages.aligner.mesh_points(), &face.mesh) {
            (Some(indices), Some(mesh)) if mesh.points.len() == MESH_POINTS => {
                indices.map(|i| mesh.points[i])
            }
            (Some(_), _) => return Err(FaceWithoutMesh.into()),
            (None, _) => face.landmarks.to_array(),
        };
        stages.aligner.align(frame, &points, &mut work.aligned)?;
        Ok(&work.aligned)
    }

    /// The embedding of a face that [`detect`](Self::detect) found in this frame.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without recognition, as
    /// [`align`](Self::align), or [`EmbedError`](crate::face::EmbedError) when the network fails.
    pub fn embed(&mut self, frame: &Frame<'_>, face: &Face) -> Result<Embedding> {
        let stages = Arc::clone(&self.stages);
        let embedder = &stages.recogniser()?.embedder;
        self.align(frame, face)?;
        let runner = self.work.embedder.get(|| embedder.runner())?;
        Ok(embedder.embed(runner, &self.work.aligned.chip)?)
    }
}

/// The face came from a pack without a mesh, the embedder needs one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FaceWithoutMesh;

impl fmt::Display for FaceWithoutMesh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the face has no mesh, which this pack's alignment needs; detect it with this pack"
        )
    }
}

impl std::error::Error for FaceWithoutMesh {}

impl Coded for FaceWithoutMesh {
    fn status(&self) -> Status {
        Status::FaceGeometryInvalid
    }
}
