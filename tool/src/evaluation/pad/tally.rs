//! From answers to counts. What is counted is a person, or a person and an artefact, never a frame.

use super::counts::{Classification, Counts};
use super::judged::{JudgedConditions, JudgedPresentation};
use crate::statistics::Share;
use std::collections::BTreeMap;

/// Counts of every species and of every condition.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Of attacks, by species.
    pub species: BTreeMap<String, Counts>,
    /// Of living people, by condition; adults and children apart.
    pub conditions: BTreeMap<String, Counts>,
}

impl Tally {
    /// Counts every person and every artefact once, by the worst of their presentations.
    #[must_use]
    pub fn of(judged: &[JudgedPresentation]) -> Self {
        let mut species: BTreeMap<String, BTreeMap<(&str, &str), Classification>> = BTreeMap::new();
        let mut conditions: BTreeMap<String, BTreeMap<&str, Classification>> = BTreeMap::new();
        for presentation in judged {
            let class = Classification::of(&presentation.answer);
            let label = &presentation.label;
            if let Some(artefact) = &label.artefact {
                let pair = (label.subject.as_str(), artefact.as_str());
                let classified = species.entry(label.species.clone()).or_default();
                keep_worst(classified, pair, class, Classification::badness_of_attack);
                continue;
            }
            for name in condition_names(&presentation.conditions) {
                let classified = conditions.entry(name).or_default();
                keep_worst(
                    classified,
                    label.subject.as_str(),
                    class,
                    Classification::badness_of_person,
                );
            }
        }
        let count = |(name, classified): (String, BTreeMap<(&str, &str), Classification>)| {
            (name, Counts::of(classified.into_values()))
        };
        Self {
            species: species.into_iter().map(count).collect(),
            conditions: conditions
                .into_iter()
                .map(|(name, classified)| (name, Counts::of(classified.into_values())))
                .collect(),
        }
    }

    /// The species with the highest share of attacks accepted; of equals the one with the higher bound.
    #[must_use]
    pub fn worst(&self, share: fn(&Counts) -> Share) -> Option<(&str, Share)> {
        let rated = self
            .species
            .iter()
            .map(|(name, c)| (name.as_str(), share(c)));
        let order = |share: &Share| share.rate().zip(share.upper95()).unwrap_or((-1.0, -1.0));
        rated.filter(|(_, share)| share.total > 0).max_by(|a, b| {
            let (a, b) = (order(&a.1), order(&b.1));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        })
    }
}

fn keep_worst<K: Ord>(
    classified: &mut BTreeMap<K, Classification>,
    who: K,
    class: Classification,
    badness: fn(Classification) -> u8,
) {
    let known = classified.entry(who).or_insert(class);
    if badness(class) > badness(*known) {
        *known = class;
    }
}

/// Everything that a living person's presentation counts under; adults and children apart.
fn condition_names(at: &JudgedConditions) -> Vec<String> {
    let age = at.age.name();
    let band = at.distance_mm.map(|mm| {
        let from = (mm / 100.0).floor() * 100.0;
        format!("{from:.0}-{:.0} mm", from + 100.0)
    });
    let yaw = at.yaw_deg.map(|degrees| match degrees {
        d if d < -7.5 => "turned left",
        d if d > 7.5 => "turned right",
        _ => "straight",
    });
    let sensor = at.class.map(|class| format!("sensor {class}"));
    let mut parts = Vec::new();
    parts.extend(
        sensor
            .clone()
            .zip(band.clone())
            .map(|(s, b)| format!("{s}, {b}")),
    );
    parts.extend(sensor);
    parts.extend(band);
    parts.extend(yaw.map(str::to_owned));
    parts.extend(at.light.as_ref().map(|light| format!("light {light}")));
    parts.extend(at.wearing.iter().map(|worn| format!("wearing {worn}")));
    if at.wearing.is_empty() {
        parts.push("bare face".to_owned());
    }
    let under = parts.into_iter().map(|part| format!("{age}, {part}"));
    std::iter::once(age.to_owned()).chain(under).collect()
}
