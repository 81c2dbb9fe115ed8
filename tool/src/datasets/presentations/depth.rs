//! A face before a depth sensor, on disk.

use super::check::{check_file, check_points, check_rotation};
use super::error::RecordError;
use super::frames::{orientation, pixels, read_exactly};
use crate::failure::{Failure, Result, WithFile};
use serde::{Deserialize, Serialize};
use std::path::Path;
use vultus::frame::{DepthFormat, DepthFrame, DepthLayout};
use vultus::geom::{Intrinsics, Landmarks5, Point};
use vultus::liveness::depth::SensorClass;

/// A depth frame's file and everything that has to be said of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DepthRecord {
    /// Name of the file beside the sidecar.
    pub file: String,
    class: ClassName,
    format: DepthName,
    width: u32,
    height: u32,
    unit_mm: f32,
    /// fx, fy, cx, cy in pixels.
    intrinsics: [f32; 4],
    rotation: u32,
    mirror: bool,
    /// Capture time in microseconds.
    pub timestamp_us: u64,
    /// `None` where no face was found.
    pub landmarks: Option<FoundLandmarks>,
}

/// Five landmarks in stored pixels of the frame they stand with.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FoundLandmarks {
    /// Left eye, right eye, nose, left and right corner of the mouth.
    pub points: [[f32; 2]; 5],
    /// Capture time of the frame they were found in, in microseconds.
    pub timestamp_us: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum ClassName {
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
    const fn of(class: SensorClass) -> Self {
        match class {
            SensorClass::A => Self::A,
            SensorClass::B => Self::B,
            SensorClass::C => Self::C,
        }
    }
}

impl DepthRecord {
    /// Of a frame whose rows follow each other without gaps, in a file.
    #[must_use]
    pub fn new(
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

    /// The class of the sensor's noise.
    #[must_use]
    pub const fn class(&self) -> SensorClass {
        match self.class {
            ClassName::A => SensorClass::A,
            ClassName::B => SensorClass::B,
            ClassName::C => SensorClass::C,
        }
    }

    pub(super) fn check(&self) -> Result<(), RecordError> {
        check_file(&self.file)?;
        check_rotation(self.rotation)?;
        let mut found = self.landmarks.iter();
        found.try_for_each(|found| check_points(&found.points))
    }

    /// Its layout, of bytes without gaps.
    pub(super) fn layout(&self) -> DepthLayout {
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
    ///
    /// # Errors
    /// When there are more or fewer, or they cannot be read.
    pub fn read(&self, folder: &Path) -> Result<Vec<u8>> {
        let expected = pixels(self.width, self.height).saturating_mul(2);
        read_exactly(&folder.join(&self.file), expected)
    }

    /// The frame in those bytes.
    ///
    /// # Errors
    /// When the SDK takes no such frame.
    pub fn frame<'a>(&self, folder: &Path, bytes: &'a [u8]) -> Result<DepthFrame<'a>> {
        let frame = DepthFrame::new(self.layout(), bytes);
        frame
            .map_err(Failure::from)
            .with_file(&folder.join(&self.file))
    }
}

impl FoundLandmarks {
    /// As the SDK takes them.
    #[must_use]
    pub fn landmarks(&self) -> Landmarks5 {
        Landmarks5::from_array(self.points.map(|[x, y]| Point::new(x, y)))
    }
}
