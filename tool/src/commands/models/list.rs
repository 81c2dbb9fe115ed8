//! `vultus models list`

use crate::failure::Result;
use crate::shown::shown_path;
use crate::terminal::args::PackArgs;
use crate::terminal::opening::open_pack;
use crate::terminal::{Outcome, Output};
use serde_json::json;
use vultus::internals::model::PackNetwork;

pub(super) fn run(args: &PackArgs, output: &Output) -> Result<Outcome> {
    let pack = open_pack(args)?;
    let folder = pack.folder();
    let networks: Vec<_> = pack.networks().iter().map(PackNetwork::spec).collect();
    let curve = pack.curve();
    let json = json!({
        "model_id": &**pack.model_id(),
        "folder": shown_path(folder),
        "description": pack.description(),
        "networks": networks.iter().map(|spec| json!({
            "name": spec.name,
            "role": format!("{:?}", spec.role).to_lowercase(),
            "file": spec.file,
            "sha256": spec.sha256,
            "plan": spec.plan.as_ref().map(|plan| json!({ "file": plan.file, "sha256": plan.sha256 })),
            "input": spec.input.shape,
            "licence": spec.licence,
            "source": spec.source,
            "training_data": spec.training_data,
        })).collect::<Vec<_>>(),
        "calibration": curve.map(|curve| json!({
            "set": curve.source().set,
            "impostor_pairs": curve.source().impostor_pairs,
            "score_limit": curve.limit().get(),
        })),
    });
    output.result(&json, || {
        let mut text = format!(
            "{}  {}\n  {}",
            pack.model_id(),
            shown_path(folder),
            pack.description()
        );
        for spec in &networks {
            let (width, height) = spec.input.side();
            text += &format!(
                "\n  {:<9} {} ({width}×{height}), {}\n            {}\n            trained on: {}",
                format!("{:?}", spec.role).to_lowercase(),
                spec.name,
                spec.licence,
                spec.source,
                spec.training_data,
            );
        }
        text + &match curve {
            Some(curve) => format!(
                "\n  calibrated on {} ({} impostor pairs), scores up to {}",
                curve.source().set,
                curve.source().impostor_pairs,
                curve.limit()
            ),
            None => "\n  not calibrated: no scores and no decisions".to_owned(),
        }
    });
    Ok(Outcome::Yes)
}
