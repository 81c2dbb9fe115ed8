//! An infrared camera and its frames, on disk.

use super::frames::{orientation, pixels};
use serde::{Deserialize, Serialize};
use vultus::frame::{Emitter, InfraredFormat, InfraredLayout, View};
use vultus::geom::Intrinsics;

/// What both infrared frames have in common.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InfraredCamera {
    format: InfraredName,
    width: u32,
    height: u32,
    /// fx, fy, cx, cy in stored pixels.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) intrinsics: Option<[f32; 4]>,
    pub(super) rotation: u32,
    mirror: bool,
}

/// One infrared frame.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct InfraredFile {
    /// Name of the file beside the sidecar.
    pub file: String,
    /// Whether the sensor's lamp was on.
    pub emitter: EmitterName,
    /// Capture time in microseconds.
    pub timestamp_us: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum InfraredName {
    Y8,
    Y10,
    Y16,
}

/// Whether the sensor's lamp was on.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EmitterName {
    /// It was.
    On,
    /// It was not.
    Off,
    /// The sensor does not say.
    Unknown,
}

impl InfraredCamera {
    /// Upright, with 10 bits a sample.
    pub(super) fn y10((width, height): (u32, u32), intrinsics: [f32; 4]) -> Self {
        Self {
            format: InfraredName::Y10,
            width,
            height,
            intrinsics: Some(intrinsics),
            rotation: 0,
            mirror: false,
        }
    }

    /// Bytes of one frame.
    pub(super) fn frame_bytes(&self) -> u64 {
        let sample = self.format.sdk().sample_bytes() as u64;
        pixels(self.width, self.height).saturating_mul(sample)
    }

    /// The layout of one of its frames.
    pub(super) fn layout(&self, frame: &InfraredFile) -> InfraredLayout {
        let format = self.format.sdk();
        InfraredLayout {
            format,
            width: self.width,
            height: self.height,
            stride: self.width as usize * format.sample_bytes(),
            emitter: match frame.emitter {
                EmitterName::On => Emitter::On,
                EmitterName::Off => Emitter::Off,
                EmitterName::Unknown => Emitter::Unknown,
            },
            intrinsics: self.intrinsics.map(intrinsics_of),
            orientation: orientation(self.rotation, self.mirror),
            timestamp_us: frame.timestamp_us,
        }
    }

    pub(super) fn view(&self) -> View {
        View {
            size: (self.width, self.height),
            orientation: orientation(self.rotation, self.mirror),
        }
    }
}

impl InfraredName {
    const fn sdk(self) -> InfraredFormat {
        match self {
            Self::Y8 => InfraredFormat::Y8,
            Self::Y10 => InfraredFormat::Y10,
            Self::Y16 => InfraredFormat::Y16,
        }
    }
}

/// Of fx, fy, cx, cy.
pub(super) fn intrinsics_of([fx, fy, cx, cy]: [f32; 4]) -> Intrinsics {
    Intrinsics { fx, fy, cx, cy }
}
