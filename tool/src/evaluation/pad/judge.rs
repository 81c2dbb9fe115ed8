//! What every judge of presentations has in common.

use super::answer::{Answer, Measure};
use crate::datasets::presentations::{FrameRecord, Record};
use crate::failure::{Failure, Result, WithFile};
use std::path::Path;
use vultus::TrackId;
use vultus::liveness::Liveness;
use vultus::liveness::decision::{DecisionRules, FrameLiveness, LivenessDecision};

/// What judges the frames of one kind of sensor.
pub trait Judge: Sync {
    /// Judges one frame, or the frames of one moment. They are read and checked whether or not there is a face in them;
    /// they lie beside the sidecar.
    ///
    /// # Errors
    /// On a frame of another sensor, and on files that are not what the sidecar says.
    fn assess_frame(&self, frame: &FrameRecord, sidecar: &Path) -> Result<FrameAnswer>;

    /// Where its numbers come from.
    fn provenance(&self) -> &Provenance;

    /// Judges the frames of a record, and gives their hashes. One frame answers for itself; several are decided over as a
    /// door does: live from the first frame after which they are, else what the last one leaves.
    ///
    /// # Errors
    /// As [`Self::assess_frame`].
    fn assess(&self, record: &Record, sidecar: &Path) -> Result<(Answer, String)> {
        let track = TrackId::new(0);
        let mut decision = LivenessDecision::new(track, DecisionRules::default());
        let (mut answer, mut hashes) = (Answer::default(), String::new());
        for frame in &record.frames {
            let said = self.assess_frame(frame, sidecar)?;
            hashes += &said.sha256;
            let Some((frame, measures)) = said.face else {
                continue;
            };
            if answer.verdict == Some(Liveness::Live) {
                continue;
            }
            let decided = decision.add(track, frame).map_err(Failure::from);
            let decided = decided.with_file(sidecar)?;
            let (verdict, score, evidence) = if record.frames.len() == 1 {
                (frame.verdict, frame.score, frame.evidence)
            } else {
                (decided.verdict, decided.score, decided.evidence)
            };
            answer = Answer {
                verdict: Some(verdict),
                score,
                evidence,
                measures,
            };
        }
        Ok((answer, hashes))
    }
}

/// What one frame, or the frames of one moment say.
#[derive(Clone, Debug)]
pub struct FrameAnswer {
    /// SHA-256 of each file, as hexadecimal digits, one after the other.
    pub sha256: String,
    /// `None` where no face was found.
    pub face: Option<(FrameLiveness, Vec<Measure>)>,
}

/// Where a judge's numbers come from.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// Of the file of rules.
    pub rules_sha256: String,
    /// Of the weights; those of a model that is part of the rules are in their file.
    pub model_sha256: String,
    /// Whether the rules were fitted to simulated presentations.
    pub rules_simulated: bool,
    /// Whether the rules let children in.
    pub children: bool,
    /// Whether frames of the room's infrared light were left out.
    pub lit_alone: bool,
    /// Whether the network of depth liveness was not asked.
    pub geometry_alone: bool,
}

/// The folder that a sidecar's frames lie in.
pub(super) fn folder_of(sidecar: &Path) -> &Path {
    sidecar.parent().unwrap_or(Path::new(""))
}

/// Why a frame of another sensor is not judged.
pub(super) fn other_stream(name: &str) -> Failure {
    Failure::text(format!(
        "a frame with the stream {name}, which is judged by `vultus liveness {name}` and in a set of that modality"
    ))
}
