//! Photographs from files: limits first, pixels after.

use super::jpeg;
use super::{Frame, FrameLayout, PixelFormat, RgbImage};
use crate::error::{Coded, Status};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, metadata};
use std::fmt;
use std::io::Cursor;

/// Limits of the product documents for a picture file.
#[derive(Debug)]
pub struct PhotoLimits;

impl PhotoLimits {
    /// Largest file: 5 MB as base64.
    pub const MAX_BYTES: usize = 5 * 1024 * 1024 / 4 * 3;
    /// Longest side of a JPEG in pixels.
    pub const MAX_SIDE_JPEG: u32 = 4000;
    /// Longest side of a PNG or BMP in pixels.
    pub const MAX_SIDE_OTHER: u32 = 2000;
    /// Least short side in pixels.
    pub const MIN_SIDE: u32 = 64;
}

/// A decoded photograph: upright, unless EXIF was ignored.
#[derive(Debug)]
pub struct Photo {
    image: RgbImage,
}

impl Photo {
    /// Decodes JPEG, PNG or BMP and turns it upright as its EXIF orientation says.
    ///
    /// All limits are checked from the header before pixels are allocated.
    ///
    /// # Errors
    /// [`PhotoError`], one variant a limit.
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        Self::decode_with(bytes, true)
    }

    /// Like [`decode`](Self::decode) but leaves the pixels as stored, whatever EXIF says.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub fn decode_ignoring_exif(bytes: &[u8]) -> Result<Self, PhotoError> {
        Self::decode_with(bytes, false)
    }

    fn decode_with(bytes: &[u8], honour_exif: bool) -> Result<Self, PhotoError> {
        let format = accept(bytes)?;
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(decoder_limits());
        let mut decoder = reader.into_decoder().map_err(PhotoError::Decode)?;
        let (width, height) = decoder.dimensions();
        check_size(format, width, height)?;
        check_content(format, width, height, bytes)?;
        // Broken EXIF is no reason to refuse a picture that decodes.
        let orientation = decoder
            .orientation()
            .unwrap_or(metadata::Orientation::NoTransforms);
        let mut picture = DynamicImage::from_decoder(decoder).map_err(PhotoError::Decode)?;
        if honour_exif {
            picture.apply_orientation(orientation);
        }
        let rgb = picture.into_rgb8();
        let (width, height) = rgb.dimensions();
        let image = RgbImage::new(width, height, rgb.into_raw())
            .expect("the decoder's buffer is tightly packed and its size was checked");
        Ok(Self { image })
    }

    /// The upright pixels.
    #[must_use]
    pub fn image(&self) -> &RgbImage {
        &self.image
    }

    /// The photograph as a frame; stored and upright coordinates are the same.
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        let (width, height) = self.image.size();
        Frame::new(
            FrameLayout::packed(PixelFormat::Rgb8, width, height),
            self.image.pixels(),
        )
        .expect("a decoded photograph lies within the limits of a frame")
    }
}

/// The format, if the file may be looked at further.
fn accept(bytes: &[u8]) -> Result<ImageFormat, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.len() > PhotoLimits::MAX_BYTES {
        return Err(PhotoError::TooManyBytes { bytes: bytes.len() });
    }
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Bmp)) => Ok(format),
        Ok(other) => Err(PhotoError::Format {
            name: format!("{other:?}").to_uppercase(),
        }),
        Err(_) => Err(PhotoError::NotAPicture),
    }
}

/// Bounds what the decoder allocates for itself. Its limits of size stay open: the documents' own
/// are checked right after the header, under their own names.
fn decoder_limits() -> image::Limits {
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(64 * 1024 * 1024);
    limits
}

fn check_size(format: ImageFormat, width: u32, height: u32) -> Result<(), PhotoError> {
    let most = if format == ImageFormat::Jpeg {
        PhotoLimits::MAX_SIDE_JPEG
    } else {
        PhotoLimits::MAX_SIDE_OTHER
    };
    if width.max(height) > most {
        return Err(PhotoError::TooLarge {
            width,
            height,
            most,
        });
    }
    if width.min(height) < PhotoLimits::MIN_SIDE {
        return Err(PhotoError::TooSmall { width, height });
    }
    Ok(())
}

