//! A presentation on disk: a JSON sidecar and its frames beside it (`docs/pad-set-format.md`).

mod check;
mod colour;
mod infrared;

pub(crate) use check::{RecordError, check_format};
pub(crate) use infrared::{EmitterName, InfraredFile, InfraredRecord, LandmarksRecord};

use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use check::{check_file, check_name, check_points, check_range, check_rotation};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use vultus::frame::{DepthFormat, DepthFrame, DepthLayout};
use vultus::geom::{Intrinsics, Landmarks5, Orientation, Point, Rotation};
use vultus::liveness::depth::SensorClass;

/// The format that is written, and the only one that is read.
pub(crate) const FORMAT: u32 = 1;

/// Largest JSON file of a set in bytes.
pub(crate) const MAX_JSON_BYTES: usize = 64 * 1024;

/// Most frames of a presentation.
pub(crate) const MAX_FRAMES: usize = 64;

/// Largest frame in bytes: 16 bits of the largest sides that the SDK takes are more, sensors are not.
const MAX_FRAME_BYTES: usize = 64 * 1024 * 1024;

/// The sidecar.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    format: u32,
    /// What is known to have been presented; `None` for a frame that is only to be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) label: Option<Label>,
    pub(crate) conditions: Conditions,
    pub(crate) frames: Vec<FrameRecord>,
}

/// Who or what was presented.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Label {
    /// `live`, or the artefact's species.
    pub(crate) species: String,
    /// Whose face it is, or whose the artefact shows.
    pub(crate) subject: String,
    /// Which artefact; `None` for a living person.
    pub(crate) artefact: Option<String>,
}

impl Label {
    pub(crate) fn is_live(&self) -> bool {
        self.artefact.is_none()
    }
}

/// The species of bona fide presentations.
pub(crate) const LIVE: &str = "live";

/// Under which conditions: what a report counts apart.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conditions {
    /// From the camera to the eyes.
    pub(crate) distance_mm: Option<f32>,
    /// To the right of the picture is positive.
    pub(crate) yaw_deg: Option<f32>,
    /// A name for the light.
    pub(crate) light: Option<String>,
    /// Names of what is worn: `glasses`, `mask`, ...
    pub(crate) wearing: Vec<String>,
    pub(crate) age: Age,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Age {
    Adult,
    Child,
}

impl Age {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Child => "child",
        }
    }
}

/// One frame, by the camera that took it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "stream", rename_all = "lowercase")]
pub(crate) enum FrameRecord {
    Depth(DepthRecord),
    #[serde(rename = "ir")]
    Infrared(Box<InfraredRecord>),
}

/// A depth frame's file and everything that has to be said of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DepthRecord {
    pub(crate) file: String,
    class: ClassName,
    format: DepthName,
    width: u32,
    height: u32,
    unit_mm: f32,
    /// fx, fy, cx, cy in pixels.
    intrinsics: [f32; 4],
    rotation: u32,
    mirror: bool,
    pub(crate) timestamp_us: u64,
    /// `None` where no face was found.
    pub(crate) landmarks: Option<FoundLandmarks>,
}

/// Five landmarks in stored pixels of the frame they stand with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FoundLandmarks {
    /// Left eye, right eye, nose, left and right corner of the mouth.
    pub(crate) points: [[f32; 2]; 5],
    /// Capture time of the frame they were found in.
    pub(crate) timestamp_us: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) enum ClassName {
    A,
    B,
    C,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum DepthName {
    Z16,
    Depth16,
}

impl ClassName {
    pub(crate) const fn of(class: SensorClass) -> Self {
        match class {
            SensorClass::A => Self::A,
            SensorClass::B => Self::B,
            SensorClass::C => Self::C,
        }
    }
}

impl Record {
    pub(crate) fn new(
        label: Option<Label>,
        conditions: Conditions,
        frames: Vec<FrameRecord>,
    ) -> Self {
        Self {
            format: FORMAT,
            label,
            conditions,
            frames,
        }
    }

    /// Reads and checks a sidecar; frames are read one by one, later.
    pub(crate) fn read(file: &Path) -> CliResult<Self> {
        let bytes = read_at_most(file, MAX_JSON_BYTES)?;
        Self::parse(&bytes).map_err(|error| Failure::text(error.to_string()).about(file))
    }

    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let record: Self =
            serde_json::from_slice(bytes).map_err(|error| RecordError::Json(error.to_string()))?;
        record.check()?;
        Ok(record)
    }

    fn check(&self) -> Result<(), RecordError> {
        check_format(self.format)?;
        if !(1..=MAX_FRAMES).contains(&self.frames.len()) {
            return Err(RecordError::FrameCount(self.frames.len()));
        }
        if let Some(label) = &self.label {
            label.check()?;
        }
        self.conditions.check()?;
        self.frames.iter().try_for_each(FrameRecord::check)
    }
}

