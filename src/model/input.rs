use super::manifest::{ChannelOrder, InputSpec};
use crate::frame::RgbImage;
use std::fmt;

/// Turns RGB bytes into a network's input values as the manifest says.
pub struct PixelInput {
    /// Source channel (0 red, 1 green, 2 blue) and its value for every byte, one for each plane.
    planes: [(usize, [f32; 256]); 3],
    /// Whether the three values of a pixel lie side by side instead of in planes.
    interleaved: bool,
}

impl fmt::Debug for PixelInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PixelInput")
            .field("interleaved", &self.interleaved)
            .finish_non_exhaustive()
    }
}

impl PixelInput {
    pub(super) fn new(spec: &InputSpec) -> Self {
        let sources = match spec.channels {
            ChannelOrder::Rgb => [0, 1, 2],
            ChannelOrder::Bgr => [2, 1, 0],
        };
        let plane = |i: usize| {
            let value = |byte: usize| (byte as f32 - spec.mean[i]) / spec.std[i];
            (sources[i], std::array::from_fn(value))
        };
        Self {
            planes: [plane(0), plane(1), plane(2)],
            interleaved: spec.is_interleaved(),
        }
    }

    /// Writes the picture in the order of the input.
    ///
    /// # Panics
    /// When the picture's size is not the input's, a defect of the calling stage.
    pub fn fill(&self, image: &RgbImage, input: &mut [f32]) {
        self.write(image, input, false);
    }

    /// Writes the mirror image of the picture in the order of the input.
    ///
    /// # Panics
    /// As [`fill`](Self::fill).
    pub fn fill_mirrored(&self, image: &RgbImage, input: &mut [f32]) {
        self.write(image, input, true);
    }

    fn write(&self, image: &RgbImage, input: &mut [f32], mirrored: bool) {
        let width = image.size().0 as usize;
        let pixels = image.pixels().as_chunks::<3>().0;
        let count = pixels.len();
        assert_eq!(
            input.len(),
            count * 3,
            "picture and network input differ in size"
        );
        // The first value of a channel, and how far its values lie apart.
        let step = if self.interleaved { 3 } else { 1 };
        for (channel, (source, values)) in self.planes.iter().enumerate() {
            let first = if self.interleaved {
                channel
            } else {
                channel * count
            };
            let mut out = input[first..].iter_mut().step_by(step);
            for row in pixels.chunks_exact(width) {
                let value = |pixel: &[u8; 3]| values[usize::from(pixel[*source])];
                if mirrored {
                    out.by_ref()
                        .zip(row.iter().rev())
                        .for_each(|(out, pixel)| *out = value(pixel));
                } else {
                    out.by_ref()
                        .zip(row)
                        .for_each(|(out, pixel)| *out = value(pixel));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_follow_order_mean_and_std() {
        let spec = InputSpec {
            name: "input".into(),
            shape: vec![1, 3, 8, 8],
            channels: ChannelOrder::Bgr,
            mean: [10.0, 0.0, 0.0],
            std: [2.0, 1.0, 255.0],
        };
        let image = RgbImage::new(2, 1, vec![255, 7, 30, 51, 8, 10]).expect("image");
        let mut input = [0.0; 6];
        PixelInput::new(&spec).fill(&image, &mut input);
        assert_eq!(input, [10.0, 0.0, 7.0, 8.0, 1.0, 0.2]);
        PixelInput::new(&spec).fill_mirrored(&image, &mut input);
        assert_eq!(input, [0.0, 10.0, 8.0, 7.0, 0.2, 1.0]);
        let interleaved = InputSpec {
            shape: vec![1, 8, 8, 3],
            ..spec
        };
        PixelInput::new(&interleaved).fill(&image, &mut input);
        assert_eq!(input, [10.0, 7.0, 1.0, 0.0, 8.0, 0.2]);
        PixelInput::new(&interleaved).fill_mirrored(&image, &mut input);
        assert_eq!(input, [0.0, 8.0, 0.2, 10.0, 7.0, 1.0]);
    }
}
