//! 1:N over a plain list of templates.

use super::compare::cosine;
use super::error::{MatchError, same_model};
use super::threshold::{expected_fpir, search_threshold};
use crate::config::TargetFpir;
use crate::model::{Curve, Score};
use crate::stages::embed::Embedding;
use std::collections::BTreeMap;

/// One enrolled face.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Number of the person it shows, as the caller counts them.
    pub person: usize,
    /// Its embedding.
    pub embedding: Embedding,
}

/// A person who resembles the probe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Number of the person.
    pub person: usize,
    /// Cosine of the probe and the person's closest face.
    pub cosine: f32,
    /// Calibrated 1:1 score of that cosine.
    pub score: Score,
}

/// The outcome of a 1:N search.
#[derive(Clone, Debug, PartialEq)]
pub struct Identification {
    /// The most similar people, best first.
    pub candidates: Vec<Candidate>,
    /// The score that a candidate has to reach at this number of faces.
    pub threshold: Score,
    /// Upper bound of the share of strangers for whom such a search names somebody.
    pub expected_fpir: f64,
    /// Whether the best candidate reaches the threshold.
    pub named: bool,
}

impl Identification {
    /// The best candidate, if it reaches the threshold; `None` is an unknown person.
    ///
    /// Where the threshold lies beyond the curve's limit, the cosine decides along the curve's
    /// tail; the candidate's score still ends at the limit.
    #[must_use]
    pub fn accepted(&self) -> Option<&Candidate> {
        self.candidates.first().filter(|_| self.named)
    }
}

/// Searches `templates` for the people most similar to `probe`.
///
/// A person counts with the closest of their faces. The threshold is
/// `10 + 10·log10(N/FPIR)` for the `N` templates searched. Equal cosines are ordered by number.
///
/// # Errors
/// [`MatchError`] when a template belongs to another pack or the curve cannot support the
/// threshold.
pub fn identify(
    probe: &Embedding,
    templates: &[Template],
    curve: &Curve,
    target: TargetFpir,
    top: usize,
) -> Result<Identification, MatchError> {
    same_model(probe.model_id(), curve.model_id())?;
    let threshold = search_threshold(curve, templates.len(), target)?;
    let mut closest: BTreeMap<usize, f32> = BTreeMap::new();
    for template in templates {
        let cosine = cosine(probe, &template.embedding)?;
        let best = closest.entry(template.person).or_insert(cosine);
        *best = best.max(cosine);
    }
    let mut candidates: Vec<Candidate> = closest
        .into_iter()
        .map(|(person, cosine)| Candidate {
            person,
            cosine,
            score: curve.score(cosine).score,
        })
        .collect();
    // The map was in the order of numbers and the sort is stable.
    candidates.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
    candidates.truncate(top);
    let best = candidates.first();
    Ok(Identification {
        named: best.is_some_and(|best| curve.search_score(best.cosine) >= threshold),
        expected_fpir: expected_fpir(curve, templates.len(), threshold),
        candidates,
        threshold,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::samples::{uniform_curve, unit};

    fn template(person: usize, cosine: f32) -> Template {
        Template {
            person,
            embedding: unit("p@1", cosine),
        }
    }

    fn search(templates: &[Template], fpir: f64, top: usize) -> Result<Identification, MatchError> {
        let curve = uniform_curve(1_000_000);
        identify(
            &unit("p@1", 1.0),
            templates,
            &curve,
            TargetFpir::new(fpir).expect("rate"),
            top,
        )
    }

    #[test]
    fn a_person_counts_with_the_closest_face_and_ties_keep_their_order() {
        let templates = [
            template(7, 0.2),
            template(3, 0.9),
            template(7, 0.95),
            template(1, 0.9),
        ];
        let found = search(&templates, 0.1, 5).expect("searched");
        let people: Vec<usize> = found.candidates.iter().map(|c| c.person).collect();
        assert_eq!(people, [7, 1, 3]);
        assert_eq!(
            search(&templates, 0.1, 1)
                .expect("searched")
                .candidates
                .len(),
            1
        );
    }

    #[test]
    fn the_threshold_rises_with_the_number_of_faces() {
        // 1 - 0.9995 = 5e-4 of strangers come as close: good enough among 10 faces at FPIR 1e-2,
        // not among 100.
        let few: Vec<_> = (0..9)
            .map(|i| template(i, 0.0))
            .chain([template(9, 0.9995)])
            .collect();
        let many: Vec<_> = (0..99)
            .map(|i| template(i, 0.0))
            .chain([template(99, 0.9995)])
            .collect();
        let found = search(&few, 1e-2, 5).expect("searched");
        assert_eq!(found.accepted().map(|c| c.person), Some(9));
        assert!((found.expected_fpir - 1e-2).abs() < 1e-9);
        let found = search(&many, 1e-2, 5).expect("searched");
        assert_eq!(found.accepted(), None);
        assert!((found.threshold.get() - 50.0).abs() < 1e-9);
        assert!(matches!(
            search(&many, 1e-5, 5),
            Err(MatchError::SearchTooWide {
                enrolled: 100,
                most: 10,
                ..
            })
        ));
    }

    #[test]
    fn nobody_enrolled_is_nobody_found() {
        let found = search(&[], 1e-2, 5).expect("searched");
        assert_eq!(
            (
                found.accepted(),
                found.candidates.len(),
                found.expected_fpir
            ),
            (None, 0, 0.0)
        );
    }
}
