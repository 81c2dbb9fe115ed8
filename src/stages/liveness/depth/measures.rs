//! What is measured of a face.

/// Inputs of the relief model.
pub const MEASURES: usize = 6;

/// Measures of a face in a depth frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthMeasures {
    /// Median distance of the face along the optical axis, in millimetres.
    pub distance_mm: f32,
    /// Share of the face that was measured, `0..=1`.
    pub valid: f32,
    /// Distance of the eyes in millimetres.
    pub eye_distance_mm: f32,
    /// Height of the nose's tip over the plane of eyes and mouth corners, in millimetres.
    pub nose_mm: f32,
    /// Height of the tip over its surroundings 24 mm away, in the direction in which that is least, in
    /// millimetres. About 0 for every sheet, however bent: it is straight in one direction.
    pub prominence_mm: f32,
    /// Root mean square distance of the face from its least-squares plane, in millimetres.
    pub plane_rms_mm: f32,
    /// The same from its least-squares quadric.
    pub quadric_rms_mm: f32,
    /// How far eyes and mouth corners are from lying in one plane: the distance of the two diagonals, in
    /// millimetres.
    pub skew_mm: f32,
}

impl DepthMeasures {
    /// The inputs of the relief model, in the order of its file.
    #[must_use]
    pub fn inputs(&self) -> [f32; MEASURES] {
        [
            self.nose_mm,
            self.prominence_mm,
            self.plane_rms_mm,
            self.quadric_rms_mm,
            self.skew_mm,
            self.valid,
        ]
    }
}
