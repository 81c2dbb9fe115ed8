//! `vultus gallery verify`

use super::args::FileArgs;
use super::opening;
use crate::failure::Result;
use crate::inputs::Pick;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output, json};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use vultus::MaskState;
use vultus::config::TargetFmr;
use vultus::gallery::store::Access;
use vultus::gallery::{FaceId, PersonId};

#[derive(Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The person.
    #[arg(long, value_name = "ID")]
    person: String,
    /// A photograph.
    #[arg(value_name = "IMG")]
    picture: PathBuf,
    /// False match rate at which to decide.
    #[arg(long, value_name = "RATE", default_value_t = 1e-5)]
    fmr: f64,
    /// Compare with the person's fused feature instead of each face.
    #[arg(long)]
    fused: bool,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(super) fn run(args: &VerifyArgs, output: &Output) -> Result<Outcome> {
    let person = PersonId::new(&args.person)?;
    let target = TargetFmr::new(args.fmr)?;
    let choice = args.face.choice(Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let snapshot = opening::open(&args.file, Access::Read)?.snapshot();
    let matcher = sdk.matcher(MaskState::BARE)?;
    let probe = match choice.embed(&mut sdk.session()?, &args.picture) {
        Err(failure) if failure.is_no_face() => {
            output.failure(&failure);
            return Ok(Outcome::No);
        }
        other => other?,
    };
    let verified = match args.fused {
        true => snapshot.verify_person(&matcher, &person, &probe, target)?,
        false => snapshot.verify_face(&matcher, &person, &probe, target)?,
    };
    let comparison = verified.comparison;
    let json = json!({
        "person": person.as_str(),
        "is_match": comparison.is_match,
        "score": json::score(comparison.score),
        "cosine": json::rounded(comparison.cosine, 6),
        "face": verified.face.map(FaceId::get),
    });
    output.result(&json, || {
        format!(
            "{}: {person}, score {} (cosine {:.3})",
            if comparison.is_match { "yes" } else { "no" },
            comparison.score,
            comparison.cosine
        )
    });
    Ok(Outcome::from_answer(comparison.is_match))
}
