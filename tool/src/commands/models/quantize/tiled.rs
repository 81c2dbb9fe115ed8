//! Frames of many photographs: photographs of people show mostly large faces, a camera sees faces of all sizes, and a
//! detector's tensors for small ones get their ranges from small ones.

use crate::inputs::to_image;
use image::imageops::{self, FilterType};
use vultus::frame::{Frame, FrameLayout, Photo, PixelFormat};

/// Photographs that a frame is made of, again and again.
const GROUP: usize = 4;

/// Photographs in a row and in a column of a frame.
const SIDES: [u32; 3] = [2, 3, 5];

/// Pixels of a side of a frame, about.
const FRAME: u32 = 640;

/// Photographs that wait for a group to be whole.
#[derive(Default)]
pub(super) struct Tiles {
    waiting: Vec<image::RgbImage>,
}

impl Tiles {
    /// Takes a photograph, and gives the frames of a group that is whole with it.
    pub(super) fn add(&mut self, photo: &Photo) -> Vec<Tiled> {
        self.waiting.push(shrunk(photo));
        if self.waiting.len() < GROUP {
            return Vec::new();
        }
        let group = std::mem::take(&mut self.waiting);
        SIDES.iter().map(|&side| Tiled::new(&group, side)).collect()
    }
}

/// A frame of photographs.
pub(super) struct Tiled {
    pixels: image::RgbImage,
}

impl Tiled {
    fn new(photos: &[image::RgbImage], side: u32) -> Self {
        let tile = FRAME / side;
        let mut pixels = image::RgbImage::new(tile * side, tile * side);
        let places = (0..side).flat_map(|row| (0..side).map(move |column| (row, column)));
        for ((row, column), photo) in places.zip(photos.iter().cycle()) {
            let small = fitted(photo, tile);
            let [x, y] = [column, row].map(|at| i64::from(at * tile));
            imageops::replace(&mut pixels, &small, x, y);
        }
        Self { pixels }
    }

    pub(super) fn frame(&self) -> Frame<'_> {
        let (width, height) = self.pixels.dimensions();
        let layout = FrameLayout::packed(PixelFormat::Rgb8, width, height);
        Frame::new(layout, self.pixels.as_raw()).expect("a frame of a few hundred pixels")
    }
}

/// No larger than the largest tile.
fn shrunk(photo: &Photo) -> image::RgbImage {
    let pixels = to_image(photo.image());
    let (width, height) = pixels.dimensions();
    fitted(&pixels, (FRAME / SIDES[0]).min(width.max(height)))
}

/// Scaled to touch the sides of a square from inside.
fn fitted(picture: &image::RgbImage, side: u32) -> image::RgbImage {
    let (width, height) = picture.dimensions();
    let longest = f64::from(width.max(height));
    let fit = |length: u32| ((f64::from(length) / longest * f64::from(side)) as u32).max(1);
    imageops::resize(picture, fit(width), fit(height), FilterType::Triangle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one colour, twice as wide as high.
    fn photo(red: u8) -> Photo {
        let picture = image::RgbImage::from_pixel(400, 200, image::Rgb([red, 0, 0]));
        let mut png = Vec::new();
        let mut out = std::io::Cursor::new(&mut png);
        picture.write_to(&mut out, image::ImageFormat::Png).unwrap();
        Photo::decode(&png).unwrap()
    }

    #[test]
    fn a_whole_group_fills_a_frame_of_each_size() {
        let mut tiles = Tiles::default();
        for red in [50, 100, 150] {
            assert!(tiles.add(&photo(red)).is_empty());
        }
        let frames = tiles.add(&photo(200));
        let sizes: Vec<u32> = frames.iter().map(|frame| frame.pixels.width()).collect();
        assert_eq!(sizes, [640, 639, 640]);
        // The upper half of each tile, for the photographs are half as high as wide.
        let reds = |frame: &Tiled, side: u32| -> Vec<u8> {
            let tile = FRAME / side;
            let places = (0..side).flat_map(|row| (0..side).map(move |column| (row, column)));
            let red = |(row, column)| {
                let (x, y) = (column * tile + tile / 2, row * tile);
                assert_eq!(frame.pixels.get_pixel(x, y + tile - 1).0, [0, 0, 0]);
                frame.pixels.get_pixel(x, y + tile / 4).0[0]
            };
            places.map(red).collect()
        };
        assert_eq!(reds(&frames[0], 2), [50, 100, 150, 200]);
        assert_eq!(reds(&frames[1], 3)[3..6], [200, 50, 100]);
        assert_eq!(reds(&frames[2], 5)[24], 50);
        assert!(tiles.add(&photo(50)).is_empty());
    }
}
