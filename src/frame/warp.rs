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
        self.fill(to_stored, size, per_axis, chip);
    }

    /// As [`warp`](Self::warp), but with one bilinear sample a pixel however coarse the chip is, as OpenCV's
    /// `INTER_LINEAR` has it: for networks that were trained on pictures made so, fine patterns aliasing.
    pub fn warp_unsmoothed(&self, to_stored: &Affine2, size: u32, chip: &mut RgbImage) {
        self.fill(to_stored, size, 1, chip);
    }

    fn fill(&self, to_stored: &Affine2, size: u32, per_axis: u32, chip: &mut RgbImage) {
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
        let (left, top) = (floor(x), floor(y));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let weights = [
            (1.0 - fx) * (1.0 - fy),
            fx * (1.0 - fy),
            (1.0 - fx) * fy,
            fx * fy,
        ];
        let (width, height) = (self.size.0 as i32, self.size.1 as i32);
        if left >= 0 && top >= 0 && left < width - 1 && top < height - 1 {
            let (x, y) = (left as usize, top as usize);
            let taps = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
            let mut sum = [0.0; 3];
            for ((x, y), weight) in taps.into_iter().zip(weights) {
                add(&mut sum, self.reader.rgb(x, y), weight);
            }
            return sum;
        }
        self.at_border(left, top, weights)
    }

    /// Like the inside, but taps outside the frame are black.
    #[cold]
    fn at_border(&self, left: i32, top: i32, weights: [f32; 4]) -> [f32; 3] {
        let (width, height) = (i64::from(self.size.0), i64::from(self.size.1));
        let mut sum = [0.0; 3];
        for (i, weight) in weights.into_iter().enumerate() {
            let x = i64::from(left) + (i % 2) as i64;
            let y = i64::from(top) + (i / 2) as i64;
            if (0..width).contains(&x) && (0..height).contains(&y) {
                add(&mut sum, self.reader.rgb(x as usize, y as usize), weight);
            }
        }
        sum
    }
}

/// Rounds down. Without SSE4.1, which the baseline lacks, `f32::floor` is a call; a truncation
/// and a comparison are not. What is no number becomes 0, what is huge saturates.
#[inline]
fn floor(x: f32) -> i32 {
    let truncated = x as i32;
    truncated.saturating_sub(i32::from(truncated as f32 > x))
}

#[inline]
fn add(sum: &mut [f32; 3], rgb: [u8; 3], weight: f32) {
    for (s, v) in sum.iter_mut().zip(rgb) {
        *s += weight * f32::from(v);
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
