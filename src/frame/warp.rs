//! Cuts a straightened chip out of a frame, reading the source format directly.

use super::reader::{ReadRgb, with_reader};
use super::{Frame, RgbImage};
use crate::geom::{Affine2, Point};

/// Above this many source pixels per chip pixel the samples no longer touch each other; a face
/// that large in the frame loses nothing that a chip could show.
const MAX_SAMPLES_PER_AXIS: u32 = 8;

impl Frame<'_> {
    /// Fills `chip` with `size × size` pixels; `to_stored` maps chip coordinates to stored ones.
    ///
    /// Bilinear. Where the chip is coarser than the frame, each chip pixel is the mean of evenly
    /// spread samples, about one a source pixel, so that fine detail does not alias. Outside the
    /// frame is black.
    pub fn warp(&self, to_stored: &Affine2, size: u32, chip: &mut RgbImage) {
        let per_axis = (to_stored.scale().round() as u32).clamp(1, MAX_SAMPLES_PER_AXIS);
        let pixels = chip.reset(size, size).as_chunks_mut::<3>().0;
        with_reader!(self, reader => {
            let sampler = Sampler { reader, size: self.size() };
            for (i, pixel) in pixels.iter_mut().enumerate() {
                let corner = Point::new((i as u32 % size) as f32, (i as u32 / size) as f32);
                *pixel = sampler.mean(to_stored, corner, per_axis);
            }
        });
    }
}

struct Sampler<R> {
    reader: R,
    size: (u32, u32),
}

impl<R: ReadRgb> Sampler<R> {
    /// Mean of `n × n` samples spread over the chip pixel whose top left corner is `corner`.
    #[inline]
    fn mean(&self, to_stored: &Affine2, corner: Point, n: u32) -> [u8; 3] {
        let step = 1.0 / n as f32;
        let mut sum = [0.0_f32; 3];
        for j in 0..n {
            for i in 0..n {
                let at = Point::new(
                    corner.x + (i as f32 + 0.5) * step,
                    corner.y + (j as f32 + 0.5) * step,
                );
                let sample = self.bilinear(to_stored.apply(at));
                for (s, v) in sum.iter_mut().zip(sample) {
                    *s += v;
                }
            }
        }
        sum.map(|s| (s * step * step + 0.5) as u8)
    }

    #[inline]
    fn bilinear(&self, p: Point) -> [f32; 3] {
        // Pixel centres lie at half-integers.
        let (x, y) = (p.x - 0.5, p.y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let taps = [
            (left, top, (1.0 - fx) * (1.0 - fy)),
            (left + 1.0, top, fx * (1.0 - fy)),
            (left, top + 1.0, (1.0 - fx) * fy),
            (left + 1.0, top + 1.0, fx * fy),
        ];
        let mut sum = [0.0; 3];
        for (x, y, weight) in taps {
            let inside = x >= 0.0 && y >= 0.0 && x < self.size.0 as f32 && y < self.size.1 as f32;
            if inside && weight > 0.0 {
                let rgb = self.reader.rgb(x as usize, y as usize);
                for (s, v) in sum.iter_mut().zip(rgb) {
                    *s += weight * f32::from(v);
                }
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameLayout, PixelFormat};

    fn gradient(width: u32, height: u32) -> Vec<u8> {
        (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| [(x * 8) as u8, (y * 8) as u8, 100]))
            .collect()
    }

    #[test]
    fn identity_copies_and_a_shift_interpolates() {
        let bytes = gradient(8, 8);
        let frame =
            Frame::new(FrameLayout::packed(PixelFormat::Rgb8, 8, 8), &bytes).expect("frame");
        let mut chip = RgbImage::default();
        frame.warp(&Affine2::IDENTITY, 8, &mut chip);
        assert_eq!(chip.pixels(), &bytes[..]);
        let half = Affine2::from_rows([1.0, 0.0, 0.5], [0.0, 1.0, 0.0]);
        frame.warp(&half, 4, &mut chip);
        assert_eq!(&chip.pixels()[..6], &[4, 0, 100, 12, 0, 100]);
    }

    #[test]
    fn outside_is_black_even_for_absurd_maps() {
        let bytes = gradient(8, 8);
        let frame =
            Frame::new(FrameLayout::packed(PixelFormat::Rgb8, 8, 8), &bytes).expect("frame");
        let mut chip = RgbImage::default();
        for shift in [-1000.0, 1e30, f32::NAN, f32::INFINITY] {
            let map = Affine2::from_rows([1.0, 0.0, shift], [0.0, 1.0, shift]);
            frame.warp(&map, 4, &mut chip);
            assert!(chip.pixels().iter().all(|&v| v == 0), "{shift}");
        }
    }

    #[test]
    fn shrinking_averages_instead_of_aliasing() {
        // Columns alternate black and white: one sample a pixel would see only one of them.
        let bytes: Vec<u8> = (0..64 * 64)
            .flat_map(|i| [if i % 2 == 0 { 0 } else { 255 }; 3])
            .collect();
        let frame =
            Frame::new(FrameLayout::packed(PixelFormat::Rgb8, 64, 64), &bytes).expect("frame");
        let quarter = Affine2::from_rows([4.0, 0.0, 0.0], [0.0, 4.0, 0.0]);
        let mut chip = RgbImage::default();
        frame.warp(&quarter, 16, &mut chip);
        assert!(chip.pixels().iter().all(|v| v.abs_diff(128) <= 1));
    }
}
