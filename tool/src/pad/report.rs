//! `vultus pad report`

use super::args::ReportArgs;
use super::bounds::Share;
use super::judge::{self, Judge, Judged};
use super::page;
use super::record::Age;
use super::set::{Modality, Set, Simulation};
use super::tally::{Counts, Tally};
use crate::Outcome;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;

/// Everything that is printed, written as JSON and shown on the page.
pub(super) struct Report {
    pub(super) set: String,
    pub(super) modality: Modality,
    pub(super) simulated: Option<Simulation>,
    pub(super) presentations: usize,
    pub(super) tally: Tally,
    pub(super) judged: Vec<Judged>,
    /// Whom the rules are for: those whom the headline speaks of.
    pub(super) age: Age,
    /// Whether frames of the room's infrared light were left out.
    pub(super) lit_alone: bool,
    /// Whether the network of depth liveness was not asked.
    pub(super) geometry_alone: bool,
    pub(super) frames_sha256: String,
    pub(super) model_sha256: String,
    pub(super) rules_sha256: String,
    pub(super) rules_simulated: bool,
}

pub(super) fn run(args: &ReportArgs, output: &Output) -> CliResult<Outcome> {
    let (set, judge) = judge::open(&args.set)?;
    let report = Report::new(&set, &*judge, output)?;
    if let Some(file) = &args.html {
        let page = page::page(&report).map_err(|cause| Failure::text(cause).about(file))?;
        fs::write(file, page).with_file(file)?;
    }
    // Last, because who reads it may stop after a line.
    output.result(&report.to_json(), || report.to_text());
    Ok(Outcome::Yes)
}

impl Report {
    fn new(set: &Set, judge: &dyn Judge, output: &Output) -> CliResult<Self> {
        let judgement = judge::judge(set, judge, output)?;
        let source = judge.source();
        let tally = Tally::of(&judgement.judged);
        Ok(Self {
            set: set.folder.display().to_string(),
            modality: set.head.modality,
            simulated: set.head.simulated.clone(),
            presentations: judgement.judged.len(),
            tally,
            judged: judgement.judged,
            age: if source.children {
                Age::Child
            } else {
                Age::Adult
            },
            frames_sha256: judgement.frames_sha256,
            lit_alone: source.lit_alone,
            geometry_alone: source.geometry_alone,
            model_sha256: source.model_sha256.clone(),
            rules_sha256: source.rules_sha256.clone(),
            rules_simulated: source.rules_simulated,
        })
    }

    /// Counts of those whom the rules are for.
    pub(super) fn people(&self) -> Option<&Counts> {
        self.tally.conditions.get(self.age.name())
    }

    fn to_json(&self) -> Value {
        let worst = self.tally.worst(Counts::apcer);
        let decided = self.tally.worst(Counts::apcer_decided);
        let undecided = |counts: &BTreeMap<String, Counts>, only: Option<&str>| {
            let counted = counts
                .iter()
                .filter(|(name, _)| only.is_none_or(|o| o == *name));
            let sum = |f: fn(&Counts) -> u64| counted.clone().map(|(_, c)| f(c)).sum::<u64>();
            json!({
                "inconclusive": sum(|c| c.inconclusive),
                "no_face": sum(|c| c.no_face),
                "of": sum(Counts::n),
            })
        };
        json!({
            "modality": self.modality.name(),
            "simulated": self.simulated.is_some(),
            "set": self.set,
            "presentations": self.presentations,
            "species": map(&self.tally.species, species_json),
            "apcer_max": worst.and_then(|w| w.1.rate()),
            "apcer_max_upper95": worst.and_then(|w| w.1.upper95()),
            "apcer_max_species": worst.map(|w| w.0),
            "apcer_max_decided": decided.and_then(|w| w.1.rate()),
            "bpcer": map(&self.tally.conditions, condition_json),
            "inconclusive": {
                "attacks": undecided(&self.tally.species, None),
                "bona_fide": {
                    "adult": undecided(&self.tally.conditions, Some("adult")),
                    "child": undecided(&self.tally.conditions, Some("child")),
                },
            },
            "policy": self.age.name(),
            "lit_alone": self.lit_alone,
            "geometry_alone": self.geometry_alone,
            "seed": self.simulated.as_ref().map(|s| s.seed),
            "simulator": self.simulated.as_ref().map(|s| &s.simulator),
            "simulator_sha256": self.simulated.as_ref().map(|s| &s.sha256),
            "frames_sha256": self.frames_sha256,
            "model_sha256": self.model_sha256,
            "thresholds_sha256": self.rules_sha256,
            "rules_simulated": self.rules_simulated,
        })
    }

    fn to_text(&self) -> String {
        let kind = if self.simulated.is_some() {
            "SIMULATED, not recorded"
        } else {
            "recorded"
        };
        let mut text = format!(
            "{} presentations, {}, from {}, {kind}",
            self.presentations,
            self.modality.sensor(),
            self.set
        );
        if self.lit_alone {
            text += "\nonly frames with the lamp on were looked at";
        }
        if self.geometry_alone {
            text += "\njudged by geometry, without the network that looks for masks";
        }
        match self.tally.worst(Counts::apcer) {
            Some((name, share)) => {
                text += &format!("\nAPCER {} (the worst species: {name})", percent(share));
            }
            None => text += "\nno attacks: nothing can be said about what gets in",
        }
        match self.people() {
            Some(counts) => {
                text += &format!(
                    "\nBPCER {} of the {} people; {} with those who are not decided",
                    percent(counts.bpcer()),
                    self.age.name(),
                    percent(counts.outside())
                );
            }
            None => text += "\nno living people of those whom the rules are for",
        }
        text += "\n\nspecies: n, accepted, APCER (to 95 %), inconclusive, no face";
        for (name, c) in &self.tally.species {
            text += &format!(
                "\n  {name}: {}, {}, {}, {}, {}",
                c.n(),
                c.accepted,
                percent(c.apcer()),
                c.inconclusive,
                c.no_face
            );
        }
        text += "\n\nliving people: n, refused, BPCER (to 95 %), inconclusive, no face";
        for (name, c) in &self.tally.conditions {
            text += &format!(
                "\n  {name}: {}, {}, {}, {}, {}",
                c.n(),
                c.refused,
                percent(c.bpcer()),
                c.inconclusive,
                c.no_face
            );
        }
        text
    }
}

/// A rate with its bound.
pub(super) fn percent(share: Share) -> String {
    match share.rate().zip(share.upper95()) {
        Some((rate, upper)) => format!("{:.2} % (to {:.2} %)", rate * 100.0, upper * 100.0),
        None => "none".to_owned(),
    }
}

fn map(counts: &BTreeMap<String, Counts>, value: fn(&Counts) -> Value) -> Value {
    let entries = counts.iter().map(|(name, c)| (name.clone(), value(c)));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn species_json(c: &Counts) -> Value {
    json!({
        "n": c.n(),
        "accepted": c.accepted,
        "apcer": c.apcer().rate(),
        "upper95": c.apcer().upper95(),
        "refused": c.refused,
        "inconclusive": c.inconclusive,
        "no_face": c.no_face,
        "apcer_decided": c.apcer_decided().rate(),
        "upper95_decided": c.apcer_decided().upper95(),
    })
}

fn condition_json(c: &Counts) -> Value {
    json!({
        "n": c.n(),
        "refused": c.refused,
        "bpcer": c.bpcer().rate(),
        "upper95": c.bpcer().upper95(),
        "inconclusive": c.inconclusive,
        "no_face": c.no_face,
        "outside": c.outside().rate(),
        "outside_upper95": c.outside().upper95(),
    })
}
