//! The report of a verification.

use super::html::{STYLE, escaped};
use super::plots;
use crate::evaluation::Verification;
use crate::evaluation::accuracy::{cosines, totals};
use crate::failure::Result;

/// Tables and plots of a verification.
///
/// # Errors
/// When a plot cannot be drawn.
pub fn verification_page(result: &Verification) -> Result<String> {
    let (mated, impostors) = (
        cosines(&result.scored.pairs, true),
        cosines(&result.scored.pairs, false),
    );
    let totals = totals(&result.scored.pairs);
    let rate = &result.accuracy.rate;
    let mut rows = String::new();
    for (key, point) in &result.points {
        rows += &format!(
            "<tr><td>{key}</td><td>{:.2} %</td><td>{:.2} to {:.2} %</td><td>{} of {}{}</td><td>{:.3}</td></tr>",
            point.tar.value * 100.0,
            point.tar.low * 100.0,
            point.tar.high * 100.0,
            point.false_matches,
            point.impostors,
            point.caveat(),
            point.threshold,
        );
    }
    let folds: Vec<String> = result
        .accuracy
        .folds
        .iter()
        .map(|fold| format!("{:.2}", fold * 100.0))
        .collect();
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Verification of {model}</title>\
         <style>{STYLE}</style></head><body>\
         <h1>Verification of {model}</h1>\
         <p>{pairs} pairs of {images} images from <code>{set}</code>: {mated_count} mated, {impostor_count} impostor. \
         {failed} images had no usable face; a pair with such an image counts as \u{201c}different\u{201d}.</p>\
         <p><b>Accuracy {accuracy:.2} %</b>, 95 % interval {low:.2} to {high:.2} % (Student\u{2019}s t over {n} folds; \
         the threshold of a fold is chosen on the others). Folds: {folds}. \
         Best cosine over all pairs: {threshold:.3}.</p>\
         <table><tr><th>FMR</th><th>TAR</th><th>95 % interval</th><th>false matches</th><th>cosine above</th></tr>{rows}</table>\
         <h2>Cosines</h2>{histogram}<h2>Trade-off</h2>{roc}</body></html>\n",
        model = escaped(&result.model_id),
        pairs = result.scored.pairs.len(),
        images = result.scored.images,
        set = escaped(&result.set),
        mated_count = totals.0,
        impostor_count = totals.1,
        failed = result.scored.failed_to_detect,
        accuracy = rate.value * 100.0,
        low = rate.low * 100.0,
        high = rate.high * 100.0,
        n = result.accuracy.folds.len(),
        folds = folds.join(", "),
        threshold = result.accuracy.threshold,
        histogram = plots::histogram(&mated, &impostors)?,
        roc = plots::roc(&mated, &impostors, totals)?,
    ))
}
