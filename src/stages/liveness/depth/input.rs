//! What is judged.

use crate::geom::Landmarks5;

/// A face in a depth frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DepthFace {
    /// Its landmarks in stored pixels of the depth frame (see
    /// [`Registration`](crate::frame::Registration::landmarks_in_depth)).
    pub landmarks: Landmarks5,
    /// Capture time of the frame they were found in, in microseconds.
    pub timestamp_us: u64,
}
