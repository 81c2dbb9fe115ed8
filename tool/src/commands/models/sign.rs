//! `vultus models keygen` and `sign`.

use crate::failure::Result;
use crate::packs::Signer;
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct KeygenArgs {
    /// File for the private half, which must not be there yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Args)]
pub(crate) struct PackSignArgs {
    /// Folders of packs.
    #[arg(value_name = "PACK", required = true)]
    packs: Vec<PathBuf>,
    /// File of the key, as `vultus models keygen` makes it [default: the project's development key].
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

pub(super) fn keygen(args: &KeygenArgs, output: &Output) -> Result<Outcome> {
    let signer = Signer::create(&args.file)?;
    let (id, public) = (signer.public().id(), signer.public().to_string());
    let json = json!({ "file": shown_path(&args.file), "key": id.to_string(), "public": public });
    // The public half alone, so that a script can take it.
    output.result(&json, || public.clone());
    output.note(&format!(
        "the key {id} is in {}; SDKs built with VULTUS_PACK_KEYS={public} take its packs",
        shown_path(&args.file)
    ));
    Ok(Outcome::Yes)
}

pub(super) fn sign(args: &PackSignArgs, output: &Output) -> Result<Outcome> {
    let signer = Signer::open(args.key.as_deref())?;
    for folder in &args.packs {
        let pack = signer.sign_folder(folder)?;
        let id = signer.public().id().to_string();
        let json = json!({ "model_id": &**pack.model_id(), "folder": shown_path(folder), "signed_by": id });
        output.result(&json, || {
            format!("{} in {} is signed", pack.model_id(), shown_path(folder))
        });
    }
    output.note(&signer.note());
    Ok(Outcome::Yes)
}
