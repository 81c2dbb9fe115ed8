//! Whether a face is a living person's or an artefact's: presentation attack detection.
//!
//! The answer is never a bare bool: [`Liveness`] is live, spoof with reasons, or inconclusive with
//! reasons, and what cannot be judged is never live. What each modality stops, on what it was measured,
//! and what it does not stop is in `docs/liveness.md`.

mod assessment;
mod classifier;
pub mod colour;
pub mod decision;
pub mod depth;
mod face;
pub mod infrared;
mod judge;
mod modality;
mod rules;
mod runners;
mod scratch;
mod verdict;

pub use assessment::Assessment;
pub use classifier::{Classifier, NoNumber};
pub use judge::{Judge, NetworkMissing};
pub use modality::Modality;
pub use rules::{Provenance, Range, Rules, RulesError, RulesFile};
pub use runners::Runners;
pub use scratch::Scratch;
pub use verdict::{Check, Evidence, Liveness, Reason, Reasons};
