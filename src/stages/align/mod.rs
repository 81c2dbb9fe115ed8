//! Straightens a face: moves five of its points onto the places that the embedder was trained
//! with, and cuts the chip out of the frame.

use crate::error::{Coded, Status};
use crate::frame::{Frame, RgbImage};
use crate::geom::{Point, Similarity2};
use crate::model::AlignSpec;
use std::fmt;

/// A chip may not be stretched further than this; a face of a tenth of the chip's size carries
/// nothing to recognise, and absurd landmarks would cost absurd work.
const MAX_STRETCH: f32 = 64.0;

/// A face cut out and straightened for one embedder.
#[derive(Clone, Debug, Default)]
pub struct AlignedFace {
    /// Square RGB chip.
    pub chip: RgbImage,
    /// Root mean square distance of the five points from their places, in chip pixels: large for
    /// a profile or a wrong detection.
    pub residual_px: f32,
}

/// Which five points and where they belong.
#[derive(Debug)]
pub struct Aligner {
    size: u32,
    template: [Point; 5],
    mesh_points: Option<[usize; 5]>,
}

impl Aligner {
    /// From the embedder's part of the manifest.
    #[must_use]
    pub fn new(spec: &AlignSpec) -> Self {
        Self {
            size: spec.size,
            template: spec.template_points(),
            mesh_points: spec.mesh_points,
        }
    }

    /// Indices of the five points in the mesh, when they come from there; otherwise they are the
    /// five landmarks in their usual order.
    #[must_use]
    pub fn mesh_points(&self) -> Option<[usize; 5]> {
        self.mesh_points
    }

    /// Fills `face` from the frame; `points` are the five points in stored pixels.
    ///
    /// # Errors
    /// [`AlignError`] when the points coincide, are not finite, or span an absurd size.
    pub fn align(
        &self,
        frame: &Frame<'_>,
        points: &[Point; 5],
        face: &mut AlignedFace,
    ) -> Result<(), AlignError> {
        let to_upright = frame.stored_to_upright();
        let upright = points.map(|point| to_upright.apply(point));
        let to_chip =
            Similarity2::estimate(&upright, &self.template).ok_or(AlignError::Degenerate)?;
        let stretch = to_chip.to_affine().scale();
        if !(1.0 / MAX_STRETCH..=MAX_STRETCH).contains(&stretch) {
            return Err(AlignError::Stretch { stretch });
        }
        let to_upright = to_chip
            .to_affine()
            .inverse()
            .ok_or(AlignError::Degenerate)?;
        frame.warp(
            &frame.upright_to_stored().after(&to_upright),
            self.size,
            &mut face.chip,
        );
        face.residual_px = to_chip.residual(&upright, &self.template);
        Ok(())
    }
}

/// Landmarks that are no face.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum AlignError {
    /// The points coincide or are not finite.
    Degenerate,
    /// The face would have to be stretched or shrunk beyond reason.
    Stretch {
        /// Chip pixels per frame pixel.
        stretch: f32,
    },
}

impl fmt::Display for AlignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Degenerate => write!(f, "the landmarks coincide or are not finite"),
            Self::Stretch { stretch } => write!(
                f,
                "the landmarks ask for a stretch of {stretch}, allowed is {} to {MAX_STRETCH}",
                1.0 / MAX_STRETCH
            ),
        }
    }
}

impl std::error::Error for AlignError {}

impl Coded for AlignError {
    fn status(&self) -> Status {
        Status::FaceGeometryInvalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{FrameLayout, PixelFormat};
    use crate::geom::Rotation;

    const TEMPLATE: [[f32; 2]; 5] = [
        [8.0, 10.0],
        [24.0, 10.0],
        [16.0, 18.0],
        [10.0, 25.0],
        [22.0, 25.0],
    ];

    fn aligner() -> Aligner {
        Aligner::new(&AlignSpec {
            size: 32,
            template: TEMPLATE,
            mesh_points: None,
            mirror_average: false,
        })
    }

    /// A smooth picture, so that interpolation alone makes little difference.
    fn picture() -> Vec<u8> {
        let value = |x: u32, y: u32| {
            let (x, y) = (x as f32 / 9.0, y as f32 / 7.0);
            [
                (128.0 + 100.0 * x.sin()) as u8,
                (128.0 + 100.0 * y.cos()) as u8,
                (128.0 + 80.0 * (x + y).sin()) as u8,
            ]
        };
        (0..64)
            .flat_map(|y| (0..64).flat_map(move |x| value(x, y)))
            .collect()
    }

    #[test]
    fn every_orientation_of_the_same_bytes_gives_the_upright_chip() {
        let bytes = picture();
        let layout = FrameLayout::packed(PixelFormat::Rgb8, 64, 64);
        let points = TEMPLATE.map(|[x, y]| Point::new(x * 1.5 + 7.0, y * 1.5 + 3.0));
        for rotation in Rotation::ALL {
            for mirror in [false, true] {
                let frame = Frame::new(layout.with_rotation(rotation).with_mirror(mirror), &bytes)
                    .expect("frame");
                // Turn the whole picture by hand; the face in it must come out the same.
                let upright = upright_copy(&frame);
                let turned = Frame::new(layout, &upright).expect("frame");
                let mut direct = AlignedFace::default();
                aligner()
                    .align(&turned, &points, &mut direct)
                    .expect("aligned");
                let stored = points.map(|p| frame.orientation().point_to_stored(p, frame.size()));
                let mut through = AlignedFace::default();
                aligner()
                    .align(&frame, &stored, &mut through)
                    .expect("aligned");
                for (a, b) in direct.chip.pixels().iter().zip(through.chip.pixels()) {
                    assert!(a.abs_diff(*b) <= 1, "{rotation:?} {mirror}");
                }
                assert!(through.residual_px < 1e-3);
            }
        }
    }

    fn upright_copy(frame: &Frame<'_>) -> Vec<u8> {
        let rgb = frame.to_rgb();
        let stored = rgb.pixels().as_chunks::<3>().0;
        let map = frame.upright_to_stored();
        let pixel = |i: usize| {
            let p = map.apply(Point::new((i % 64) as f32 + 0.5, (i / 64) as f32 + 0.5));
            stored[p.y as usize * 64 + p.x as usize]
        };
        (0..64 * 64).flat_map(pixel).collect()
    }

    #[test]
    fn landmarks_that_are_no_face_are_refused() {
        let bytes = picture();
        let frame =
            Frame::new(FrameLayout::packed(PixelFormat::Rgb8, 64, 64), &bytes).expect("frame");
        let mut face = AlignedFace::default();
        let mut refused = |points: [Point; 5]| {
            aligner()
                .align(&frame, &points, &mut face)
                .expect_err("refused")
        };
        assert_eq!(refused([Point::new(3.0, 3.0); 5]), AlignError::Degenerate);
        assert_eq!(
            refused([Point::new(f32::NAN, 3.0); 5]),
            AlignError::Degenerate
        );
        let tiny = TEMPLATE.map(|[x, y]| Point::new(x * 1e-3, y * 1e-3));
        assert!(matches!(refused(tiny), AlignError::Stretch { .. }));
    }
}
