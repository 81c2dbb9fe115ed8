//! One feature for a person with several faces.

use crate::stages::embed::Embedding;

/// The direction of the mean of unit vectors, each weighted by the quality of its face: for
/// embeddings of one person it lies closer to a new photograph than most of them do. Sums are
/// taken in f64, in the order of the faces, so every machine fuses alike.
///
/// Where all weights are 0 the faces count alike. Where the faces cancel out there is no direction,
/// and the best one stands for the person. `None` for no faces.
pub(super) fn fuse(faces: &[(Embedding, f32)]) -> Option<Embedding> {
    let (first, _) = faces.first()?;
    let total: f64 = faces.iter().map(|(_, quality)| f64::from(*quality)).sum();
    let mut sum = vec![0.0_f64; first.values().len()];
    for (embedding, quality) in faces {
        let weight = if total > 0.0 {
            f64::from(*quality)
        } else {
            1.0
        };
        for (sum, &value) in sum.iter_mut().zip(embedding.values()) {
            *sum += weight * f64::from(value);
        }
    }
    let norm = sum.iter().map(|value| value * value).sum::<f64>().sqrt();
    let values = sum.iter().map(|value| (value / norm) as f32).collect();
    Embedding::from_parts(first.model_id(), values)
        .ok()
        .or_else(|| best(faces))
}

/// The first of the best quality.
fn best(faces: &[(Embedding, f32)]) -> Option<Embedding> {
    let best = faces.iter().rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map(|(embedding, _)| embedding.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(x: f32, y: f32, quality: f32) -> (Embedding, f32) {
        let embedding = Embedding::from_parts("p@1", vec![x, y]).expect("unit");
        (embedding, quality)
    }

    #[test]
    fn better_faces_weigh_more() {
        let fused = fuse(&[face(1.0, 0.0, 90.0), face(0.0, 1.0, 30.0)]).expect("faces");
        // (90, 30) has the direction (3, 1).
        let expected = [3.0 / 10.0_f32.sqrt(), 1.0 / 10.0_f32.sqrt()];
        for (found, expected) in fused.values().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn without_any_quality_all_count_alike() {
        let fused = fuse(&[face(1.0, 0.0, 0.0), face(0.0, 1.0, 0.0)]).expect("faces");
        assert!((fused.values()[0] - fused.values()[1]).abs() < 1e-6);
    }

    #[test]
    fn faces_that_cancel_out_leave_the_best() {
        let faces = [face(1.0, 0.0, 50.0), face(-1.0, 0.0, 50.0)];
        assert_eq!(fuse(&faces).expect("faces"), faces[0].0);
        assert_eq!(fuse(&[]), None);
    }
}
