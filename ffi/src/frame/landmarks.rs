//! The five landmarks of a face.

use crate::pod::pod;
use vultus::geom::{Landmarks5, Point};

/// Five points of a face in stored pixels, in the order of `vultus_face`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_landmarks {
    /// `sizeof(vultus_landmarks)`.
    pub struct_size: u32,
    /// x and y of left eye, right eye, tip of the nose, left and right corner of the mouth.
    pub points: [[f32; 2]; 5],
}
pod!(vultus_landmarks {
    points: [[0.0; 2]; 5]
});

impl vultus_landmarks {
    pub(crate) fn landmarks(&self) -> Landmarks5 {
        landmarks_of(self.points)
    }
}

/// Landmarks of an array in the order of the struct.
pub(crate) fn landmarks_of(points: [[f32; 2]; 5]) -> Landmarks5 {
    Landmarks5::from_array(points.map(|[x, y]| Point::new(x, y)))
}

/// An array of landmarks in the order of the struct.
pub(crate) fn points_of(landmarks: Landmarks5) -> [[f32; 2]; 5] {
    landmarks.to_array().map(|point| [point.x, point.y])
}
