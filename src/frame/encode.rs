//! Pixels to bytes that can be kept.

use super::RgbImage;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

impl RgbImage {
    /// As a JPEG of this quality, 1 to 100. `None` for a picture of no pixels or more than 65,535
    /// a side, which JPEG does not have.
    #[must_use]
    pub fn to_jpeg(&self, quality: u8) -> Option<Vec<u8>> {
        let (width, height) = self.size();
        if width == 0 || height == 0 {
            return None;
        }
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality)
            .encode(self.pixels(), width, height, ExtendedColorType::Rgb8)
            .ok()?;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Photo;

    #[test]
    fn a_picture_survives_its_jpeg() {
        let pixels = (0..96_u32 * 80)
            .flat_map(|i| [(i % 96 * 2) as u8, (i / 96 * 3) as u8, 90])
            .collect();
        let image = RgbImage::new(96, 80, pixels).expect("the size fits");
        let bytes = image.to_jpeg(95).expect("small enough");
        let back = Photo::decode(&bytes).expect("a JPEG");
        assert_eq!(back.image().size(), (96, 80));
        let pairs = image.pixels().iter().zip(back.image().pixels());
        let worst = pairs.map(|(a, b)| a.abs_diff(*b)).max();
        assert!(worst <= Some(12), "{worst:?}");
    }

    #[test]
    fn nothing_is_no_picture() {
        assert_eq!(RgbImage::default().to_jpeg(95), None);
    }
}
