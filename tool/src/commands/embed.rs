//! `vultus embed`, and embeddings kept in files.

use crate::failure::{Failure, Result, WithFile};
use crate::inputs::{Pick, read_at_most};
use crate::shown::shown_path;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde::Deserialize;
use serde_json::json;
use std::path::{Path, PathBuf};
use vultus::Embedding;

/// Larger than any embedding as text.
const MAX_FILE_BYTES: usize = 1024 * 1024;

#[derive(Args)]
pub(crate) struct EmbedArgs {
    /// A photograph.
    #[arg(value_name = "IMG")]
    image: PathBuf,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "largest")]
    pick: Pick,
    /// Quality control of the photographs: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    quality: u8,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

pub(crate) fn run(args: &EmbedArgs, output: &Output) -> Result<Outcome> {
    let choice = args.face.choice(args.pick)?.with_quality(args.quality)?;
    let mut session = open_sdk(&args.sdk, output)?.session()?;
    let embedding = match choice.embed(&mut session, &args.image) {
        Err(failure) if failure.is_no_face() => {
            output.failure(&failure);
            return Ok(Outcome::No);
        }
        other => other?,
    };
    let json = json!({
        "image": shown_path(&args.image),
        "model_id": embedding.model_id(),
        "dimension": embedding.values().len(),
        "embedding": embedding.values(),
    });
    output.result(&json, || {
        let values: Vec<String> = embedding
            .values()
            .iter()
            .map(|v| format!("{v:.6}"))
            .collect();
        format!(
            "{} {} values\n{}",
            embedding.model_id(),
            values.len(),
            values.join(" ")
        )
    });
    Ok(Outcome::Yes)
}

/// An embedding file, as `vultus embed --json` prints it.
#[derive(Deserialize)]
struct Stored {
    model_id: String,
    embedding: Vec<f32>,
}

/// Reads an embedding file.
pub(crate) fn read_embedding(path: &Path) -> Result<Embedding> {
    let bytes = read_at_most(path, MAX_FILE_BYTES)?;
    let stored: Stored = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::text(format!("not an embedding: {error}")).about(path))?;
    Embedding::from_parts(&stored.model_id, stored.embedding)
        .map_err(Failure::from)
        .with_file(path)
}
