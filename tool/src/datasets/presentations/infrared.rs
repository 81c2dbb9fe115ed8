//! A face before an infrared camera and a colour camera on disk.

use super::camera::{InfraredCamera, InfraredFile, intrinsics_of};
use super::check::{check_file, check_points, check_rotation};
use super::colour::ColourFile;
use super::error::RecordError;
use super::frames::read_exactly;
use crate::failure::{Failure, Result, WithFile};
use serde::{Deserialize, Serialize};
use std::path::Path;
use vultus::frame::{Frame, InfraredFrame, Registration};
use vultus::geom::{Affine2, Landmarks5, Point, RigidMotion};
use vultus::liveness::infrared::{InInfrared, InfraredFace, InfraredFrames};

/// Distance of adults' eyes in millimetres (docs/liveness.md): with it a registration of two cameras knows how far a face is.
const EYES_MM: f32 = 65.0;

/// The frames of one moment and everything that has to be said of them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct InfraredRecord {
    camera: InfraredCamera,
    /// With the sensor's lamp on.
    lit: InfraredFile,
    /// With it off; `null` where the sensor takes no such frame: it has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    unlit: Option<InfraredFile>,
    colour: ColourFile,
    /// From the colour frame to the infrared ones; `null` where the device's own is not known.
    #[serde(deserialize_with = "Option::deserialize")]
    registration: Option<RegistrationRecord>,
    /// `null` where no face was found in the colour frame.
    #[serde(deserialize_with = "Option::deserialize")]
    landmarks: Option<LandmarksRecord>,
    /// What a detector found in the lit frame; `null` where none was asked.
    #[serde(deserialize_with = "Option::deserialize")]
    detector: Option<DetectorRecord>,
}

/// One of the maps that the SDK knows.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum RegistrationRecord {
    /// Two rows, from stored pixels to stored pixels.
    Affine([[f32; 3]; 2]),
    /// Both intrinsics are needed.
    Cameras {
        rotation: [[f32; 3]; 3],
        shift_mm: [f32; 3],
    },
}

/// Left eye, right eye, nose, left and right corner of the mouth, in stored pixels of each frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LandmarksRecord {
    /// In the colour frame.
    pub colour: [[f32; 2]; 5],
    /// In the infrared frames; `null` where the registration tells them.
    #[serde(deserialize_with = "Option::deserialize")]
    pub infrared: Option<[[f32; 2]; 5]>,
}

/// What a detector found.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DetectorRecord {
    /// `null` where it found no face.
    #[serde(deserialize_with = "Option::deserialize")]
    landmarks: Option<[[f32; 2]; 5]>,
}

/// The bytes of a record's frames.
#[derive(Clone, Debug)]
pub struct InfraredBytes {
    lit: Vec<u8>,
    unlit: Option<Vec<u8>>,
    colour: Vec<u8>,
}

impl InfraredBytes {
    /// In the order in which a set's hash takes them.
    pub fn each(&self) -> impl Iterator<Item = &[u8]> {
        let unlit = self.unlit.as_deref();
        [Some(&self.lit[..]), unlit, Some(&self.colour)]
            .into_iter()
            .flatten()
    }
}

