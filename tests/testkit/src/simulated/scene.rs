//! What every simulated frame has: a moment, a distance, a camera and a face.

use vultus::geom::{Intrinsics, Landmarks5, Point};
use vultus_simulator::{Camera, Rng};

/// Capture time of simulated frames in microseconds.
pub const TIME_US: u64 = 1_000_000;

/// A distance between 300 and 700 mm, by the seed, leaving a margin for noise at both ends.
pub fn distance_mm(seed: u64) -> f32 {
    Rng::new(seed, "distance").uniform(310.0, 680.0)
}

/// The intrinsics of a simulated camera.
pub(super) fn intrinsics(camera: &Camera) -> Intrinsics {
    let [cx, cy] = camera.centre();
    Intrinsics {
        fx: camera.focal,
        fy: camera.focal,
        cx,
        cy,
    }
}

/// Where the simulator found a face's landmarks.
pub(super) fn landmarks(points: [[f32; 2]; 5]) -> Landmarks5 {
    Landmarks5::from_array(points.map(|[x, y]| Point::new(x, y)))
}
