//! The form of a file of rules.

use super::range::Range;
use crate::stages::liveness::modality::Modality;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The form of one modality's file of rules.
pub trait RulesFile: DeserializeOwned + 'static {
    /// What it judges.
    const MODALITY: Modality;

    /// What its numbers may be; the first that is wrong is named.
    const RANGES: &'static [Range<Self>];

    /// Its version.
    fn format(&self) -> u32;

    /// Where its numbers come from, where they were fitted.
    fn provenance(&self) -> Option<&Provenance>;

    /// The field that names the network that its thresholds belong to, and that network's SHA-256.
    fn network(&self) -> Option<(&'static str, &str)>;
}

/// Where the numbers of fitted rules come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    simulated: bool,
    #[serde(rename = "simulator")]
    _simulator: String,
    #[serde(rename = "train_seeds")]
    _train_seeds: [u64; 2],
    #[serde(rename = "tune_seeds")]
    _tune_seeds: [u64; 2],
    #[serde(rename = "species")]
    _species: Vec<String>,
}

impl Provenance {
    /// Whether they come from simulated pictures alone.
    pub(super) fn is_simulated(&self) -> bool {
        self.simulated
    }
}
