//! What networks say about one face beside its identity: how well it can be recognised, whether
//! its eyes are open, whether it wears a mask. Each is there only where the pack has a network.

mod eyes;
mod learned;
mod mask;

pub use eyes::EyeReader;
pub use learned::QualityJudge;
pub use mask::{MaskReader, MaskState};

use crate::model::{PackError, PackNetwork};

/// A manifest that contradicts its network.
fn invalid(network: &PackNetwork, cause: &str) -> PackError {
    PackError::manifest(format!("network {}: {cause}", network.spec().name))
}

/// Values of each output of a network.
fn output_sizes(network: &PackNetwork) -> Vec<usize> {
    let outputs = network.spec().outputs.iter();
    outputs.map(|o| o.shape.iter().product()).collect()
}
