//! What the network sees of a face.

use super::fit::Surface;
use super::measure::{REACH_MM, corners};
use super::relief::{FaceAxes, Grid, Relief};
use crate::frame::{DepthFrame, RgbImage};
use crate::geom::Landmarks5;
use crate::stages::liveness::face::{FaceEllipse, check_landmarks};
use crate::stages::liveness::verdict::Reason;

/// Byte of a height of 0, and of what was not measured.
const MIDDLE: f32 = 128.0;

/// Steps a millimetre of heights over the plane: 64 mm to either side.
const COARSE: f32 = 2.0;

/// Steps a millimetre of heights over the quadric: 16 mm to either side, in steps finer than a good sensor's noise.
const FINE: f32 = 8.0;

/// Byte of what was measured, beside 0 of what was not.
const MEASURED: u8 = 255;

/// The cells of a relief that a network wants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliefCells {
    /// Cells along each side of the square; the middle of eyes and mouth corners is in its middle.
    pub side: u32,
    /// Side of a cell in millimetres.
    pub cell_mm: f32,
}

/// The relief of a face as a picture of three planes, one byte each: red is the height over the least-squares plane of the
/// face, 128 and two steps a millimetre; green the height over its least-squares quadric, 128 and eight steps a
/// millimetre; blue 255 where anything was measured and 0 elsewhere.
///
/// Whatever lies outside the outline of the face is as if it had not been measured: where paper, hair and background end
/// says much of simulated masks and nothing of those that are cut along the face.
///
/// This is what the network is trained on and asked about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReliefPicture(RgbImage);

impl ReliefPicture {
    /// Lays the relief of a face out, by its landmarks in stored pixels of the depth frame.
    ///
    /// # Errors
    /// The [`Reason`] why that cannot be done.
    pub fn of(
        cells: ReliefCells,
        frame: &DepthFrame<'_>,
        landmarks: &Landmarks5,
    ) -> Result<Self, Reason> {
        check_landmarks(landmarks, 1.0)?;
        let axes = FaceAxes::new(corners(frame, landmarks)?);
        let axes = axes.ok_or(Reason::LandmarksImplausible)?;
        let side = cells.side as usize;
        let grid = Grid {
            cell_mm: cells.cell_mm,
            columns: side,
            rows: side,
        };
        let relief = Relief::new(frame, &FaceEllipse::new(landmarks), &axes, REACH_MM, grid);
        let samples = relief.samples();
        let (plane, quadric) = (Surface::plane(&samples), Surface::quadric(&samples));
        let (plane, quadric) = plane.zip(quadric).ok_or(Reason::FewValidPixels)?;
        let byte = |mm: f32, steps: f32| (MIDDLE + mm * steps + 0.5) as u8;
        let nothing = [MIDDLE as u8, MIDDLE as u8, 0];
        let mut bytes = nothing.repeat(side * side);
        let pixels = bytes.as_chunks_mut::<3>().0;
        for (cell, sample) in relief.filled() {
            // Casts end at the scale's ends.
            pixels[cell] = [
                byte(plane.over(&sample), COARSE),
                byte(quadric.over(&sample), FINE),
                MEASURED,
            ];
        }
        let image = RgbImage::new(cells.side, cells.side, bytes);
        Ok(Self(image.expect("three bytes for each cell of a square")))
    }

    /// The planes as the colours of a picture.
    #[must_use]
    pub fn image(&self) -> &RgbImage {
        &self.0
    }
}
