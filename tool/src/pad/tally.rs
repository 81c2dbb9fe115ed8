//! From answers to counts. What is counted is a person, or a person and an artefact, never a frame.

use super::bounds::Share;
use super::judge::{Answer, Judged, Place};
use std::collections::BTreeMap;
use vultus::liveness::Liveness;

/// What became of a person or an artefact.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    Accepted,
    Refused,
    Inconclusive,
    /// No face was found: non-response.
    NoFace,
}

impl Fate {
    fn of(answer: &Answer) -> Self {
        match answer.verdict {
            None => Self::NoFace,
            Some(Liveness::Live) => Self::Accepted,
            Some(Liveness::Spoof(_)) => Self::Refused,
            Some(Liveness::Inconclusive(_)) => Self::Inconclusive,
        }
    }

    /// How bad it is, of an artefact: one that got in once got in.
    const fn of_an_attack(self) -> u8 {
        match self {
            Self::Accepted => 3,
            Self::Refused => 2,
            Self::Inconclusive => 1,
            Self::NoFace => 0,
        }
    }

    /// How bad it is, of a person: one who was called an attack once was.
    const fn of_a_person(self) -> u8 {
        match self {
            Self::Refused => 3,
            Self::NoFace => 2,
            Self::Inconclusive => 1,
            Self::Accepted => 0,
        }
    }
}

/// Counts of people, or of people and artefacts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) refused: u64,
    pub(crate) inconclusive: u64,
    pub(crate) no_face: u64,
}

impl Counts {
    fn of(fates: impl IntoIterator<Item = Fate>) -> Self {
        let mut counts = Self::default();
        for fate in fates {
            *match fate {
                Fate::Accepted => &mut counts.accepted,
                Fate::Refused => &mut counts.refused,
                Fate::Inconclusive => &mut counts.inconclusive,
                Fate::NoFace => &mut counts.no_face,
            } += 1;
        }
        counts
    }

    pub(crate) const fn n(&self) -> u64 {
        self.accepted + self.refused + self.inconclusive + self.no_face
    }

    /// Attacks accepted among all: what was not decided did not get in.
    pub(crate) const fn apcer(&self) -> Share {
        Share {
            hits: self.accepted,
            total: self.n(),
        }
    }

    /// Attacks accepted among those that were decided.
    pub(crate) const fn apcer_decided(&self) -> Share {
        Share {
            hits: self.accepted,
            total: self.accepted + self.refused,
        }
    }

    /// People called an attack among all.
    pub(crate) const fn bpcer(&self) -> Share {
        Share {
            hits: self.refused,
            total: self.n(),
        }
    }

    /// People who stay outside, for whatever reason.
    pub(crate) const fn outside(&self) -> Share {
        Share {
            hits: self.n() - self.accepted,
            total: self.n(),
        }
    }
}

/// Counts of every species and of every condition.
pub(crate) struct Tally {
    pub(crate) species: BTreeMap<String, Counts>,
    pub(crate) conditions: BTreeMap<String, Counts>,
}

type Fates<'a> = BTreeMap<&'a str, Fate>;

impl Tally {
    pub(crate) fn of(judged: &[Judged]) -> Self {
        let mut species: BTreeMap<String, BTreeMap<(&str, &str), Fate>> = BTreeMap::new();
        let mut conditions: BTreeMap<String, Fates<'_>> = BTreeMap::new();
        for presentation in judged {
            let fate = Fate::of(&presentation.answer);
            let label = &presentation.label;
            if let Some(artefact) = &label.artefact {
                let pair = (label.subject.as_str(), artefact.as_str());
                let fates = species.entry(label.species.clone()).or_default();
                worst(fates, pair, fate, Fate::of_an_attack);
                continue;
            }
            for name in names(&presentation.place) {
                let fates = conditions.entry(name).or_default();
                worst(fates, label.subject.as_str(), fate, Fate::of_a_person);
            }
        }
        let count = |(name, fates): (String, BTreeMap<(&str, &str), Fate>)| {
            (name, Counts::of(fates.into_values()))
        };
        Self {
            species: species.into_iter().map(count).collect(),
            conditions: conditions
                .into_iter()
                .map(|(name, fates)| (name, Counts::of(fates.into_values())))
                .collect(),
        }
    }

    /// The species with the highest share of attacks accepted; of equals the one with the higher bound.
    pub(crate) fn worst(&self, share: fn(&Counts) -> Share) -> Option<(&str, Share)> {
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

fn worst<K: Ord>(fates: &mut BTreeMap<K, Fate>, who: K, fate: Fate, badness: fn(Fate) -> u8) {
    let known = fates.entry(who).or_insert(fate);
    if badness(fate) > badness(*known) {
        *known = fate;
    }
}

/// Everything that a living person's presentation counts under; adults and children apart.
fn names(place: &Place) -> Vec<String> {
    let age = place.age.name();
    let band = place.distance_mm.map(|mm| {
        let from = (mm / 100.0).floor() * 100.0;
        format!("{from:.0}-{:.0} mm", from + 100.0)
    });
    let yaw = place.yaw_deg.map(|degrees| match degrees {
        d if d < -7.5 => "turned left",
        d if d > 7.5 => "turned right",
        _ => "straight",
    });
    let sensor = place.class.map(|class| format!("sensor {class}"));
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
    parts.extend(place.light.as_ref().map(|light| format!("light {light}")));
    parts.extend(place.wearing.iter().map(|worn| format!("wearing {worn}")));
    if place.wearing.is_empty() {
        parts.push("bare face".to_owned());
    }
    let under = parts.into_iter().map(|part| format!("{age}, {part}"));
    std::iter::once(age.to_owned()).chain(under).collect()
}

/// Attacks and people at every threshold of the score, each as the share that the axis of a DET plot shows.
///
/// What is not decided stays outside at every threshold, attack or person.
pub(crate) struct Curve {
    /// Rising threshold: share of the worst species' attacks accepted, share of people left outside.
    pub(crate) points: Vec<[f64; 2]>,
}

/// Most thresholds of a curve.
const MOST_POINTS: usize = 400;

impl Curve {
    /// `None` without attacks or without adults.
    pub(crate) fn of(judged: &[Judged], age: &str) -> Option<Self> {
        let mut people = Vec::new();
        let mut species: BTreeMap<&str, Vec<f32>> = BTreeMap::new();
        for presentation in judged {
            let score = presentation
                .answer
                .admitted_from()
                .unwrap_or(f32::NEG_INFINITY);
            if presentation.label.is_live() {
                if presentation.place.age.name() == age {
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

#[cfg(test)]
mod tests;
