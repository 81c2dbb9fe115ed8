//! From photographs to faces that a gallery takes.

use super::Sdk;
use crate::config::QualityControl;
use crate::engine::{DetectOptions, Face, Session};
use crate::error::{Error, Result, Status};
use crate::frame::{Frame, Photo};
use crate::gallery::Counted;
use crate::gallery::{EnrolFace, FACES_PER_PROBE, FaceOutcome, LibraryError, Matcher};
use crate::stages::attribute::MaskState;
use crate::stages::embed::Embedding;

/// How faces are enrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EnrolOptions {
    /// What counts as a face.
    pub detect: DetectOptions,
    /// How good a face must be.
    pub control: QualityControl,
    /// Whether a crop of the face is kept in the gallery, encrypted, from which a later pack can
    /// make its feature. Without one a person needs a new photograph then.
    pub keep_crop: bool,
}

/// What one photograph of several came to, by the numbers of the product documents.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(i32)]
#[non_exhaustive]
pub enum ImageCode {
    /// The face was added.
    Added = 0,
    /// No face in the photograph.
    NoFace = -1101,
    /// The file is no photograph that can be decoded.
    Decode = -1102,
    /// The file, the photograph or the face has a size outside its limits.
    Size = -1109,
    /// The face is not good enough, or cannot be judged or straightened.
    Quality = -1601,
    /// The face is not like those that the person has.
    NotSimilar = -1604,
}

impl ImageCode {
    /// The number.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// What an error says about the photograph; `None` when it says nothing about it, such as an
    /// expired licence or a failing disk.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        match error.status() {
            Status::NoFaceInPhoto => Some(Self::NoFace),
            Status::ImageEmpty | Status::ImageDecodeFailed | Status::ImageFormatUnsupported => {
                Some(Self::Decode)
            }
            Status::ImageSizeExceed
            | Status::ImageResolutionExceed
            | Status::ImageResolutionTooSmall
            | Status::FaceSizeTooSmall => Some(Self::Size),
            Status::FaceQualityNotQualified
            | Status::FaceGeometryInvalid
            | Status::FaceTransparent => Some(Self::Quality),
            _ => None,
        }
    }
}

impl From<FaceOutcome> for ImageCode {
    fn from(outcome: FaceOutcome) -> Self {
        match outcome {
            FaceOutcome::Joined(_) => Self::Added,
            FaceOutcome::NotSimilar(_) => Self::NotSimilar,
        }
    }
}

impl Sdk {
    /// What enrolling, searching and verifying in a gallery ask for. `mask` is that of the probe, as for
    /// [`compare`](Self::compare).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled), or as
    /// [`curve`](Self::curve).
    pub fn matcher(&self, mask: MaskState) -> Result<Matcher> {
        Ok(Matcher::new(self.grant(), self.curve(mask)?)?)
    }
}

impl Session {
    /// Judges and embeds a face that [`detect`](Self::detect) found in this frame.
    ///
    /// # Errors
    /// As [`qualify`](Self::qualify) and [`embed`](Self::embed).
    pub fn enrol_face(
        &mut self,
        frame: &Frame<'_>,
        face: &Face,
        options: &EnrolOptions,
    ) -> Result<EnrolFace> {
        let report = self.qualify(frame, face, options.control)?;
        let crop = match options.keep_crop {
            true => Some(self.crop(frame, face)?),
            false => None,
        };
        Ok(EnrolFace {
            embedding: self.embed(frame, face)?,
            quality: report.total,
            crop,
        })
    }

    /// The largest face of a photograph, ready to be enrolled.
    ///
    /// # Errors
    /// Why the photograph or its face is refused; [`ImageCode::of`] has the documents' number.
    pub fn enrol_photo(&mut self, bytes: &[u8], options: &EnrolOptions) -> Result<EnrolFace> {
        let photo = Photo::decode(bytes)?;
        let frame = photo.frame();
        let face = self.largest_face(&frame, &options.detect)?;
        self.enrol_face(&frame, &face, options)
    }

    /// The faces of a photograph to search for, largest first, at most so many.
    ///
    /// # Errors
    /// [`LibraryError::TooMany`] for more than 10 faces, why the photograph is refused, or
    /// [`crate::engine::FindError`] when there is no face.
    pub fn probes(
        &mut self,
        frame: &Frame<'_>,
        detect: &DetectOptions,
        most: usize,
    ) -> Result<Vec<(Face, Embedding)>> {
        let what = Counted::Probes;
        match most {
            0 => return Err(LibraryError::Empty { what: what.name() }.into()),
            1..=FACES_PER_PROBE => {}
            given => {
                let most = FACES_PER_PROBE;
                return Err(LibraryError::TooMany { what, given, most }.into());
            }
        }
        let mut found = self.detect(frame, detect)?;
        let area = |face: &Face| face.rect.area();
        found.faces.sort_by(|a, b| area(b).total_cmp(&area(a)));
        let faces: Vec<Face> = found.faces.iter().take(most).cloned().collect();
        if faces.is_empty() {
            found.largest(detect.min_face)?;
        }
        let mut probes = Vec::new();
        for face in faces {
            let embedding = self.embed(frame, &face)?;
            probes.push((face, embedding));
        }
        Ok(probes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::FindError;

    #[test]
    fn the_documents_numbers() {
        let codes = [
            (ImageCode::Added, 0),
            (ImageCode::NoFace, -1101),
            (ImageCode::Decode, -1102),
            (ImageCode::Size, -1109),
            (ImageCode::Quality, -1601),
            (ImageCode::NotSimilar, -1604),
        ];
        for (code, number) in codes {
            assert_eq!(code.number(), number);
        }
    }

    #[test]
    fn only_what_a_photograph_is_refused_for_has_a_number() {
        let of = |error: Error| ImageCode::of(&error);
        assert_eq!(of(FindError::NoFace.into()), Some(ImageCode::NoFace));
        let small = FindError::TooSmall {
            found_px: 20.0,
            min_px: 34,
        };
        assert_eq!(of(small.into()), Some(ImageCode::Size));
        assert_eq!(of(LibraryError::NoPerson.into()), None);
        let empty = Photo::decode(&[]).expect_err("no photograph");
        assert_eq!(of(empty.into()), Some(ImageCode::Decode));
    }
}
