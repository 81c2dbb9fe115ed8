//! How much two rectangles have in common when both may be a little off.

use crate::geom::Rect;

/// Both rectangles grow by this share of their sides on each side, so that a small face that moved by its own
/// width still meets its prediction.
const MARGIN: f32 = 0.3;

/// Intersection over union of the grown rectangles, `0..=1`.
pub(super) fn overlap(a: &Rect, b: &Rect) -> f32 {
    grown(a).iou(&grown(b))
}

fn grown(rect: &Rect) -> Rect {
    let by = 1.0 + 2.0 * MARGIN;
    Rect::centred(rect.centre(), rect.width * by, rect.height * by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point;

    fn at(x: f32) -> Rect {
        Rect::centred(Point::new(x, 0.0), 10.0, 10.0)
    }

    #[test]
    fn overlap_is_whole_for_one_place_and_none_beyond_the_grown_sides() {
        assert!((overlap(&at(0.0), &at(0.0)) - 1.0).abs() < 1e-6);
        assert!(overlap(&at(0.0), &at(11.0)) > 0.0, "one width apart");
        assert_eq!(overlap(&at(0.0), &at(16.1)), 0.0);
        // Grown to 16 × 16: shifted by 4, 12 × 16 of 20 × 16 are common.
        assert!((overlap(&at(0.0), &at(4.0)) - 0.6).abs() < 1e-6);
    }
}
