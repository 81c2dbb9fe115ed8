//! How photographs are read and which of their faces counts.

use super::files::read_one_beyond;
use crate::failure::{Failure, Result, WithFile};
use clap::ValueEnum;
use std::path::Path;
use vultus::config::QualityControl;
use vultus::frame::{Frame, Photo, PhotoLimits};
use vultus::quality::QualityReport;
use vultus::{DetectOptions, Embedding, Face, Session};

// The comments of the variants are the help of `--pick`.
/// Which face of a photograph counts where only one can.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Pick {
    /// The one with the largest area.
    Largest,
    /// Large and near the middle, as in sets that centre the person they name.
    Prominent,
}

/// How photographs are read and which of their faces counts.
#[derive(Clone, Copy, Debug)]
pub struct FaceChoice {
    /// What counts as a face.
    pub options: DetectOptions,
    /// Which face counts where only one can.
    pub pick: Pick,
    /// Takes pixels as stored, whatever the EXIF orientation says.
    pub ignore_exif: bool,
    /// What every embedded face has to pass.
    pub control: QualityControl,
}

impl FaceChoice {
    /// Photographs as their EXIF orientation says, without quality control.
    #[must_use]
    pub fn new(options: DetectOptions, pick: Pick) -> Self {
        Self {
            options,
            pick,
            ignore_exif: false,
            control: QualityControl::default(),
        }
    }

    /// With a quality control of this level, 0 to 4, that every embedded face has to pass.
    ///
    /// # Errors
    /// On another level.
    pub fn with_quality(self, level: u8) -> Result<Self> {
        let control = QualityControl::new(level)?;
        Ok(Self { control, ..self })
    }

    /// Whether faces may be refused for their quality.
    #[must_use]
    pub fn controls_quality(&self) -> bool {
        self.control > QualityControl::default()
    }

    /// Reads and decodes a photograph without ever reading more than its size limit.
    ///
    /// # Errors
    /// When the file cannot be read, is too large or no picture.
    pub fn read_photo(&self, path: &Path) -> Result<Photo> {
        let bytes = read_one_beyond(path, PhotoLimits::MAX_BYTES)?;
        let photo = if self.ignore_exif {
            Photo::decode_ignoring_exif(&bytes)
        } else {
            Photo::decode(&bytes)
        };
        photo.map_err(Failure::from).with_file(path)
    }

    /// The embedding of the face that counts.
    ///
    /// # Errors
    /// When the photograph cannot be read, and where it has no face that may be embedded ([`Failure::is_no_face`]).
    pub fn embed(&self, session: &mut Session, path: &Path) -> Result<Embedding> {
        let photo = self.read_photo(path)?;
        let frame = photo.frame();
        let embedded = self.face(session, &frame).and_then(|face| {
            if self.controls_quality() {
                session.qualify(&frame, &face, self.control)?;
            }
            session.embed(&frame, &face)
        });
        embedded.map_err(Failure::from).with_file(path)
    }

    /// The embedding of the face that counts, whatever its quality, and how good it is.
    ///
    /// # Errors
    /// As [`Self::embed`].
    pub fn embed_and_rate(
        &self,
        session: &mut Session,
        path: &Path,
    ) -> Result<(Embedding, QualityReport)> {
        let photo = self.read_photo(path)?;
        let frame = photo.frame();
        let rated = self.face(session, &frame).and_then(|face| {
            let report = session.quality(&frame, &face)?;
            Ok((session.embed(&frame, &face)?, report))
        });
        rated.map_err(Failure::from).with_file(path)
    }

    fn face(&self, session: &mut Session, frame: &Frame<'_>) -> vultus::error::Result<Face> {
        let found = session.detect(frame, &self.options)?;
        let min_face = self.options.min_face;
        Ok(match self.pick {
            Pick::Largest => found.largest(min_face)?,
            Pick::Prominent => found.prominent(frame, min_face)?,
        })
    }
}
