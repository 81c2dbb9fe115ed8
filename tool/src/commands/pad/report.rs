//! `vultus pad report`

use super::args::SetArgs;
use crate::evaluation::pad::{Counts, PadReport};
use crate::failure::{Result, WithFile};
use crate::reports::pad_page;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    set: SetArgs,
    /// Write the report as one page that needs nothing else.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(super) fn run(args: &ReportArgs, output: &Output) -> Result<Outcome> {
    let (set, judge) = args.set.open()?;
    let report = PadReport::new(&set, &*judge, output)?;
    if let Some(file) = &args.html {
        let page = pad_page(&report).with_file(file)?;
        fs::write(file, page).with_file(file)?;
    }
    // Last, because who reads it may stop after a line.
    output.result(&to_json(&report), || to_text(&report));
    Ok(Outcome::Yes)
}

fn to_json(report: &PadReport) -> Value {
    let worst = report.tally.worst(Counts::apcer);
    let decided = report.tally.worst(Counts::apcer_decided);
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
        "modality": report.modality.name(),
        "simulated": report.simulated.is_some(),
        "set": report.set,
        "presentations": report.judged.len(),
        "species": map(&report.tally.species, species_json),
        "apcer_max": worst.and_then(|w| w.1.rate()),
        "apcer_max_upper95": worst.and_then(|w| w.1.upper95()),
        "apcer_max_species": worst.map(|w| w.0),
        "apcer_max_decided": decided.and_then(|w| w.1.rate()),
        "bpcer": map(&report.tally.conditions, condition_json),
        "inconclusive": {
            "attacks": undecided(&report.tally.species, None),
            "bona_fide": {
                "adult": undecided(&report.tally.conditions, Some("adult")),
                "child": undecided(&report.tally.conditions, Some("child")),
            },
        },
        "policy": report.age.name(),
        "lit_alone": report.lit_alone,
        "geometry_alone": report.geometry_alone,
        "seed": report.simulated.as_ref().map(|s| s.seed),
        "simulator": report.simulated.as_ref().map(|s| &s.simulator),
        "simulator_sha256": report.simulated.as_ref().map(|s| &s.sha256),
        "frames_sha256": report.frames_sha256,
        "model_sha256": report.model_sha256,
        "thresholds_sha256": report.rules_sha256,
        "rules_simulated": report.rules_simulated,
    })
}

fn to_text(report: &PadReport) -> String {
    let kind = if report.simulated.is_some() {
        "SIMULATED, not recorded"
    } else {
        "recorded"
    };
    let mut text = format!(
        "{} presentations, {}, from {}, {kind}",
        report.judged.len(),
        report.modality.sensor(),
        report.set
    );
    if report.lit_alone {
        text += "\nonly frames with the lamp on were looked at";
    }
    if report.geometry_alone {
        text += "\njudged by geometry, without the network that looks for masks";
    }
    match report.tally.worst(Counts::apcer) {
        Some((name, share)) => {
            text += &format!("\nAPCER {} (the worst species: {name})", share.percent());
        }
        None => text += "\nno attacks: nothing can be said about what gets in",
    }
    match report.people() {
        Some(counts) => {
            text += &format!(
                "\nBPCER {} of the {} people; {} with those who are not decided",
                counts.bpcer().percent(),
                report.age.name(),
                counts.outside().percent()
            );
        }
        None => text += "\nno living people of those whom the rules are for",
    }
    text += "\n\nspecies: n, accepted, APCER (to 95 %), inconclusive, no face";
    for (name, c) in &report.tally.species {
        text += &format!(
            "\n  {name}: {}, {}, {}, {}, {}",
            c.n(),
            c.accepted,
            c.apcer().percent(),
            c.inconclusive,
            c.no_face
        );
    }
    text += "\n\nliving people: n, refused, BPCER (to 95 %), inconclusive, no face";
    for (name, c) in &report.tally.conditions {
        text += &format!(
            "\n  {name}: {}, {}, {}, {}, {}",
            c.n(),
            c.refused,
            c.bpcer().percent(),
            c.inconclusive,
            c.no_face
        );
    }
    text
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
