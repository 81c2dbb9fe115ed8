//! A plain stream becomes pixels.

use crate::frame::photo::error::PhotoError;
use image::error::DecodingError;
use image::{DynamicImage, GrayImage, ImageError, ImageFormat, RgbImage};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// Decodes a stream whose size has been checked. What cannot be decoded is refused, never made up.
///
/// # Errors
/// [`PhotoError::Decode`].
pub(in crate::frame::photo) fn decode(
    plain: &[u8],
    is_grey: bool,
) -> Result<DynamicImage, PhotoError> {
    let colours = if is_grey {
        ColorSpace::Luma
    } else {
        ColorSpace::RGB
    };
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .jpeg_set_out_colorspace(colours);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(plain), options);
    let refused = |cause| {
        let cause = DecodingError::new(ImageFormat::Jpeg.into(), cause);
        PhotoError::Decode(ImageError::Decoding(cause))
    };
    let pixels = decoder.decode().map_err(refused)?;
    let (width, height) = decoder.dimensions().expect("the headers were decoded");
    let size = (width as u32, height as u32);
    let picture = match is_grey {
        true => GrayImage::from_raw(size.0, size.1, pixels).map(DynamicImage::ImageLuma8),
        false => RgbImage::from_raw(size.0, size.1, pixels).map(DynamicImage::ImageRgb8),
    };
    Ok(picture.expect("the decoder fills a buffer of its size"))
}
