//! `vultus models verify`

use crate::failure::{Failure, Result, WithFile};
use crate::terminal::args::PackArgs;
use crate::terminal::opening::config;
use crate::terminal::{Outcome, Output};
use serde_json::json;
use vultus::Sdk;
use vultus::internals::model::{GoldenReport, PackNetwork};
use vultus::licensing::grant::Grant;

pub(super) fn run(args: &PackArgs, output: &Output) -> Result<Outcome> {
    let (folder, config) = config(args)?;
    // Proving a pack needs no licence.
    let sdk = Sdk::open(&config, Grant::demo())
        .map_err(Failure::from)
        .with_file(&folder)?;
    sdk.pack().check_files()?;
    let reports = sdk.pack().check_golden()?;
    let passed = reports.iter().all(GoldenReport::passed);
    let unproved: Vec<&str> = sdk
        .pack()
        .networks()
        .iter()
        .map(PackNetwork::spec)
        .filter(|spec| spec.golden.is_none())
        .map(|spec| spec.name.as_str())
        .collect();
    let json = json!({
        "model_id": &**sdk.pack().model_id(),
        "signed_by": sdk.pack().signed_by().id().to_string(),
        "development_key": sdk.pack().signed_by().is_development(),
        "hashes": "ok",
        "golden": reports.iter().map(|report| json!({
            "network": report.network,
            "values": report.compared,
            "max_difference": report.max_difference,
            "tolerance": report.tolerance,
            "passed": report.passed(),
        })).collect::<Vec<_>>(),
        "without_golden": unproved,
        "passed": passed && unproved.is_empty(),
    });
    output.result(&json, || {
        let mut text = format!(
            "{}: signed by {}{}, all hashes are right",
            sdk.pack().model_id(),
            match sdk.pack().signed_by().is_development() {
                true => "the project's development key ",
                false => "the key ",
            },
            sdk.pack().signed_by().id(),
        );
        for report in &reports {
            text += &format!(
                "\n  {:<16} {} golden values, largest difference {:.1e} of {:.0e} allowed: {}",
                report.network,
                report.compared,
                report.max_difference,
                report.tolerance,
                if report.passed() { "ok" } else { "WRONG" },
            );
        }
        for name in &unproved {
            text += &format!("\n  {name:<16} has no golden values: nothing is proved");
        }
        text
    });
    if passed && unproved.is_empty() {
        Ok(Outcome::Yes)
    } else if passed {
        Ok(Outcome::No)
    } else {
        Err(Failure::text(
            "this machine does not compute what the pack's maker saw; do not use it",
        ))
    }
}
