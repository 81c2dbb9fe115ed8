//! Values that several commands print as JSON.

use crate::failure::Failure;
use serde_json::{Value, json};
use vultus::Score;
use vultus::comparison::Margin;
use vultus::error::Error;
use vultus::gallery::SearchDecision;
use vultus::geom::{Point, Rect};

/// A number with so many decimals, free of the noise of f32.
pub(crate) fn rounded(value: f32, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (f64::from(value) * factor).round() / factor
}

/// `[x, y, width, height]` in pixels.
pub(crate) fn rect(rect: &Rect) -> [f64; 4] {
    [rect.x, rect.y, rect.width, rect.height].map(|v| rounded(v, 2))
}

/// `[x, y]` in pixels.
pub(crate) fn point(point: Point) -> [f64; 2] {
    [rounded(point.x, 2), rounded(point.y, 2)]
}

/// A score with two decimals.
pub(crate) fn score(score: Score) -> f64 {
    (score.get() * 100.0).round() / 100.0
}

/// The decision of a search in one word.
pub(crate) fn decision(decision: SearchDecision) -> &'static str {
    match decision {
        SearchDecision::Named => "match",
        SearchDecision::Ambiguous => "ambiguous",
        SearchDecision::Unknown => "unknown",
    }
}

/// What separates the best person from the next, `null` without one.
pub(crate) fn margin(margin: Option<Margin>) -> Value {
    margin.map_or(Value::Null, |margin| {
        json!({
            "cosine": rounded(margin.cosine, 6),
            "decibels": (margin.decibels * 100.0).round() / 100.0,
        })
    })
}

/// The row of the status table and the message of an error.
pub(crate) fn error(error: &Error) -> Value {
    json!({
        "code": error.status().code(),
        "name": error.status().name(),
        "message": error.to_string(),
        "advice": error.status().text_en(),
    })
}

/// Why something could not be done, and the file where there is one.
pub(crate) fn failure(failure: &Failure) -> Value {
    let cause = match failure.sdk_error() {
        Some(cause) => error(cause),
        None => json!({ "message": failure.message() }),
    };
    match failure.file() {
        Some(file) => json!({ "file": file, "error": cause }),
        None => json!({ "error": cause }),
    }
}
