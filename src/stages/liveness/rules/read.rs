//! A file of rules, read and checked.

use super::error::RulesError;
use super::file::{Provenance, RulesFile};
use std::sync::Arc;

/// Newest version of a file of rules.
const FORMAT: u32 = 1;

/// Checked rules of one modality: data with its reasons. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Rules<F>(Arc<F>);

impl<F: RulesFile> Rules<F> {
    /// Reads rules of one's own, such as those fitted to recordings.
    ///
    /// # Errors
    /// [`RulesError::File`] with the field that is wrong.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let refuse = |cause| RulesError::File {
            modality: F::MODALITY,
            cause,
        };
        let mut file: F = toml::from_str(text).map_err(|error| refuse(error.to_string()))?;
        check(&mut file).map_err(refuse)?;
        Ok(Self(Arc::new(file)))
    }

    /// Whether the numbers come from simulated pictures alone.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.0.provenance().is_some_and(Provenance::is_simulated)
    }

    /// Refuses thresholds that were fitted to another network than this one: they mean nothing for it.
    pub(in crate::stages::liveness) fn check_network(
        &self,
        sha256: Option<&str>,
    ) -> Result<(), RulesError> {
        match (self.0.network(), sha256) {
            (Some((_, expected)), Some(actual)) if expected != actual => {
                Err(RulesError::OtherNetwork {
                    modality: F::MODALITY,
                    expected: expected.to_owned(),
                    actual: actual.to_owned(),
                })
            }
            _ => Ok(()),
        }
    }

    pub(in crate::stages::liveness) fn file(&self) -> &F {
        &self.0
    }
}

/// The version, then the network's hash, then every number.
fn check<F: RulesFile>(file: &mut F) -> Result<(), String> {
    let format = file.format();
    if format != FORMAT {
        return Err(format!("format is {format}, this SDK reads {FORMAT}"));
    }
    if let Some((field, sha256)) = file.network() {
        let hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if sha256.len() != 64 || !sha256.bytes().all(hex) {
            return Err(format!(
                "{field} is not a SHA-256 in lower-case hexadecimal"
            ));
        }
    }
    F::RANGES.iter().try_for_each(|range| range.check(file))
}
