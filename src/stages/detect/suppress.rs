//! Keeps one finding a face.

use super::detection::Detection;
use crate::geom::{Landmarks5, Point, Rect};

/// Two findings that overlap more than this (intersection over union) are one face.
const SAME_FACE_IOU: f32 = 0.3;

/// A network that answers with more candidates than this is broken or was fed noise.
const MAX_CANDIDATES: usize = 1000;

/// Greedy non-maximum suppression, best first; with `blend` each kept face is the mean of its
/// overlapping findings weighted by score, which steadies BlazeFace's coarse anchors.
pub(super) fn suppress(mut found: Vec<Detection>, blend: bool) -> Vec<Detection> {
    // Equal scores keep a fixed order so that the result never depends on chance.
    found.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.rect.x.total_cmp(&b.rect.x))
            .then(a.rect.y.total_cmp(&b.rect.y))
    });
    found.truncate(MAX_CANDIDATES);
    let mut kept = Vec::new();
    while !found.is_empty() {
        let best = found[0].rect;
        let (same, rest): (Vec<_>, Vec<_>) = found
            .into_iter()
            .enumerate()
            .partition(|(i, d)| *i == 0 || best.iou(&d.rect) > SAME_FACE_IOU);
        let same: Vec<Detection> = same.into_iter().map(|(_, d)| d).collect();
        kept.push(if blend { mean(&same) } else { same[0].clone() });
        found = rest.into_iter().map(|(_, d)| d).collect();
    }
    kept
}

/// Joins the findings of several detectors, best first.
#[must_use]
pub fn merge(found: Vec<Detection>) -> Vec<Detection> {
    suppress(found, false)
}

/// Mean of findings of one face, weighted by score; the score stays that of the best.
fn mean(same: &[Detection]) -> Detection {
    let total: f32 = same.iter().map(|d| d.score).sum();
    if same.len() == 1 || total <= 0.0 {
        return same[0].clone();
    }
    let point = |of: &dyn Fn(&Detection) -> Point| {
        same.iter().fold(Point::default(), |sum, d| {
            let (p, weight) = (of(d), d.score / total);
            Point::new(sum.x + p.x * weight, sum.y + p.y * weight)
        })
    };
    let landmarks = same[0].landmarks.map(|first| {
        Landmarks5::from_array(std::array::from_fn(|i| {
            point(&|d| d.landmarks.unwrap_or(first).to_array()[i])
        }))
    });
    Detection {
        rect: Rect::from_corners(
            point(&|d| d.rect.top_left()),
            point(&|d| d.rect.bottom_right()),
        ),
        score: same[0].score,
        eyes: [point(&|d| d.eyes[0]), point(&|d| d.eyes[1])],
        landmarks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, score: f32) -> Detection {
        Detection {
            rect: Rect {
                x,
                y: 0.0,
                width: 10.0,
                height: 10.0,
            },
            score,
            eyes: [Point::new(x + 3.0, 4.0), Point::new(x + 7.0, 4.0)],
            landmarks: None,
        }
    }

    #[test]
    fn keeps_the_best_of_each_face() {
        let kept = merge(vec![face(1.0, 0.6), face(0.0, 0.9), face(50.0, 0.7)]);
        let summary: Vec<_> = kept.iter().map(|d| (d.rect.x, d.score)).collect();
        assert_eq!(summary, [(0.0, 0.9), (50.0, 0.7)]);
    }

    #[test]
    fn blending_weighs_by_score_and_keeps_the_best_score() {
        let kept = suppress(vec![face(0.0, 0.75), face(4.0, 0.25)], true);
        assert_eq!(kept.len(), 1);
        assert!((kept[0].rect.x - 1.0).abs() < 1e-6);
        assert!((kept[0].eyes[0].x - 4.0).abs() < 1e-6);
        assert_eq!(kept[0].score, 0.75);
    }

    #[test]
    fn a_flood_of_candidates_is_cut() {
        let flood = (0..5000).map(|i| face(i as f32 * 20.0, 0.5)).collect();
        assert_eq!(merge(flood).len(), MAX_CANDIDATES);
    }
}
