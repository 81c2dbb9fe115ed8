//! Data sets on disk: people, labelled pairs of photographs, presentations to a sensor.

mod faces;
mod pairs;
mod people;
pub mod presentations;

pub use faces::{LabelledFaces, embed_all, impostor_cosines};
pub use pairs::{PairRow, ScoredPair, ScoredPairs, read_pairs};
pub use people::{People, PersonImage};
