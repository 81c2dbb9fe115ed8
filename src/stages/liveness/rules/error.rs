//! Why rules are refused.

use crate::error::{Coded, Status};
use crate::stages::liveness::modality::Modality;
use std::fmt;

/// Rules that cannot be used, or not with this network.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RulesError {
    /// The file of rules is wrong, or a value that belongs to it.
    File {
        /// What the rules judge.
        modality: Modality,
        /// Names the field and its range.
        cause: String,
    },
    /// The network is not one of this modality.
    OtherRole {
        /// What it should judge.
        modality: Modality,
        /// Its name in the pack.
        network: String,
    },
    /// The thresholds were fitted to another network.
    OtherNetwork {
        /// What the rules judge.
        modality: Modality,
        /// SHA-256 of the network that they belong to.
        expected: String,
        /// SHA-256 of this one.
        actual: String,
    },
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::File { modality, .. }
        | Self::OtherRole { modality, .. }
        | Self::OtherNetwork { modality, .. }) = self;
        let rules = match modality {
            Modality::Colour => "rules of liveness in colour pictures",
            Modality::Infrared => "rules of infrared liveness",
            Modality::Depth => "rules of depth liveness",
        };
        write!(f, "{rules}: ")?;
        match self {
            Self::File { cause, .. } => f.write_str(cause),
            Self::OtherRole { network, .. } => {
                let table = modality.role().table();
                write!(f, "network {network} has no [network.{table}]")
            }
            Self::OtherNetwork {
                expected, actual, ..
            } => write!(
                f,
                "they belong to the network {expected}, this one is {actual}"
            ),
        }
    }
}

impl std::error::Error for RulesError {}

impl Coded for RulesError {
    fn status(&self) -> Status {
        match self {
            Self::OtherRole { .. } => Status::FeatureNotAvailable,
            Self::File { .. } | Self::OtherNetwork { .. } => Status::LivenessRulesInvalid,
        }
    }
}
