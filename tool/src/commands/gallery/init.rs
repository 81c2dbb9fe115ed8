//! `vultus gallery init`

use super::args::FileArgs;
use super::{files, opening};
use crate::failure::{Failure, Result, WithFile};
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use serde_json::json;
use vultus::gallery::store::Secret;
use vultus::gallery::{Gallery, Limits};

pub(super) fn run(args: &FileArgs, output: &Output) -> Result<Outcome> {
    let key_file = opening::key_file(args);
    let made = files::make_key(&key_file)?;
    let secret = Secret::new(files::read_key(&key_file, args.insecure_key)?);
    Gallery::create(opening::storage(args), &secret, Limits::default())
        .map_err(Failure::from)
        .with_file(&args.gallery)?;
    let json = json!({
        "gallery": shown_path(&args.gallery),
        "key_file": shown_path(&key_file),
        "key_made": made,
    });
    output.result(&json, || {
        format!(
            "{}: an empty gallery\n{}: its secret{}\n  Whoever loses the secret loses the gallery: \
             nobody can read it without. Keep a copy elsewhere.",
            shown_path(&args.gallery),
            shown_path(&key_file),
            if made { ", made now" } else { ", as it was" }
        )
    });
    Ok(Outcome::Yes)
}
