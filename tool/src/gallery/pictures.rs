//! Photographs on their way into a gallery: many at once, each with its own answer.

use crate::args::{FaceArgs, Pick};
use crate::context::{FaceChoice, session_in};
use crate::failure::{CliResult, Failure};
use crate::output::Output;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use std::path::Path;
use vultus::config::QualityControl;
use vultus::gallery::EnrolFace;
use vultus::{EnrolOptions, ImageCode, Sdk, Session};

/// How photographs become faces.
pub(super) struct Maker<'a> {
    sdk: &'a Sdk,
    choice: FaceChoice,
    options: EnrolOptions,
}

/// A face, or the number of the product documents and the reason.
pub(super) type Made = Result<EnrolFace, (ImageCode, Failure)>;

impl<'a> Maker<'a> {
    pub(super) fn new(
        sdk: &'a Sdk,
        face: &FaceArgs,
        quality: u8,
        keep_crop: bool,
    ) -> CliResult<Self> {
        let choice = FaceChoice::new(face, Pick::Largest)?;
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

    /// What each photograph has become, in their order. A failure that is not a photograph's own
    /// ends the work.
    pub(super) fn make(
        &self,
        paths: &[&Path],
        output: &Output,
        what: &str,
    ) -> CliResult<Vec<Made>> {
        let bar = output.progress(what, paths.len());
        let made = paths
            .par_iter()
            .progress_with(bar.clone())
            .map_init(
                || None,
                |session: &mut Option<Session>, path| {
                    self.one(session_in(session, self.sdk)?, path)
                },
            )
            .collect();
        bar.finish_and_clear();
        made
    }

    fn one(&self, session: &mut Session, path: &Path) -> CliResult<Made> {
        let made = self.choice.read_photo(path).and_then(|photo| {
            let frame = photo.frame();
            let face = session.largest_face(&frame, &self.options.detect)?;
            Ok(session.enrol_face(&frame, &face, &self.options)?)
        });
        match made {
            Ok(face) => Ok(Ok(face)),
            Err(failure) => {
                let failure = failure.about(path);
                match failure.sdk().and_then(ImageCode::of) {
                    Some(code) => Ok(Err((code, failure))),
                    None => Err(failure),
                }
            }
        }
    }
}
