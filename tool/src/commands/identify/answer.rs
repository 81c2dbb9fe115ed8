//! Who the faces of a photograph are, as it is printed and drawn.

use super::enrolled::{Enrolled, Found};
use crate::drawing::{Colour, Mark};
use crate::shown::shown_path;
use crate::terminal::json;
use serde_json::{Value, json};
use std::path::Path;
use vultus::Face;

/// Who a face of the probe may be.
pub(super) struct Answer {
    pub(super) face: Face,
    pub(super) found: Found,
}

impl Answer {
    pub(super) fn is_named(&self) -> bool {
        self.found.accepted().is_some()
    }

    /// How it is drawn.
    pub(super) fn mark(&self) -> Mark<'_> {
        let (colour, label) = match self.found.accepted() {
            Some(best) => (Colour::ACCEPTED, format!("{} {}", best.name, best.score)),
            None => (
                Colour::UNKNOWN,
                json::decision(self.found.decision).to_owned(),
            ),
        };
        Mark {
            face: &self.face,
            colour,
            label,
        }
    }
}

pub(super) fn to_json(path: &Path, answers: &[Answer]) -> Value {
    let face = |answer: &Answer| {
        json!({
            "rect": json::rect(&answer.face.rect),
            "decision": json::decision(answer.found.decision),
            "margin": json::margin(answer.found.margin),
            "candidates": answer.found.candidates.iter().map(|candidate| json!({
                "person": candidate.name,
                "score": json::score(candidate.score),
                "cosine": json::rounded(candidate.cosine, 6),
            })).collect::<Vec<_>>(),
            "threshold": json::score(answer.found.threshold),
            "expected_fpir": answer.found.expected_fpir,
        })
    };
    json!({
        "probe": shown_path(&path),
        "faces": answers.iter().map(face).collect::<Vec<_>>(),
    })
}

pub(super) fn to_text(path: &Path, answers: &[Answer], enrolled: &Enrolled) -> String {
    let named = answers.iter().filter(|answer| answer.is_named()).count();
    let mut text = format!(
        "{}: {named} of {} faces named, {} enrolled",
        shown_path(&path),
        answers.len(),
        enrolled.size(),
    );
    for (number, answer) in answers.iter().enumerate() {
        let accepted = answer.found.accepted();
        let verdict = accepted.map_or(json::decision(answer.found.decision), |best| {
            best.name.as_str()
        });
        let threshold = answer.found.threshold;
        text += &format!(
            "\n  face {}: {verdict} (score {threshold} needed)",
            number + 1
        );
        for candidate in &answer.found.candidates {
            text += &format!(
                "\n    {:<24} score {:>5}  cosine {:.3}",
                candidate.name,
                candidate.score.to_string(),
                candidate.cosine
            );
        }
    }
    text
}
