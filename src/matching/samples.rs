//! Curves and embeddings that tests make up.

use crate::model::{Curve, CurveSource};
use crate::stages::embed::Embedding;

/// FMR at cosine `c` is `1 - c`, from `n` pairs.
pub(super) fn uniform_curve(n: usize) -> Curve {
    let source = CurveSource {
        set: "test".into(),
        images: 0,
        people: 0,
        failed_to_detect: 0,
        impostor_pairs: 0,
    };
    let impostors = (0..n).map(|i| (i as f32 + 0.5) / n as f32).collect();
    Curve::measure("p@1", source, impostors).expect("enough pairs")
}

/// A unit vector in the plane.
pub(super) fn unit(model_id: &str, cosine: f32) -> Embedding {
    Embedding::from_parts(model_id, vec![cosine, (1.0 - cosine * cosine).sqrt()]).expect("unit")
}
