//! One face from frame to frame: which detections of several frames are one person, and which of a person's frames are best.
//!
//! Knows rectangles, scores and times alone; whoever has embeddings answers for looks through [`Appearance`].

mod assignment;
mod best_shot;
mod error;
mod motion;
mod overlap;
mod path;
mod rules;
#[cfg(test)]
mod tests;
mod tracker;
mod update;

pub use best_shot::{BestShots, Shot, View};
pub use error::TrackError;
pub use rules::TrackRules;
pub use tracker::{Appearance, ByMotion, Tracker};
pub use update::{Change, Sighting, Update};
