//! `vultus embed`, and embeddings kept in files.

use crate::Outcome;
use crate::args::{EmbedArgs, FaceArgs};
use crate::context::{detect_options, open_sdk, read_photo};
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde::Deserialize;
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use vultus::embed::Embedding;
use vultus::error::Status;
use vultus::pipeline::DetectOptions;
use vultus::sdk::Session;

/// Larger than any embedding as text.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

pub(crate) fn run(args: &EmbedArgs, output: &Output) -> CliResult<Outcome> {
    let options = detect_options(&args.face)?;
    let mut session = open_sdk(&args.pack)?.session();
    let embedding = match embed_photo(&mut session, &args.image, &args.face, &options) {
        Err(failure) if is_no_face(&failure) => {
            output.failure(&failure);
            return Ok(Outcome::No);
        }
        other => other?,
    };
    let json = json!({
        "image": args.image.display().to_string(),
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

/// The embedding of the largest face of a photograph.
pub(crate) fn embed_photo(
    session: &mut Session,
    path: &Path,
    args: &FaceArgs,
    options: &DetectOptions,
) -> CliResult<Embedding> {
    let photo = read_photo(path, args)?;
    let frame = photo.frame();
    let embedded = session
        .largest_face(&frame, options)
        .and_then(|face| session.embed(&frame, &face));
    embedded.map_err(Failure::from).with_file(path)
}

/// Whether a failure only says that the photograph shows no usable face.
pub(crate) fn is_no_face(failure: &Failure) -> bool {
    failure.sdk().is_some_and(|error| {
        matches!(
            error.status(),
            Status::NoFaceInPhoto | Status::FaceSizeTooSmall
        )
    })
}

/// An embedding file, as `vultus embed --json` prints it.
#[derive(Deserialize)]
struct Stored {
    model_id: String,
    embedding: Vec<f32>,
}

/// Reads an embedding file.
pub(crate) fn read_embedding(path: &Path) -> CliResult<Embedding> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES).read_to_string(&mut text))
        .with_file(path)?;
    let stored: Stored = serde_json::from_str(&text)
        .map_err(|error| Failure::text(format!("not an embedding: {error}")).about(path))?;
    Embedding::from_parts(&stored.model_id, stored.embedding)
        .map_err(Failure::from)
        .with_file(path)
}
