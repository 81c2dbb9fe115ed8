//! `vultus licence fingerprint`: which parts of this device can identify it. Kinds, never values.

use crate::failure::Result;
use crate::terminal::args::MakerArgs;
use crate::terminal::device::maker_parts;
use crate::terminal::{Outcome, Output};
use serde_json::json;
use vultus::licensing::fingerprint::{
    Collected, ComponentKind, FingerprintSource, LicensedFingerprint, LinuxSource,
};

pub(super) fn run(maker: &MakerArgs, output: &Output) -> Result<Outcome> {
    let parts: Vec<Box<dyn FingerprintSource>> =
        vec![Box::new(LinuxSource::new()), Box::new(maker_parts(maker)?)];
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
    Ok(Outcome::from_answer(licensed.is_ok()))
}

fn parts_text(collected: &Collected) -> String {
    let mut text = String::new();
    for part in &collected.components {
        let burned_in = if part.kind().is_anchor() {
            "  burned into hardware"
        } else {
            ""
        };
        let (kind, weight) = (column(part.kind()), part.weight());
        text += &format!("{kind} weight {weight}{burned_in}\n");
    }
    for refused in &collected.refused {
        text += &format!("{} not used: {}\n", column(refused.kind), refused.why);
    }
    text
}

/// The name of a part, padded so that the columns stand in line.
pub(super) fn column(kind: ComponentKind) -> String {
    format!("{:<20}", kind.name())
}
