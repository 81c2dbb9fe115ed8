//! Judges a face by depth without a session.

use vultus::DepthFrame;
use vultus::liveness::depth::{DepthFace, DepthLiveness};

fn judge(judge: &DepthLiveness, frame: &DepthFrame<'_>, face: &DepthFace) {
    let _ = judge.assess(frame, face);
}

fn main() {}
