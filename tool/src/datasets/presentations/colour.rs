//! A colour frame on disk.

use super::check::{check_file, check_rotation};
use super::error::RecordError;
use super::frames::{orientation, pixels, read_exactly};
use crate::failure::{Failure, Result, WithFile};
use serde::{Deserialize, Serialize};
use std::path::Path;
use vultus::frame::{Frame, FrameLayout, PixelFormat, View};

/// A file of pixels whose rows follow each other, and what has to be said of them.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColourFile {
    file: String,
    format: ColourName,
    width: u32,
    height: u32,
    /// fx, fy, cx, cy in stored pixels; `null` where the camera is not known.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) intrinsics: Option<[f32; 4]>,
    rotation: u32,
    mirror: bool,
    pub(super) timestamp_us: u64,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum ColourName {
    Rgb8,
    Bgr8,
    Gray8,
    Nv12,
    Nv21,
    I420,
    Yuyv,
}

impl ColourFile {
    /// Three bytes a pixel, upright.
    pub(super) fn rgb(
        file: String,
        (width, height): (u32, u32),
        intrinsics: [f32; 4],
        timestamp_us: u64,
    ) -> Self {
        Self {
            file,
            format: ColourName::Rgb8,
            width,
            height,
            intrinsics: Some(intrinsics),
            rotation: 0,
            mirror: false,
            timestamp_us,
        }
    }

    pub(super) fn check(&self) -> Result<(), RecordError> {
        check_file(&self.file)?;
        check_rotation(self.rotation)?;
        let (width, height) = (self.width, self.height);
        // Where pixels share their colour there is no half of one.
        let whole = match self.format {
            ColourName::Rgb8 | ColourName::Bgr8 | ColourName::Gray8 => true,
            ColourName::Yuyv => width.is_multiple_of(2),
            ColourName::Nv12 | ColourName::Nv21 | ColourName::I420 => {
                width.is_multiple_of(2) && height.is_multiple_of(2)
            }
        };
        if whole {
            return Ok(());
        }
        Err(RecordError::OddSize { width, height })
    }

    /// Reads exactly as many bytes as the size says.
    pub(super) fn read(&self, folder: &Path) -> Result<Vec<u8>> {
        let pixels = pixels(self.width, self.height);
        let expected = match self.format {
            ColourName::Rgb8 | ColourName::Bgr8 => pixels.saturating_mul(3),
            ColourName::Gray8 => pixels,
            ColourName::Nv12 | ColourName::Nv21 | ColourName::I420 => pixels / 2 * 3,
            ColourName::Yuyv => pixels.saturating_mul(2),
        };
        read_exactly(&folder.join(&self.file), expected)
    }

    /// The frame in those bytes.
    pub(super) fn frame<'a>(&self, folder: &Path, bytes: &'a [u8]) -> Result<Frame<'a>> {
        let format = match self.format {
            ColourName::Rgb8 => PixelFormat::Rgb8,
            ColourName::Bgr8 => PixelFormat::Bgr8,
            ColourName::Gray8 => PixelFormat::Gray8,
            ColourName::Nv12 => PixelFormat::Nv12,
            ColourName::Nv21 => PixelFormat::Nv21,
            ColourName::I420 => PixelFormat::I420,
            ColourName::Yuyv => PixelFormat::Yuyv,
        };
        let layout = FrameLayout {
            orientation: orientation(self.rotation, self.mirror),
            timestamp_us: self.timestamp_us,
            ..FrameLayout::packed(format, self.width, self.height)
        };
        let frame = Frame::new(layout, bytes).map_err(Failure::from);
        frame.with_file(&folder.join(&self.file))
    }

    pub(super) fn view(&self) -> View {
        View {
            size: (self.width, self.height),
            orientation: orientation(self.rotation, self.mirror),
        }
    }
}
