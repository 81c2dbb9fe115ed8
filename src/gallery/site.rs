//! Embeddings under a site's key.

use super::store::{Protection, StoreError, TemplateKey};
use crate::error::Result;
use crate::model::hex_of;
use crate::stages::embed::Embedding;
use ring::digest::{SHA256, digest};
use std::sync::{Mutex, PoisonError};

/// Values of the embedding that the mark of a key is taken from.
const MARK_VALUES: usize = 256;

/// A site's key at work on the embeddings of one pack.
pub(super) struct Site {
    key: TemplateKey,
    pack: String,
    /// The pack's id with the key's mark behind it.
    model_id: String,
    /// The rotation for embeddings of so many values: one pack has one number of them.
    rotation: Mutex<Option<(usize, Protection)>>,
}

impl Site {
    pub(super) fn new(key: TemplateKey, pack: &str) -> Result<Self, StoreError> {
        let mark = mark(&key, pack)?;
        Ok(Self {
            key,
            pack: pack.to_owned(),
            model_id: format!("{pack}+{mark}"),
            rotation: Mutex::new(None),
        })
    }

    pub(super) fn model_id(&self) -> &str {
        &self.model_id
    }

    pub(super) fn template(&self, embedding: &Embedding) -> Result<Embedding> {
        let values = embedding.values();
        let mut rotation = self.rotation.lock().unwrap_or_else(PoisonError::into_inner);
        let (dimension, protection) = match rotation.take() {
            Some(known) if known.0 == values.len() => known,
            _ => (
                values.len(),
                Protection::new(&self.key, &self.pack, values.len())?,
            ),
        };
        let rotated = protection.apply(values);
        *rotation = Some((dimension, protection));
        Ok(Embedding::from_parts(&self.model_id, rotated?)?)
    }
}

/// Eight digits that tell keys apart and say nothing about them: the beginning of a hash of what
/// the rotation makes of one vector.
fn mark(key: &TemplateKey, pack: &str) -> Result<String, StoreError> {
    let mut first = [0.0; MARK_VALUES];
    first[0] = 1.0;
    let rotated = Protection::new(key, pack, MARK_VALUES)?.apply(&first)?;
    let bytes: Vec<u8> = rotated
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    let hash = digest(&SHA256, &bytes);
    Ok(hex_of(&hash.as_ref()[..4]))
}
