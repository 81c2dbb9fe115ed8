//! How a quantised pack is printed.

use super::job::Job;
use crate::shown::shown_path;
use serde_json::{Value, json};
use vultus::internals::model::{InBytes, NetworkSpec};

pub(super) fn network_json(spec: &NetworkSpec, done: &InBytes) -> Value {
    let layers = done.layers.iter().filter(|layer| layer.float);
    json!({
        "network": spec.name,
        "layers": done.layers.len(),
        "float_layers": layers.map(|layer| json!({
            "operation": layer.operation,
            "layer": layer.what,
            "multiply_adds": layer.multiply_adds,
            "alone_db": layer.alone_db,
        })).collect::<Vec<_>>(),
        "calibrated": done.calibrated,
        "held_out": done.held_out,
        "snr_db": finite(done.fidelity.snr_db),
        "least_cosine": done.fidelity.least_cosine,
        "mean_cosine": done.fidelity.mean_cosine,
        "float_bytes": done.float_bytes,
        "plan_bytes": done.plan.len(),
    })
}

/// JSON has no infinity: outputs without any difference have no ratio.
fn finite(db: f64) -> Option<f64> {
    db.is_finite().then_some(db)
}

pub(super) fn text(
    job: &Job,
    photographs: usize,
    done: &[(NetworkSpec, InBytes)],
    float: &[String],
) -> String {
    let mut text = format!(
        "{} written to {}, calibrated on {photographs} photographs\n{:<20} {:>8} {:>8} {:>7} {:>8} {:>8}  f32 layers",
        job.model_id(),
        shown_path(&job.out),
        "network",
        "f32 KiB",
        "int8 KiB",
        "SNR dB",
        "least",
        "mean",
    );
    for (spec, done) in done {
        let layers: Vec<_> = done.layers.iter().filter(|layer| layer.float).collect();
        text += &format!(
            "\n{:<20} {:>8} {:>8} {:>7.1} {:>8.4} {:>8.4}  {} of {}",
            spec.name,
            done.float_bytes / 1024,
            done.plan.len() / 1024,
            done.fidelity.snr_db,
            done.fidelity.least_cosine,
            done.fidelity.mean_cosine,
            layers.len(),
            done.layers.len(),
        );
        for layer in layers {
            let why = match layer.alone_db {
                Some(db) => format!("in bytes it alone leaves {db:.1} dB"),
                None => "it has no form in bytes".to_owned(),
            };
            text += &format!("\n    {} stays f32: {why}", layer.what);
        }
    }
    for name in float {
        text += &format!("\n{name:<20} stays f32: not asked for");
    }
    text
}
