//! `vultus embed`, and embeddings kept in files.

use crate::Outcome;
use crate::args::EmbedArgs;
use crate::context::{FaceChoice, open_sdk};
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde::Deserialize;
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use vultus::Embedding;
use vultus::error::Status;

/// Larger than any embedding as text.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

pub(crate) fn run(args: &EmbedArgs, output: &Output) -> CliResult<Outcome> {
    let choice = FaceChoice::new(&args.face, args.pick)?.with_quality(args.quality)?;
    let mut session = open_sdk(&args.sdk, output)?.session()?;
    let embedding = match choice.embed(&mut session, &args.image) {
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

/// Whether a failure only says that the photograph shows no usable face, or none good enough.
pub(crate) fn is_no_face(failure: &Failure) -> bool {
    failure.sdk().is_some_and(|error| {
        matches!(
            error.status(),
            Status::NoFaceInPhoto
                | Status::FaceSizeTooSmall
                | Status::FaceGeometryInvalid
                | Status::FaceQualityNotQualified
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
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text))
        .with_file(path)?;
    if text.len() as u64 > MAX_FILE_BYTES {
        let message = format!("an embedding file has at most {MAX_FILE_BYTES} bytes");
        return Err(Failure::text(message).about(path));
    }
    let stored: Stored = serde_json::from_str(&text)
        .map_err(|error| Failure::text(format!("not an embedding: {error}")).about(path))?;
    Embedding::from_parts(&stored.model_id, stored.embedding)
        .map_err(Failure::from)
        .with_file(path)
}
