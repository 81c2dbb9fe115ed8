//! How good a face is, put together from the stages.

use super::face::Face;
use super::session::Session;
use super::transparent::check_opaque;
use super::workspace::Workspace;
use crate::config::QualityControl;
use crate::error::{Coded, Result, Status};
use crate::frame::Frame;
use crate::geom::{Pose, Rect};
use crate::model::{MESH_POINTS, PackError};
use crate::stages::attribute::MaskState;
use crate::stages::mesh::FaceMesh;
use crate::stages::pose;
use crate::stages::quality::{
    self, EYE_CORNERS, EyesOpen, HeadPlace, MaskSeen, Measured, QualityReport,
};
use std::borrow::Cow;
use std::fmt;

impl Session {
    /// How good a face that [`detect`](Self::detect) found in this frame is for recognition.
    ///
    /// # Errors
    /// [`NoMesh`] when the pack's mesh network sees no face where the detector did, or its points form none;
    /// [`TransparentFace`](crate::face::TransparentFace) where the photograph is transparent; [`PackError`] when a network fails.
    pub fn quality(&mut self, frame: &Frame<'_>, face: &Face) -> Result<QualityReport> {
        let mesh = self.mesh_of(frame, face)?;
        let (measured, pose) = measure(&mut self.work, frame, face, &mesh)?;
        let report = QualityReport {
            total: 0.0,
            measured,
            pose,
            eye_distance_px: mesh.landmarks().eye_distance(),
            face_px: face.rect.short_side(),
            eyes: self.eyes_open(frame, &mesh)?,
            mask: self.mask_if_seen(frame, face)?.map(|state| MaskSeen {
                worn: state.worn,
                probability: state.probability,
            }),
            learned: self.learned_quality(frame, face)?,
        };
        Ok(report.with_total())
    }

    /// What [`quality`](Self::quality) measures without any network but the mesh: pixels and pose.
    ///
    /// # Errors
    /// As [`quality`](Self::quality).
    pub fn measure(&mut self, frame: &Frame<'_>, face: &Face) -> Result<(Measured, Pose)> {
        let mesh = self.mesh_of(frame, face)?;
        measure(&mut self.work, frame, face, &mesh)
    }

    /// Judges a face by the default rules, where not being good enough is an error.
    ///
    /// # Errors
    /// [`QualityRefused`](crate::quality::QualityRefused) naming every flaw, or as [`quality`](Self::quality). At level 0
    /// nothing is refused.
    pub fn qualify(
        &mut self,
        frame: &Frame<'_>,
        face: &Face,
        control: QualityControl,
    ) -> Result<QualityReport> {
        let report = self.quality(frame, face)?;
        self.stages.rules.check(&report, control)?;
        Ok(report)
    }

    /// The face's 468 points: those it was found with, or made now.
    ///
    /// # Errors
    /// As [`quality`](Self::quality).
    pub fn mesh(&mut self, frame: &Frame<'_>, face: &Face) -> Result<FaceMesh> {
        Ok(self.mesh_of(frame, face)?.into_owned())
    }

    /// Whether a face wears a mask.
    ///
    /// # Errors
    /// [`MaskUnknown`] when the pack has no network that sees masks, or it gives no answer; [`PackError`] when it fails.
    pub fn mask(&mut self, frame: &Frame<'_>, face: &Face) -> Result<MaskState> {
        Ok(self.mask_if_seen(frame, face)?.ok_or(MaskUnknown)?)
    }

    /// `None` where the pack has no network for it, or that gives no answer.
    pub(super) fn mask_if_seen(
        &mut self,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<Option<MaskState>> {
        let Self { stages, work } = self;
        stages.permit.check()?;
        let Some(reader) = &stages.mask_reader else {
            return Ok(None);
        };
        let runner = work.mask.get(|| reader.runner())?;
        Ok(reader.read(runner, &mut work.mesh_chip, frame, &face.rect)?)
    }

    pub(super) fn learned_quality(
        &mut self,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<Option<f32>, PackError> {
        let Self { stages, work } = self;
        let Some(judge) = &stages.judge else {
            return Ok(None);
        };
        let runner = work.judge.get(|| judge.runner())?;
        Ok(judge.judge(runner, &mut work.mesh_chip, frame, &face.landmarks)?)
    }

    /// By the pack's eye network, or else by the mesh.
    fn eyes_open(&mut self, frame: &Frame<'_>, mesh: &FaceMesh) -> Result<EyesOpen> {
        let Self { stages, work } = self;
        let apertures = quality::mesh_apertures(&mesh.points).ok_or(NoMesh::Shapeless)?;
        let by_mesh = EyesOpen {
            apertures,
            by_network: false,
        };
        let Some(reader) = &stages.eye_reader else {
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
    fn mesh_of<'f>(&mut self, frame: &Frame<'_>, face: &'f Face) -> Result<Cow<'f, FaceMesh>> {
        let Self { stages, work } = self;
        stages.permit.check()?;
        check_opaque(frame, face)?;
        let mesh = match (&face.mesh, &stages.mesher) {
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
#[non_exhaustive]
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

/// The pack has no network that sees masks, or it gave no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MaskUnknown;

impl fmt::Display for MaskUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pack has no network that sees masks")
    }
}

impl std::error::Error for MaskUnknown {}

impl Coded for MaskUnknown {
    fn status(&self) -> Status {
        Status::FeatureNotAvailable
    }
}
