//! Infrared frames, judged with the network of a pack.

use super::answer::Measure;
use super::judge::{FrameAnswer, Judge, Provenance, folder_of, other_stream};
use super::network::{Memories, pack_network};
use super::rules::rules_text;
use crate::datasets::presentations::FrameRecord;
use crate::failure::{Failure, Result, WithFile};
use std::fmt;
use std::path::Path;
use vultus::internals::model::{Pack, Role, sha256_hex};
use vultus::internals::stages::liveness::{Judge as _, Scratch};
use vultus::liveness::infrared::{InfraredLiveness, InfraredMeasures, InfraredRules};

/// The rules that the SDK comes with, as text, so that a report can name their hash.
const RULES: &str = include_str!("../../../../models/liveness/infrared.toml");

/// What judges infrared frames: a network and its rules.
pub struct InfraredJudge {
    liveness: InfraredLiveness,
    memories: Memories,
    provenance: Provenance,
}

impl fmt::Debug for InfraredJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InfraredJudge")
            .field("provenance", &self.provenance)
            .finish_non_exhaustive()
    }
}

impl InfraredJudge {
    /// With the network of a pack. Rules are read from a file, or they are those that the SDK comes with. With
    /// `lit_alone`, frames of the room's light are left out.
    ///
    /// # Errors
    /// When the rules or the pack cannot be read, or the pack has no such network.
    pub fn new(pack: &Pack, rules: Option<&Path>, lit_alone: bool) -> Result<Self> {
        let network = pack_network(pack, Role::LivenessInfrared)?;
        let text = rules_text(rules, RULES)?;
        let liveness = InfraredLiveness::new((), [&network]).map_err(Failure::from);
        let liveness = liveness.with_file(pack.folder())?;
        let parsed = InfraredRules::parse(&text).and_then(|rules| {
            let simulated = rules.is_simulated();
            Ok((liveness.with_rules(rules)?, simulated))
        });
        let (liveness, rules_simulated) = parsed
            .map_err(Failure::from)
            .with_file(rules.unwrap_or(pack.folder()))?;
        Ok(Self {
            liveness,
            memories: Memories::default(),
            provenance: Provenance {
                rules_sha256: sha256_hex(text.as_bytes()),
                model_sha256: network.spec().sha256.clone(),
                rules_simulated,
                children: false,
                lit_alone,
                geometry_alone: false,
            },
        })
    }
}

impl Judge for InfraredJudge {
    fn assess_frame(&self, frame: &FrameRecord, sidecar: &Path) -> Result<FrameAnswer> {
        let FrameRecord::Infrared(record) = frame else {
            return Err(other_stream("depth").about(sidecar));
        };
        let folder = folder_of(sidecar);
        let bytes = record.read(folder)?;
        let sha256 = bytes.each().map(sha256_hex).collect();
        let frames = record.frames(folder, &bytes, self.provenance.lit_alone)?;
        let colour = record.colour(folder, &bytes)?;
        let Some(face) = record.face().with_file(sidecar)? else {
            return Ok(FrameAnswer { sha256, face: None });
        };
        let judge =
            |scratch: &mut Scratch| self.liveness.assess(scratch, (&colour, &frames), &face);
        let assessed = self.memories.with_one(judge).map_err(Failure::from);
        let assessed = assessed.with_file(sidecar)?;
        let said = assessed.of_frame(frames.lit().timestamp_us());
        let measures = assessed.measures.map(measured);
        Ok(FrameAnswer {
            sha256,
            face: Some((said, measures.unwrap_or_default())),
        })
    }

    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

fn measured(m: InfraredMeasures) -> Vec<Measure> {
    let ambient = m.ambient.map(|ambient| Measure::new("ambient", ambient, 3));
    [
        Measure::new("light", m.light, 4),
        Measure::new("median", m.median, 4),
        Measure::new("lit", m.lit, 4),
        Measure::new("saturated", m.saturated, 4),
        Measure::new("reversed", m.reversed, 4),
    ]
    .into_iter()
    .chain(ambient)
    .collect()
}
