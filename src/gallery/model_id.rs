//! Ids of the packs that embeddings come from.

use super::error::LibraryError;
use super::text::ID_BYTES;
use std::sync::Arc;

/// `id@version` of a pack.
pub(super) type ModelId = Arc<str>;

/// Refuses what is no `id@version`.
pub(super) fn check_model_id(model_id: &str) -> Result<(), LibraryError> {
    let whole = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace());
    let good = model_id.len() <= ID_BYTES
        && model_id
            .split_once('@')
            .is_some_and(|(id, version)| whole(id) && whole(version));
    if good {
        Ok(())
    } else {
        Err(LibraryError::ModelIdIllegal {
            model_id: model_id.chars().take(ID_BYTES).collect(),
        })
    }
}

/// Refuses an embedding of another pack than the group's.
pub(super) fn expect_model(expected: &str, found: &str) -> Result<(), LibraryError> {
    if expected == found {
        return Ok(());
    }
    Err(LibraryError::AcrossVersions {
        expected: expected.to_owned(),
        found: found.to_owned(),
    })
}

/// The person has no face of a model.
pub(super) fn no_feature(model: &str) -> LibraryError {
    LibraryError::AcrossVersions {
        expected: model.to_owned(),
        found: String::new(),
    }
}
