//! `vultus licence status`: what is licensed, for how long, and what somebody should know.

use super::args::DeviceArgs;
use crate::failure::Result;
use crate::terminal::{Outcome, Output, json};
use serde_json::{Value, json};
use vultus::error::Error;
use vultus::licensing::capability::Capability;
use vultus::licensing::grant::Grant;
use vultus::licensing::licence::{Licence, Term};

pub(super) fn run(args: &DeviceArgs, output: &Output) -> Result<Outcome> {
    let device = args.open()?;
    let installed = device.installed();
    let licence = installed
        .as_ref()
        .ok()
        .map(|signed| signed.licence().clone());
    let granted = installed
        .and_then(|_| device.activate())
        .map_err(Error::from);
    let mut json = licence.as_ref().map_or_else(|| json!({}), licence_json);
    match &granted {
        Ok(grant) => grant_json(grant, &mut json),
        Err(error) => {
            json["granted"] = json!(false);
            json["error"] = json::error(error);
        }
    }
    output.result(&json, || {
        let mut text = licence.as_ref().map(licence_text).unwrap_or_default();
        match &granted {
            Ok(grant) => text += &grant_text(grant),
            Err(error) => {
                text += &format!("not granted: {error}\n  {}", error.status().text_en());
            }
        }
        text
    });
    Ok(Outcome::from_answer(granted.is_ok()))
}

fn licence_json(licence: &Licence) -> Value {
    json!({
        "licence": licence.licence_id.to_string(),
        "order": licence.order_id.to_string(),
        "tier": licence.tier.name(),
        "term": match licence.term {
            Term::Permanent => "permanent",
            Term::Trial { .. } => "trial",
        },
        "expires_at": match licence.term {
            Term::Permanent => None,
            Term::Trial { expires_at } => Some(expires_at.to_string()),
        },
        "issued_at": licence.issued_at.to_string(),
        "gallery_max": licence.gallery_max,
    })
}

fn grant_json(grant: &Grant, json: &mut Value) {
    json["granted"] = json!(true);
    json["capabilities"] = grant
        .capabilities()
        .iter()
        .map(Capability::name)
        .collect::<Vec<_>>()
        .into();
    json["warnings"] = grant
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .into();
}

fn licence_text(licence: &Licence) -> String {
    let term = match licence.term {
        Term::Permanent => "permanent".to_owned(),
        Term::Trial { expires_at } => format!("trial until {expires_at}"),
    };
    format!(
        "licence {}: {}, {term}, issued {}\n",
        licence.licence_id, licence.tier, licence.issued_at
    )
}

fn grant_text(grant: &Grant) -> String {
    let names: Vec<_> = grant.capabilities().iter().map(Capability::name).collect();
    let mut text = format!("granted: {}", names.join(", "));
    for warning in grant.warnings() {
        text += &format!("\nwarning: {warning}");
    }
    text
}
