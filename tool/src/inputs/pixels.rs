//! Pictures of the SDK for the crate `image`.

use vultus::frame::RgbImage;

/// A copy for the functions of the crate `image`.
#[must_use]
pub fn to_image(picture: &RgbImage) -> image::RgbImage {
    let (width, height) = picture.size();
    image::RgbImage::from_raw(width, height, picture.pixels().to_vec())
        .expect("the picture holds exactly its pixels")
}
