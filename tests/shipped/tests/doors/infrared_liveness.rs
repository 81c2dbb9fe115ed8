//! Judges a face by infrared frames without a session.

use vultus::Frame;
use vultus::liveness::infrared::{InfraredFace, InfraredFrames, InfraredLiveness};

fn assess(
    judge: &InfraredLiveness,
    colour: &Frame<'_>,
    frames: &InfraredFrames<'_>,
    face: &InfraredFace,
) {
    let _ = judge.assess(&mut Default::default(), (colour, frames), face);
}

fn main() {}
