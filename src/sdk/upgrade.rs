//! Moving a group of a gallery to another pack, from the crops that were kept.

use super::enrol::ImageCode;
use crate::engine::Session;
use crate::error::{Error, Result, Status};
use crate::gallery::{Gallery, GroupId, Matcher, Unready};
use crate::stages::embed::Embedding;
use std::ops::ControlFlow;

/// Features that are written together: a disk is waited for once.
const FACES_PER_COMMIT: usize = 64;

/// What an upgrade from crops came to so far.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct UpgradeReport {
    /// Faces that have their feature of the new pack now.
    pub done: usize,
    /// Faces without a crop: their persons need a new photograph.
    pub without_crop: Vec<Unready>,
    /// Faces in whose crop this pack sees no face, and why.
    pub failed: Vec<(Unready, Status)>,
    /// Whether it was stopped before the end. Calling again goes on.
    pub stopped: bool,
}

impl Session {
    /// Makes the features of this session's pack for every face of a group under upgrade to it
    /// whose crop was kept. The group goes on answering from its old pack meanwhile; what is done
    /// is on disk, so an interrupted upgrade goes on where it was. `progress` hears how many faces
    /// were looked at of how many, and may stop. `matcher` is of this session's pack.
    ///
    /// # Errors
    /// [`crate::gallery::LibraryError`] when no upgrade is running, or one to another pack; what
    /// the disk says; a network's failure; an expired licence.
    pub fn upgrade_group(
        &mut self,
        gallery: &Gallery,
        matcher: &Matcher,
        group: &GroupId,
        mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<UpgradeReport> {
        let waiting = gallery.snapshot().unready(group)?;
        let all = waiting.len();
        let mut report = UpgradeReport::default();
        let mut made = Vec::new();
        for (looked_at, face) in waiting.into_iter().enumerate() {
            if progress(looked_at, all).is_break() {
                report.stopped = true;
                break;
            }
            match self.read_crop(gallery, &face)? {
                None => report.without_crop.push(face),
                Some(Ok(embedding)) => made.push((face, embedding)),
                Some(Err(status)) => report.failed.push((face, status)),
            }
            if made.len() >= FACES_PER_COMMIT {
                report.done += write(gallery, matcher, group, std::mem::take(&mut made))?;
            }
        }
        report.done += write(gallery, matcher, group, made)?;
        Ok(report)
    }

    /// `None` without a crop; a status where this pack sees no face in it.
    fn read_crop(
        &mut self,
        gallery: &Gallery,
        face: &Unready,
    ) -> Result<Option<Result<Embedding, Status>>> {
        let Some(crop) = gallery.crop(face.face)? else {
            return Ok(None);
        };
        let about_the_crop = |error: &Error| ImageCode::of(error).is_some();
        match self.embed_crop(&crop) {
            Ok(embedding) => Ok(Some(Ok(embedding))),
            Err(error) if about_the_crop(&error) => Ok(Some(Err(error.status()))),
            Err(error) => Err(error),
        }
    }
}

/// Persons may have gone meanwhile: their faces are passed over.
fn write(
    gallery: &Gallery,
    matcher: &Matcher,
    group: &GroupId,
    made: Vec<(Unready, Embedding)>,
) -> Result<usize> {
    gallery.edit(|edit| {
        let mut done = 0;
        for (face, embedding) in made {
            match edit.upgrade_face(matcher, group, &face.person, face.face, &embedding) {
                Ok(()) => done += 1,
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    })
}

fn is_gone(error: &Error) -> bool {
    matches!(
        error.status(),
        Status::PersonIdNotExist | Status::FaceIdNotExist | Status::GroupPersonMapNotExist
    )
}
