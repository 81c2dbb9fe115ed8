//! Photographs on their way into a gallery: many at once, each with its own answer.

use crate::failure::{Failure, Result};
use crate::inputs::{FaceChoice, Pick, each_of_some};
use crate::observer::Progress;
use crate::terminal::args::FaceArgs;
use std::path::Path;
use vultus::config::QualityControl;
use vultus::gallery::EnrolFace;
use vultus::{EnrolOptions, ImageCode, Sdk, Session};

/// How photographs become faces.
pub(super) struct FaceReader<'a> {
    sdk: &'a Sdk,
    choice: FaceChoice,
    options: EnrolOptions,
}

/// A face, or the number of the product documents and the reason.
pub(super) type ReadFace = Result<EnrolFace, (ImageCode, Failure)>;

impl<'a> FaceReader<'a> {
    pub(super) fn new(sdk: &'a Sdk, face: &FaceArgs, quality: u8, keep_crop: bool) -> Result<Self> {
        let choice = face.choice(Pick::Largest)?;
        let options = EnrolOptions {
            detect: choice.options,
            control: QualityControl::new(quality)?,
            keep_crop,
        };
        Ok(Self {
            sdk,
            choice,
            options,
        })
    }

    /// The face of each photograph, in their order. A failure that is not a photograph's own ends the work.
    pub(super) fn read<P: AsRef<Path> + Sync>(
        &self,
        paths: &[P],
        progress: &dyn Progress,
    ) -> Result<Vec<ReadFace>> {
        each_of_some(self.sdk, paths, progress, |session, path| {
            self.one(session, path)
        })
    }

    fn one(&self, session: &mut Session, path: &Path) -> Result<ReadFace> {
        let face = self.choice.read_photo(path).and_then(|photo| {
            let frame = photo.frame();
            let face = session.largest_face(&frame, &self.options.detect)?;
            Ok(session.enrol_face(&frame, &face, &self.options)?)
        });
        match face {
            Ok(face) => Ok(Ok(face)),
            Err(failure) => {
                let failure = failure.about(path);
                match failure.sdk_error().and_then(ImageCode::of) {
                    Some(code) => Ok(Err((code, failure))),
                    None => Err(failure),
                }
            }
        }
    }
}
