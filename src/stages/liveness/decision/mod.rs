//! One answer from several frames of one track.
//!
//! A frame is often wrong where five in a row seldom are, as long as their errors have different causes. Attacks that pass
//! for a reason pass in every frame: a decision over time lowers BPCER and chance, not what a kind of artefact
//! can do.

mod error;
mod frame;
mod rules;
mod track;
mod tracks;

pub use error::DecisionError;
pub use frame::{Decided, FrameLiveness};
pub use rules::DecisionRules;
pub use track::LivenessDecision;
pub use tracks::TrackDecisions;

#[cfg(test)]
mod tests;
