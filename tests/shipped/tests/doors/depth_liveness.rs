//! Judges a face by depth without a session.

use vultus::DepthFrame;
use vultus::liveness::depth::{DepthFace, DepthLiveness, DepthMeasures, SensorClass};

fn made() {
    let _ = DepthLiveness::new(SensorClass::A, []);
}

fn assess(judge: &DepthLiveness, frame: &DepthFrame<'_>, face: &DepthFace) {
    let _ = judge.assess(&mut Default::default(), frame, face);
}

fn judge(judge: &DepthLiveness, measures: DepthMeasures) {
    let _ = judge.judge(measures);
}

fn main() {}