impl InfraredRecord {
    /// Of frames of a simulated moment: 10 bits, and colours of 3 bytes, of one size.
    #[must_use]
    pub fn new(
        size: (u32, u32),
        intrinsics: [f32; 4],
        [lit, unlit]: [InfraredFile; 2],
        (colour, timestamp_us): (String, u64),
        landmarks: LandmarksRecord,
    ) -> Self {
        Self {
            camera: InfraredCamera::y10(size, intrinsics),
            lit,
            unlit: Some(unlit),
            colour: ColourFile::rgb(colour, size, intrinsics, timestamp_us),
            registration: None,
            landmarks: Some(landmarks),
            detector: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), RecordError> {
        let unlit = self.unlit.iter().map(|frame| &frame.file);
        std::iter::once(&self.lit.file)
            .chain(unlit)
            .try_for_each(|file| check_file(file))?;
        check_rotation(self.camera.rotation)?;
        self.colour.check()?;
        let detected = self.detector.iter().filter_map(|d| d.landmarks.as_ref());
        let found = self.landmarks.iter();
        found
            .clone()
            .map(|l| &l.colour)
            .chain(found.filter_map(|l| l.infrared.as_ref()))
            .chain(detected)
            .try_for_each(check_points)?;
        let needed = self
            .landmarks
            .as_ref()
            .is_some_and(|l| l.infrared.is_none());
        match &self.registration {
            None if needed => Err(RecordError::NoRegistration),
            Some(RegistrationRecord::Cameras { .. })
                if self.camera.intrinsics.is_none() || self.colour.intrinsics.is_none() =>
            {
                Err(RecordError::NoIntrinsics)
            }
            _ => Ok(()),
        }
    }

    /// Reads the frames' bytes, of which there have to be exactly as many as their sizes say.
    ///
    /// # Errors
    /// When there are more or fewer, or they cannot be read.
    pub fn read(&self, folder: &Path) -> Result<InfraredBytes> {
        let expected = self.camera.frame_bytes();
        let infrared = |frame: &InfraredFile| read_exactly(&folder.join(&frame.file), expected);
        Ok(InfraredBytes {
            lit: infrared(&self.lit)?,
            unlit: self.unlit.as_ref().map(infrared).transpose()?,
            colour: self.colour.read(folder)?,
        })
    }

    /// The infrared frames in those bytes; `lit_alone` leaves the unlit one out.
    ///
    /// # Errors
    /// When the SDK takes no such frames.
    pub fn frames<'a>(
        &self,
        folder: &Path,
        bytes: &'a InfraredBytes,
        lit_alone: bool,
    ) -> Result<InfraredFrames<'a>> {
        let frame = |file: &InfraredFile, bytes: &'a [u8]| {
            let frame = InfraredFrame::new(self.camera.layout(file), bytes);
            frame
                .map_err(Failure::from)
                .with_file(&folder.join(&file.file))
        };
        let lit = frame(&self.lit, &bytes.lit)?;
        // Looked at in any case: a broken frame is one whether or not it is used.
        let unlit = match self.unlit.as_ref().zip(bytes.unlit.as_ref()) {
            Some((file, bytes)) => frame(file, bytes)?,
            None => return Ok(InfraredFrames::lit_alone(lit)),
        };
        let pair = InfraredFrames::pair(lit, unlit).map_err(Failure::from);
        let pair = pair.with_file(&folder.join(&self.lit.file))?;
        Ok(if lit_alone {
            InfraredFrames::lit_alone(lit)
        } else {
            pair
        })
    }

    /// The colour frame in those bytes.
    ///
    /// # Errors
    /// When the SDK takes no such frame.
    pub fn colour<'a>(&self, folder: &Path, bytes: &'a InfraredBytes) -> Result<Frame<'a>> {
        self.colour.frame(folder, &bytes.colour)
    }

    /// Where the face is in both; `None` where none was found in the colour frame, or where it would lie behind the
    /// infrared camera.
    ///
    /// # Errors
    /// When the registration is none that the SDK takes.
    pub fn face(&self) -> Result<Option<InfraredFace>> {
        let registration = self.registration()?;
        let Some(found) = &self.landmarks else {
            return Ok(None);
        };
        let in_colour = landmarks(&found.colour);
        let in_infrared = match (&found.infrared, registration) {
            (Some(points), _) => Some(landmarks(points)),
            (None, Some(registration)) => self.mapped(&in_colour, &registration),
            (None, None) => return Err(Failure::text(RecordError::NoRegistration.to_string())),
        };
        let detected = match &self.detector {
            None => InInfrared::NotAsked,
            Some(DetectorRecord { landmarks: None }) => InInfrared::NoFace,
            Some(DetectorRecord {
                landmarks: Some(points),
            }) => InInfrared::Face(landmarks(points)),
        };
        Ok(in_infrared.map(|in_infrared| InfraredFace {
            in_colour,
            in_infrared,
            timestamp_us: self.colour.timestamp_us,
            found: detected,
        }))
    }

    fn registration(&self) -> Result<Option<Registration>> {
        let (colour, sensor) = (self.colour.view(), self.camera.view());
        let made = match &self.registration {
            None => return Ok(None),
            Some(RegistrationRecord::Affine([x, y])) => {
                Registration::affine(Affine2::from_rows(*x, *y), colour, sensor)
            }
            Some(RegistrationRecord::Cameras { rotation, shift_mm }) => {
                let intrinsics = [self.colour.intrinsics, self.camera.intrinsics];
                let [of_colour, of_sensor] =
                    intrinsics.map(|i| intrinsics_of(i.expect("checked when it was read")));
                let motion = RigidMotion {
                    rotation: *rotation,
                    shift_mm: *shift_mm,
                };
                Registration::cameras((colour, of_colour), (sensor, of_sensor), motion)
            }
        };
        Ok(Some(made?))
    }

    fn mapped(&self, in_colour: &Landmarks5, registration: &Registration) -> Option<Landmarks5> {
        let focal = self
            .colour
            .intrinsics
            .map_or(0.0, |[fx, fy, ..]| (fx + fy) / 2.0);
        let mm = focal * EYES_MM / in_colour.eye_distance();
        let points = in_colour.to_array().map(|p| registration.locate(p, mm));
        let all: Option<Vec<Point>> = points.into_iter().collect();
        Some(Landmarks5::from_array(all?.try_into().ok()?))
    }
}

fn landmarks(points: &[[f32; 2]; 5]) -> Landmarks5 {
    Landmarks5::from_array(points.map(|[x, y]| Point::new(x, y)))
}

#[cfg(test)]
mod tests;
