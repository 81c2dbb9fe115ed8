//! Photographs from files: limits first, pixels after, and only those that a viewer shows.

use super::error::PhotoError;
use super::jpeg::{self, Headers, Refused, pixels};
use super::limits::PhotoLimits;
use super::{exif, png};
use crate::frame::opacity::Opacity;
use crate::frame::{Frame, FrameLayout, PixelFormat, RgbImage};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, metadata};
use std::io::Cursor;

/// A decoded photograph: upright, unless EXIF was ignored, and in front of white where the file
/// says that it is transparent.
#[derive(Debug)]
pub struct Photo {
    image: RgbImage,
    /// Kept where anything is transparent.
    opacity: Option<Opacity>,
}

impl Photo {
    /// Decodes JPEG, PNG or BMP and turns it upright as its EXIF orientation says.
    ///
    /// All limits are checked from the header before pixels are allocated. A JPEG of which a part
    /// is missing is refused, by what its scans hold: a marker at its end says nothing. Thumbnails,
    /// second pictures behind the first, and animations are not looked at.
    ///
    /// # Errors
    /// [`PhotoError`], one variant a limit.
    pub fn decode(bytes: &[u8]) -> Result<Self, PhotoError> {
        let Stored {
            mut pixels,
            orientation,
        } = stored(bytes, accept(bytes)?)?;
        if let Some(orientation) = orientation.and_then(metadata::Orientation::from_exif) {
            pixels.apply_orientation(orientation);
        }
        Ok(Self::from_stored(pixels))
    }

    /// Like [`decode`](Self::decode) but leaves the pixels as stored, whatever EXIF says.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    pub fn decode_ignoring_exif(bytes: &[u8]) -> Result<Self, PhotoError> {
        let stored = stored(bytes, accept(bytes)?)?;
        Ok(Self::from_stored(stored.pixels))
    }

    fn from_stored(pixels: DynamicImage) -> Self {
        let (width, height) = (pixels.width(), pixels.height());
        let (rgb, opacity) = if pixels.color().has_alpha() {
            Opacity::compose(width, height, pixels.into_rgba8().as_raw())
        } else {
            (pixels.into_rgb8().into_raw(), None)
        };
        let image = RgbImage::new(width, height, rgb)
            .expect("the decoder's buffer is tightly packed and its size was checked");
        Self { image, opacity }
    }

    /// The upright pixels.
    #[must_use]
    pub fn image(&self) -> &RgbImage {
        &self.image
    }

    /// The photograph as a frame; stored and upright coordinates are the same. It remembers where
    /// the photograph is transparent: a face there is found, but neither judged nor embedded.
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        let (width, height) = self.image.size();
        let frame = Frame::new(
            FrameLayout::packed(PixelFormat::Rgb8, width, height),
            self.image.pixels(),
        )
        .expect("a decoded photograph lies within the limits of a frame");
        frame.with_opacity(self.opacity.as_ref())
    }
}

/// The pixels of a file, and which way up they are as EXIF numbers it.
struct Stored {
    pixels: DynamicImage,
    orientation: Option<u8>,
}

/// The format, if the file may be looked at further.
fn accept(bytes: &[u8]) -> Result<ImageFormat, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.len() > PhotoLimits::MAX_BYTES {
        return Err(PhotoError::TooManyBytes { bytes: bytes.len() });
    }
    // Stray bytes may follow the two that begin a JPEG.
    if bytes.starts_with(jpeg::BEGINNING) {
        return Ok(ImageFormat::Jpeg);
    }
    let unsupported = |name: String| Err(PhotoError::Format { name });
    match image::guess_format(bytes) {
        Ok(ImageFormat::Png) if png::is_animated(bytes) => unsupported("APNG".into()),
        Ok(format @ (ImageFormat::Png | ImageFormat::Bmp)) => Ok(format),
        Ok(other) => unsupported(format!("{other:?}").to_uppercase()),
        Err(_) => Err(PhotoError::NotAPicture),
    }
}

fn stored(bytes: &[u8], format: ImageFormat) -> Result<Stored, PhotoError> {
    if format == ImageFormat::Jpeg {
        return stored_jpeg(bytes);
    }
    let mut decoder = decoder(bytes, format)?;
    let (width, height) = decoder.dimensions();
    check_size(format, width, height)?;
    // Broken EXIF is no reason to refuse a picture that decodes.
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = exif.as_deref().and_then(exif::orientation);
    let pixels = DynamicImage::from_decoder(decoder).map_err(PhotoError::Decode)?;
    Ok(Stored {
        pixels,
        orientation,
    })
}

fn stored_jpeg(bytes: &[u8]) -> Result<Stored, PhotoError> {
    let headers = Headers::read(bytes)?;
    let (width, height) = headers.size();
    check_size(ImageFormat::Jpeg, width, height)?;
    check_plausible(width, height, bytes)?;
    let (orientation, is_grey) = (headers.orientation(), headers.is_grey());
    let guarded = headers.guarded()?;
    let decoded = guarded.map(|plain| pixels::decode(&plain, is_grey));
    let pixels = match decoded {
        Some(Ok(pixels)) => pixels,
        _ => {
            // Block by block, which also tells how much is missing.
            let whole = Headers::read(bytes)?.read_scans()?;
            if whole.missing > 0.0 {
                let missing = whole.missing;
                return Err(PhotoError::Incomplete { missing });
            }
            pixels::decode(&whole.plain, is_grey)?
        }
    };
    Ok(Stored {
        pixels,
        orientation,
    })
}

/// Bounds what the decoder allocates for itself. Its limits of size stay open: the documents' own
/// are checked right after the header, under their own names.
fn decoder(bytes: &[u8], format: ImageFormat) -> Result<impl ImageDecoder, PhotoError> {
    let mut limits = image::Limits::no_limits();
    limits.max_alloc = Some(64 * 1024 * 1024);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    reader.into_decoder().map_err(PhotoError::Decode)
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

/// A header can promise more pixels than the rest of the file could ever encode; such a JPEG is
/// refused before anything is allocated for them: each 8×8 block costs at least one bit, the
/// shortest Huffman code there is. BMP and PNG need no such bound: their limit of 2000 px keeps any
/// promise below 32 MB.
fn check_plausible(width: u32, height: u32, bytes: &[u8]) -> Result<(), PhotoError> {
    let blocks = width.div_ceil(8) as usize * height.div_ceil(8) as usize;
    if bytes.len() * 8 < blocks {
        return Err(PhotoError::Implausible {
            width,
            height,
            bytes: bytes.len(),
        });
    }
    Ok(())
}

impl From<Refused> for PhotoError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Ended => Self::Incomplete { missing: 1.0 },
            Refused::Malformed(what) => Self::Malformed { what },
        }
    }
}
