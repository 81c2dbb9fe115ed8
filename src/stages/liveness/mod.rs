//! Whether a face is a living person's or an artefact's: presentation attack detection.
//!
//! The answer is never a bare bool: [`Liveness`] is live, spoof with reasons, or inconclusive with
//! reasons, and what cannot be judged is never live. What each kind stops, on what it was measured,
//! and what it does not stop is in `docs/liveness.md`.

pub mod colour;
pub mod decision;
pub mod depth;
mod face;
pub mod infrared;
mod rules;
mod score;
mod verdict;

pub use verdict::{Check, Evidence, Liveness, Reason, Reasons};
