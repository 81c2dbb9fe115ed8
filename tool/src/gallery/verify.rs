//! `vultus gallery verify`

use super::args::VerifyArgs;
use super::file;
use crate::Outcome;
use crate::args::Pick;
use crate::compare::score_json;
use crate::context::{FaceChoice, open_sdk};
use crate::detect::rounded;
use crate::embed::is_no_face;
use crate::failure::CliResult;
use crate::output::Output;
use serde_json::json;
use vultus::MaskState;
use vultus::config::TargetFmr;
use vultus::gallery::store::Access;
use vultus::gallery::{FaceId, PersonId};

pub(super) fn run(args: &VerifyArgs, output: &Output) -> CliResult<Outcome> {
    let person = PersonId::new(&args.person)?;
    let target = TargetFmr::new(args.fmr)?;
    let choice = FaceChoice::new(&args.face, Pick::Largest)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let snapshot = file::open(&args.file, Access::Read)?.snapshot();
    let matcher = sdk.matcher(MaskState::BARE)?;
    let probe = match choice.embed(&mut sdk.session()?, &args.picture) {
        Err(failure) if is_no_face(&failure) => {
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
        "score": score_json(comparison.score),
        "cosine": rounded(comparison.cosine, 6),
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
    Ok(if comparison.is_match {
        Outcome::Yes
    } else {
        Outcome::No
    })
}
