//! Judges a face by a colour frame without a session.

use vultus::Frame;
use vultus::geom::Rect;
use vultus::liveness::colour::ColourLiveness;

fn assess(judge: &ColourLiveness, frame: &Frame<'_>, rect: &Rect) {
    let _ = judge.assess(&mut Default::default(), frame, rect);
}

fn exercise(judge: &ColourLiveness, frame: &Frame<'_>, rect: &Rect) {
    let _ = judge.exercise(&mut Default::default(), frame, rect);
}

fn main() {}
