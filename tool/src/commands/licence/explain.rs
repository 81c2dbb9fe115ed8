//! `vultus licence explain`: which parts of the licensed device match this one. Kinds, never values.

use super::args::DeviceArgs;
use super::files;
use super::fingerprint::column;
use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use vultus::licensing::fingerprint::{Explanation, Verdict};

#[derive(Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    device: DeviceArgs,
    /// A licence file [default: the installed licence].
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

pub(super) fn run(args: &ExplainArgs, output: &Output) -> Result<Outcome> {
    let device = args.device.open()?;
    let explanation = match &args.file {
        Some(file) => {
            let licence = files::verified(file)?;
            device.explain(licence.licence())
        }
        None => device.explain_installed()?,
    };
    output.result(&to_json(&explanation), || to_text(&explanation));
    Ok(Outcome::from_answer(explanation.is_accepted()))
}

fn to_json(explanation: &Explanation) -> Value {
    json!({
        "accepted": explanation.is_accepted(),
        "matched_weight": explanation.matched_weight(),
        "needed_weight": explanation.threshold,
        "total_weight": explanation.total_weight,
        "parts": explanation.parts.iter().map(|part| json!({
            "kind": part.kind.name(),
            "weight": part.weight,
            "verdict": part.verdict.to_string(),
        })).collect::<Vec<_>>(),
    })
}

fn to_text(explanation: &Explanation) -> String {
    let mut text = String::new();
    for part in &explanation.parts {
        let remark = match part.verdict {
            Verdict::Matches => "",
            Verdict::Differs => "  (the device has another one)",
            Verdict::Missing => "  (the device has none)",
        };
        let kind = column(part.kind);
        text += &format!("{kind} weight {}  {}{remark}\n", part.weight, part.verdict);
    }
    let verdict = if explanation.is_accepted() {
        "this is the licensed device"
    } else {
        "this is another device"
    };
    text + &format!(
        "{} of {} match, {} needed: {verdict}.",
        explanation.matched_weight(),
        explanation.total_weight,
        explanation.threshold
    )
}
