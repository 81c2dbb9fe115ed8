//! `vultus licence fingerprint` and `explain`: which parts identify a device. Kinds, never values.

use super::args::ExplainArgs;
use super::{device, files};
use crate::Outcome;
use crate::args::MakerArgs;
use crate::failure::CliResult;
use crate::output::Output;
use serde_json::json;
use vultus::licensing::fingerprint::{
    Collected, ComponentKind, Explanation, FingerprintSource, LicensedFingerprint, LinuxSource,
    Verdict,
};

pub(super) fn fingerprint(maker: &MakerArgs, output: &Output) -> CliResult<Outcome> {
    let parts: Vec<Box<dyn FingerprintSource>> = vec![
        Box::new(LinuxSource::new()),
        Box::new(device::given(maker)?),
    ];
    let collected = parts.collect();
    let offered = collected.fingerprint().components().to_vec();
    let licensed = LicensedFingerprint::new(offered);
    let json = json!({
        "parts": collected.components.iter().map(|part| json!({
            "kind": part.kind().name(),
            "weight": part.weight(),
            "burned_in": part.kind().is_anchor(),
        })).collect::<Vec<_>>(),
        "refused": collected.refused.iter().map(|refused| json!({
            "kind": refused.kind.name(),
            "why": refused.why.to_string(),
        })).collect::<Vec<_>>(),
        "can_be_licensed": licensed.is_ok(),
        "why_not": licensed.as_ref().err().map(ToString::to_string),
        "needed_weight": licensed.as_ref().ok().map(|licensed| licensed.threshold),
    });
    output.result(&json, || {
        let verdict = match &licensed {
            Ok(licensed) => format!(
                "This device can be licensed: parts that weigh {} must match.",
                licensed.threshold
            ),
            Err(why) => format!("This device cannot be licensed: {why}."),
        };
        parts_text(&collected) + &verdict
    });
    Ok(if licensed.is_ok() {
        Outcome::Yes
    } else {
        Outcome::No
    })
}

fn parts_text(collected: &Collected) -> String {
    let mut text = String::new();
    for part in &collected.components {
        let burned_in = if part.kind().is_anchor() {
            "  burned into hardware"
        } else {
            ""
        };
        let (kind, weight) = (name(part.kind()), part.weight());
        text += &format!("{kind} weight {weight}{burned_in}\n");
    }
    for refused in &collected.refused {
        text += &format!("{} not used: {}\n", name(refused.kind), refused.why);
    }
    text
}

/// Padded, so that the columns stand in line.
fn name(kind: ComponentKind) -> String {
    format!("{:<20}", kind.name())
}

pub(super) fn run(args: &ExplainArgs, output: &Output) -> CliResult<Outcome> {
    let device = device::open(&args.device)?;
    let explanation = match &args.file {
        Some(file) => {
            let licence = files::verified(file)?;
            device.explain(licence.licence())
        }
        None => device.explain_installed()?,
    };
    output.result(&to_json(&explanation), || to_text(&explanation));
    Ok(if explanation.is_accepted() {
        Outcome::Yes
    } else {
        Outcome::No
    })
}

fn to_json(explanation: &Explanation) -> serde_json::Value {
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
        let kind = name(part.kind);
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
