use super::manifest::{ChannelOrder, InputSpec};
use crate::frame::RgbImage;

/// Turns RGB bytes into a network's input values as the manifest says.
pub struct PixelInput {
    /// Source channel (0 red, 1 green, 2 blue) and its value for every byte, one for each plane.
    planes: [(usize, [f32; 256]); 3],
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
        }
    }

    /// Writes the picture as three planes.
    ///
    /// # Panics
    /// When the picture's size is not the input's, a defect of the calling stage.
    pub fn fill(&self, image: &RgbImage, input: &mut [f32]) {
        self.fill_rows(image, input, |row, values, source, out| {
            for (value, pixel) in out.iter_mut().zip(row) {
                *value = values[usize::from(pixel[source])];
            }
        });
    }

    /// Writes the mirror image of the picture as three planes.
    ///
    /// # Panics
    /// As [`fill`](Self::fill).
    pub fn fill_mirrored(&self, image: &RgbImage, input: &mut [f32]) {
        self.fill_rows(image, input, |row, values, source, out| {
            for (value, pixel) in out.iter_mut().zip(row.iter().rev()) {
                *value = values[usize::from(pixel[source])];
            }
        });
    }

    fn fill_rows(
        &self,
        image: &RgbImage,
        input: &mut [f32],
        write: impl Fn(&[[u8; 3]], &[f32; 256], usize, &mut [f32]),
    ) {
        let width = image.size().0 as usize;
        let pixels = image.pixels().as_chunks::<3>().0;
        assert_eq!(
            input.len(),
            pixels.len() * 3,
            "picture and network input differ in size"
        );
        for (plane, (source, values)) in input.chunks_exact_mut(pixels.len()).zip(&self.planes) {
            for (row, out) in pixels
                .chunks_exact(width)
                .zip(plane.chunks_exact_mut(width))
            {
                write(row, values, *source, out);
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
    }
}