impl Label {
    fn check(&self) -> Result<(), RecordError> {
        check_name("label.species", &self.species)?;
        check_name("label.subject", &self.subject)?;
        if let Some(artefact) = &self.artefact {
            check_name("label.artefact", artefact)?;
        }
        if self.is_live() == (self.species == LIVE) {
            Ok(())
        } else {
            Err(RecordError::Artefact(self.species.clone()))
        }
    }
}

impl Conditions {
    fn check(&self) -> Result<(), RecordError> {
        if let Some(mm) = self.distance_mm {
            check_range("conditions.distance_mm", mm, 10.0, 10_000.0)?;
        }
        if let Some(degrees) = self.yaw_deg {
            check_range("conditions.yaw_deg", degrees, -90.0, 90.0)?;
        }
        let light = self.light.iter().map(|name| ("conditions.light", name));
        let worn = self.wearing.iter().map(|name| ("conditions.wearing", name));
        for (field, name) in light.chain(worn) {
            check_name(field, name)?;
        }
        Ok(())
    }
}

impl FrameRecord {
    fn check(&self) -> Result<(), RecordError> {
        match self {
            Self::Depth(depth) => depth.check(),
            Self::Infrared(infrared) => infrared.check(),
        }
    }
}

impl DepthRecord {
    /// Of a Z16 frame whose rows follow each other, with millimetres.
    pub(crate) fn new(
        file: String,
        class: SensorClass,
        layout: &DepthLayout,
        landmarks: FoundLandmarks,
    ) -> Self {
        let Intrinsics { fx, fy, cx, cy } = layout.intrinsics;
        Self {
            file,
            class: ClassName::of(class),
            format: match layout.format {
                DepthFormat::Z16 => DepthName::Z16,
                DepthFormat::Depth16 => DepthName::Depth16,
            },
            width: layout.width,
            height: layout.height,
            unit_mm: layout.unit_mm,
            intrinsics: [fx, fy, cx, cy],
            rotation: layout.orientation.rotation.degrees(),
            mirror: layout.orientation.mirror,
            timestamp_us: layout.timestamp_us,
            landmarks: Some(landmarks),
        }
    }

    pub(crate) fn class(&self) -> SensorClass {
        match self.class {
            ClassName::A => SensorClass::A,
            ClassName::B => SensorClass::B,
            ClassName::C => SensorClass::C,
        }
    }

    fn check(&self) -> Result<(), RecordError> {
        check_file(&self.file)?;
        check_rotation(self.rotation)?;
        let mut found = self.landmarks.iter();
        found.try_for_each(|found| check_points(&found.points))
    }

    fn layout(&self) -> DepthLayout {
        let [fx, fy, cx, cy] = self.intrinsics;
        DepthLayout {
            format: match self.format {
                DepthName::Z16 => DepthFormat::Z16,
                DepthName::Depth16 => DepthFormat::Depth16,
            },
            width: self.width,
            height: self.height,
            stride: self.width as usize * 2,
            unit_mm: self.unit_mm,
            intrinsics: Intrinsics { fx, fy, cx, cy },
            orientation: orientation(self.rotation, self.mirror),
            timestamp_us: self.timestamp_us,
        }
    }

    /// Reads the frame's bytes, of which there have to be exactly as many as its size says.
    pub(crate) fn read(&self, folder: &Path) -> CliResult<Vec<u8>> {
        let expected = pixels(self.width, self.height).saturating_mul(2);
        read_exactly(&folder.join(&self.file), expected)
    }

    /// The frame in those bytes.
    pub(crate) fn frame<'a>(&self, folder: &Path, bytes: &'a [u8]) -> CliResult<DepthFrame<'a>> {
        let frame = DepthFrame::new(self.layout(), bytes);
        frame
            .map_err(Failure::from)
            .with_file(&folder.join(&self.file))
    }
}

impl FoundLandmarks {
    pub(crate) fn landmarks(&self) -> Landmarks5 {
        Landmarks5::from_array(self.points.map(|[x, y]| Point::new(x, y)))
    }
}

/// The product of any two sides has room.
fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

fn orientation(degrees: u32, mirror: bool) -> Orientation {
    Orientation {
        rotation: Rotation::from_degrees(degrees).expect("checked when it was read"),
        mirror,
    }
}

/// Never more than a frame may have, and nothing before the file is known to have what it should.
fn read_exactly(file: &Path, expected: u64) -> CliResult<Vec<u8>> {
    let refuse = |error: RecordError| Failure::text(error.to_string()).about(file);
    if expected > MAX_FRAME_BYTES as u64 {
        return Err(refuse(RecordError::FrameTooLarge(expected)));
    }
    let found = fs::metadata(file).with_file(file)?.len();
    if found != expected {
        return Err(refuse(RecordError::FrameLength { expected, found }));
    }
    let bytes = read_at_most(file, expected as usize)?;
    if bytes.len() as u64 == expected {
        return Ok(bytes);
    }
    let found = bytes.len() as u64;
    Err(refuse(RecordError::FrameLength { expected, found }))
}

#[cfg(test)]
mod tests;
