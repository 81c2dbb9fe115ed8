//! Everything that a report on presentation attack detection says.

use super::counts::Counts;
use super::judge::Judge;
use super::judged::{JudgedPresentation, judge_set};
use super::tally::Tally;
use crate::datasets::presentations::{Age, Modality, Set, Simulation};
use crate::failure::Result;
use crate::observer::Observer;
use crate::shown::shown_path;

/// A judged and counted set, and where its numbers come from.
#[derive(Clone, Debug)]
pub struct PadReport {
    /// The folder of the set.
    pub set: String,
    /// The kind of sensor.
    pub modality: Modality,
    /// Where simulated presentations come from; `None` for recordings.
    pub simulated: Option<Simulation>,
    /// What was presented, and what was said of it.
    pub judged: Vec<JudgedPresentation>,
    /// Counts of species and of conditions.
    pub tally: Tally,
    /// Whom the rules are for: those whom the headline speaks of.
    pub age: Age,
    /// Whether frames of the room's infrared light were left out.
    pub lit_alone: bool,
    /// Whether the network of depth liveness was not asked.
    pub geometry_alone: bool,
    /// Over the hashes of all frames in the order of the set.
    pub frames_sha256: String,
    /// Of the weights of the network.
    pub model_sha256: String,
    /// Of the file of rules.
    pub rules_sha256: String,
    /// Whether the rules were fitted to simulated presentations.
    pub rules_simulated: bool,
}

impl PadReport {
    /// Judges and counts a set.
    ///
    /// # Errors
    /// As [`judge_set`].
    pub fn new(set: &Set, judge: &dyn Judge, observer: &dyn Observer) -> Result<Self> {
        let judged = judge_set(set, judge, observer)?;
        let provenance = judge.provenance().clone();
        Ok(Self {
            set: shown_path(&set.folder),
            modality: set.header.modality,
            simulated: set.header.simulated.clone(),
            tally: Tally::of(&judged.presentations),
            judged: judged.presentations,
            age: if provenance.children {
                Age::Child
            } else {
                Age::Adult
            },
            frames_sha256: judged.frames_sha256,
            lit_alone: provenance.lit_alone,
            geometry_alone: provenance.geometry_alone,
            model_sha256: provenance.model_sha256,
            rules_sha256: provenance.rules_sha256,
            rules_simulated: provenance.rules_simulated,
        })
    }

    /// Counts of those whom the rules are for.
    #[must_use]
    pub fn people(&self) -> Option<&Counts> {
        self.tally.conditions.get(self.age.name())
    }
}