/// A JPEG that was cut short is refused, since its decoder would make up the rest.
///
/// A header can promise more pixels than the rest of the file could ever encode; such a file is
/// refused before its pixels are allocated.
///
/// JPEG: each 8×8 block costs at least one bit, the shortest Huffman code there is. BMP and PNG
/// need no such bound: their limit of 2000 px keeps any promise below 32 MB.
fn check_content(
    format: ImageFormat,
    width: u32,
    height: u32,
    bytes: &[u8],
) -> Result<(), PhotoError> {
    if format != ImageFormat::Jpeg {
        return Ok(());
    }
    let blocks = width.div_ceil(8) as usize * height.div_ceil(8) as usize;
    if bytes.len() * 8 < blocks {
        return Err(PhotoError::Implausible {
            width,
            height,
            bytes: bytes.len(),
        });
    }
    if !jpeg::is_complete(bytes) {
        return Err(PhotoError::Truncated);
    }
    Ok(())
}

/// Why a picture file was refused.
#[derive(Debug)]
#[non_exhaustive]
pub enum PhotoError {
    /// No bytes at all.
    Empty,
    /// Larger than 5 MB as base64.
    TooManyBytes {
        /// The file's length.
        bytes: usize,
    },
    /// A known picture format that is not supported.
    Format {
        /// Its name, such as "GIF".
        name: String,
    },
    /// The first bytes belong to no known picture format.
    NotAPicture,
    /// The long side exceeds the limit of the format.
    TooLarge {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// The limit in pixels.
        most: u32,
    },
    /// The short side is below 64 px.
    TooSmall {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// A JPEG without its end: the file was cut short.
    Truncated,
    /// The file is too short for the size in its header.
    Implausible {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
        /// The file's length.
        bytes: usize,
    },
    /// The decoder gave up; the cause is kept.
    Decode(image::ImageError),
}

impl fmt::Display for PhotoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the picture has no bytes"),
            Self::TooManyBytes { bytes } => write!(
                f,
                "the file has {bytes} bytes, allowed are {} (5 MB as base64)",
                PhotoLimits::MAX_BYTES
            ),
            Self::Format { name } => {
                write!(f, "{name} is not supported, use JPEG, PNG or BMP")
            }
            Self::NotAPicture => write!(f, "the file is not a JPEG, PNG or BMP picture"),
            Self::TooLarge {
                width,
                height,
                most,
            } => write!(
                f,
                "the picture is {width}×{height} px, its long side may be {most} px"
            ),
            Self::TooSmall { width, height } => write!(
                f,
                "the picture is {width}×{height} px, its short side must be at least {} px",
                PhotoLimits::MIN_SIDE
            ),
            Self::Truncated => write!(
                f,
                "the JPEG has no end-of-image marker: the file was cut short"
            ),
            Self::Implausible {
                width,
                height,
                bytes,
            } => write!(
                f,
                "the header promises {width}×{height} px, more than {bytes} bytes can hold"
            ),
            Self::Decode(cause) => write!(f, "the picture cannot be decoded: {cause}"),
        }
    }
}

impl std::error::Error for PhotoError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Decode(cause) => Some(cause),
            _ => None,
        }
    }
}

impl Coded for PhotoError {
    fn status(&self) -> Status {
        match self {
            Self::Empty => Status::ImageEmpty,
            Self::TooManyBytes { .. } => Status::ImageSizeExceed,
            Self::Format { .. } => Status::ImageFormatUnsupported,
            Self::TooLarge { .. } => Status::ImageResolutionExceed,
            Self::TooSmall { .. } => Status::ImageResolutionTooSmall,
            Self::NotAPicture | Self::Truncated | Self::Implausible { .. } | Self::Decode(_) => {
                Status::ImageDecodeFailed
            }
        }
    }
}
