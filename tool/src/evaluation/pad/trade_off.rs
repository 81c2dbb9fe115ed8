//! The detection error trade-off.

use super::judged::JudgedPresentation;
use crate::datasets::presentations::Age;
use std::collections::BTreeMap;

/// Attacks and people at every threshold of the score, each as the share that the axis of a DET plot shows.
///
/// What is not decided stays outside at every threshold, attack or person.
#[derive(Clone, Debug)]
pub struct TradeOff {
    /// Rising threshold: share of the worst species' attacks accepted, share of people left outside.
    pub points: Vec<[f64; 2]>,
}

/// Most thresholds of a curve.
const MOST_POINTS: usize = 400;

impl TradeOff {
    /// Of all attacks and of the living people of an age; `None` without either.
    #[must_use]
    pub fn of(judged: &[JudgedPresentation], age: Age) -> Option<Self> {
        let mut people = Vec::new();
        let mut species: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
        for presentation in judged {
            let score = presentation
                .answer
                .admitted_from()
                .unwrap_or(f32::NEG_INFINITY);
            if presentation.label.is_live() {
                if presentation.conditions.age == age {
                    people.push(score);
                }
            } else {
                let scores = species.entry(&presentation.label.species).or_default();
                scores.push(score);
            }
        }
        if people.is_empty() || species.is_empty() {
            return None;
        }
        people.sort_by(f32::total_cmp);
        species.values_mut().for_each(|s| s.sort_by(f32::total_cmp));
        let mut thresholds: Vec<f32> = people
            .iter()
            .copied()
            .chain(species.values().flatten().copied())
            .collect();
        thresholds.retain(|t| t.is_finite());
        thresholds.sort_by(f32::total_cmp);
        thresholds.dedup();
        let step = thresholds.len().div_ceil(MOST_POINTS).max(1);
        let from = |scores: &[f32], t: f32| {
            let below = scores.partition_point(|s| *s < t);
            (scores.len() - below) as f64 / scores.len() as f64
        };
        let point = |&t: &f32| {
            let attacks = species.values().map(|scores| from(scores, t));
            [attacks.fold(0.0, f64::max), 1.0 - from(&people, t)]
        };
        Some(Self {
            points: thresholds.iter().step_by(step).map(point).collect(),
        })
    }
}
