//! A presentation: what was presented, under which conditions, and its frames.

use super::check::{check_format, check_name, check_range};
use super::depth::DepthRecord;
use super::error::RecordError;
use super::infrared::InfraredRecord;
use super::limits::{FORMAT, LIVE, MAX_FRAMES, MAX_JSON_BYTES};
use crate::failure::{Failure, Result};
use crate::inputs::read_at_most;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The sidecar.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    format: u32,
    /// What is known to have been presented; `None` for a frame that is only to be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// Under which conditions it was presented.
    pub conditions: Conditions,
    /// What was taken of it, in the order of time.
    pub frames: Vec<FrameRecord>,
}

/// Who or what was presented.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// `live`, or the artefact's species.
    pub species: String,
    /// Whose face it is, or whose the artefact shows.
    pub subject: String,
    /// Which artefact; `None` for a living person.
    pub artefact: Option<String>,
}

impl Label {
    /// Whether a living person was presented.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.artefact.is_none()
    }
}

/// Under which conditions: what a report counts apart.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// From the camera to the eyes, in millimetres.
    pub distance_mm: Option<f32>,
    /// In degrees; to the right of the picture is positive.
    pub yaw_deg: Option<f32>,
    /// A name for the light.
    pub light: Option<String>,
    /// Names of what is worn: `glasses`, `mask`, ...
    pub wearing: Vec<String>,
    /// Of the person, or of whom the artefact shows.
    pub age: Age,
}

/// How old somebody is, as far as rules differ.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Age {
    /// A grown person.
    Adult,
    /// A child.
    Child,
}

impl Age {
    /// As files and reports write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Child => "child",
        }
    }
}

/// One frame, by the camera that took it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "stream", rename_all = "lowercase")]
pub enum FrameRecord {
    /// Of a depth sensor.
    Depth(DepthRecord),
    /// Of an infrared camera with a lamp, and of a colour camera beside it.
    #[serde(rename = "ir")]
    Infrared(Box<InfraredRecord>),
}

impl Record {
    /// In the format of today.
    #[must_use]
    pub fn new(label: Option<Label>, conditions: Conditions, frames: Vec<FrameRecord>) -> Self {
        Self {
            format: FORMAT,
            label,
            conditions,
            frames,
        }
    }

    /// Reads and checks a sidecar; frames are read one by one, later.
    ///
    /// # Errors
    /// When it cannot be read, and as [`Self::parse`].
    pub fn read(file: &Path) -> Result<Self> {
        let bytes = read_at_most(file, MAX_JSON_BYTES)?;
        Self::parse(&bytes).map_err(|error| Failure::text(error.to_string()).about(file))
    }

    /// Checks the bytes of a sidecar.
    ///
    /// # Errors
    /// When they are no sidecar of this format, or say what cannot be.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
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

#[cfg(test)]
mod tests;
