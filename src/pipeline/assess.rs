//! Puts the quality of a face together from the stages.

use super::engine::{Engine, Workspace};
use super::finder::Face;
use crate::attribute::MaskState;
use crate::error::{Coded, Result, Status};
use crate::frame::Frame;
use crate::geom::{Pose, Rect};
use crate::mesh::FaceMesh;
use crate::model::{MESH_POINTS, PackError};
use crate::pose;
use crate::quality::{self, EYE_CORNERS, EyesOpen, HeadPlace, MaskSeen, Measured, QualityReport};
use std::borrow::Cow;
use std::fmt;

impl Engine {
    /// Judges a face that [`find`](Self::find) found in this frame.
    ///
    /// # Errors
    /// [`NoMesh`] when the pack's mesh network sees no face where the detector did, or its points
    /// form none; [`PackError`] when a network fails.
    pub fn assess(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<QualityReport> {
        let mesh = self.mesh_of(work, frame, face)?;
        let (measured, pose) = measure(work, frame, face, &mesh)?;
        let report = QualityReport {
            total: 0.0,
            measured,
            pose,
            eye_distance_px: mesh.landmarks().eye_distance(),
            face_px: face.rect.short_side(),
            eyes: self.eyes_open(work, frame, &mesh)?,
            mask: self.mask(work, frame, face)?.map(|state| MaskSeen {
                worn: state.worn,
                probability: state.probability,
            }),
            learned: self.learned(work, frame, face)?,
        };
        Ok(report.with_total())
    }

    /// What [`assess`](Self::assess) sees without any network but the mesh: pixels and pose.
    ///
    /// # Errors
    /// As [`assess`](Self::assess).
    pub fn measure(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<(Measured, Pose)> {
        let mesh = self.mesh_of(work, frame, face)?;
        measure(work, frame, face, &mesh)
    }

    /// The mask, where the pack has a network for it and that gives an answer.
    ///
    /// # Errors
    /// [`PackError`] when the engine fails, or when the trial is over.
    pub fn mask(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<Option<MaskState>> {
        self.permit.check()?;
        let Some(reader) = &self.mask_reader else {
            return Ok(None);
        };
        let runner = work.mask.get(|| reader.runner())?;
        Ok(reader.read(runner, &mut work.mesh_chip, frame, &face.rect)?)
    }

    /// Whether the pack has a network that sees masks.
    #[must_use]
    pub fn sees_masks(&self) -> bool {
        self.mask_reader.is_some()
    }

    pub(super) fn learned(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<Option<f32>, PackError> {
        let Some(judge) = &self.judge else {
            return Ok(None);
        };
        let runner = work.judge.get(|| judge.runner())?;
        Ok(judge.judge(runner, &mut work.mesh_chip, frame, &face.landmarks)?)
    }

    /// By the pack's eye network, or else by the mesh.
    fn eyes_open(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        mesh: &FaceMesh,
    ) -> Result<EyesOpen> {
        let apertures = quality::mesh_apertures(&mesh.points).ok_or(NoMesh::Shapeless)?;
        let by_mesh = EyesOpen {
            apertures,
            by_network: false,
        };
        let Some(reader) = &self.eye_reader else {
            return Ok(by_mesh);
        };
        let mut apertures = [0.0; 2];
        for (aperture, corners) in apertures.iter_mut().zip(EYE_CORNERS) {
            let runner = work.eyes.get(|| reader.runner())?;
            let corners = corners.map(|i| mesh.points[i]);
            match reader.aperture(runner, &mut work.mesh_chip, frame, corners)? {
                Some(found) => *aperture = found,
                None => return Ok(by_mesh),
            }
        }
        Ok(EyesOpen {
            apertures,
            by_network: true,
        })
    }

    /// The face's own mesh, or one made now.
    ///
    /// # Errors
    /// As [`assess`](Self::assess).
    pub fn mesh_of<'f>(
        &self,
        work: &mut Workspace,
        frame: &Frame<'_>,
        face: &'f Face,
    ) -> Result<Cow<'f, FaceMesh>> {
        self.permit.check()?;
        let mesh = match (&face.mesh, &self.mesher) {
            (Some(mesh), _) => Cow::Borrowed(mesh),
            (None, None) => return Err(NoMesh::NoNetwork.into()),
            (None, Some(mesher)) => {
                let runner = work.mesher.get(|| mesher.runner())?;
                let eyes = [face.landmarks.left_eye, face.landmarks.right_eye];
                let mut mesh_in = |rect: &Rect| -> Result<FaceMesh> {
                    let found = mesher.refine(runner, &mut work.mesh_chip, frame, rect, eyes)?;
                    Ok(found.ok_or(NoMesh::NoFace)?)
                };
                // The network wants its own idea of a face's extent, which this pack's detector
                // does not give; the points of a first pass do.
                let rough = mesh_in(&face.rect)?;
                let extent = Rect::around(&rough.points).ok_or(NoMesh::Shapeless)?;
                Cow::Owned(mesh_in(&extent)?)
            }
        };
        if mesh.points.len() == MESH_POINTS && mesh.depth.len() == MESH_POINTS {
            Ok(mesh)
        } else {
            Err(NoMesh::Shapeless.into())
        }
    }
}

fn measure(
    work: &mut Workspace,
    frame: &Frame<'_>,
    face: &Face,
    mesh: &FaceMesh,
) -> Result<(Measured, Pose)> {
    let to_upright = frame.stored_to_upright();
    let upright: Vec<_> = mesh.points.iter().map(|&p| to_upright.apply(p)).collect();
    let head = pose::fit(&upright, &mesh.depth).ok_or(NoMesh::Shapeless)?;
    let place = HeadPlace {
        between_eyes: head.between_eyes,
        eye_distance_px: head.eye_distance_px,
        roll: head.pose.roll,
    };
    let measured = quality::measure(&mut work.quality, frame, &mesh.points, &face.rect, &place);
    Ok((measured.ok_or(NoMesh::Shapeless)?, head.pose))
}

/// A face whose quality cannot be judged, for want of a mesh.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoMesh {
    /// The pack has no mesh network.
    NoNetwork,
    /// The mesh network sees no face in the detection.
    NoFace,
    /// The mesh's points form no face.
    Shapeless,
}

impl fmt::Display for NoMesh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoNetwork => "the pack has no mesh network, which quality needs",
            Self::NoFace => "the mesh network sees no face in the detection",
            Self::Shapeless => "the points of the mesh form no face",
        })
    }
}

impl std::error::Error for NoMesh {}

impl Coded for NoMesh {
    fn status(&self) -> Status {
        match self {
            Self::NoNetwork => Status::FeatureNotAvailable,
            Self::NoFace | Self::Shapeless => Status::FaceGeometryInvalid,
        }
    }
}
