//! Infrared frames, judged with the network of a pack.

use super::network::{Memories, pack_network};
use super::{Judge, Measure, Moment, Source, folder_of, other_stream, rules_text};
use crate::args::PackArgs;
use crate::failure::{CliResult, Failure, WithFile};
use crate::pad::record::FrameRecord;
use std::path::Path;
use vultus::internals::model::{Role, sha256_hex};
use vultus::internals::stages::liveness::{Judge as _, Scratch};
use vultus::liveness::infrared::{InfraredLiveness, InfraredMeasures, InfraredRules};

/// The rules that the SDK comes with, as text, so that a report can name their hash.
const RULES: &str = include_str!("../../../../models/liveness/infrared.toml");

/// What judges infrared frames: a network and its rules.
pub(crate) struct InfraredJudge {
    liveness: InfraredLiveness,
    memories: Memories,
    source: Source,
}

impl InfraredJudge {
    /// With `lit_alone`, frames of the room's light are left out.
    pub(crate) fn new(pack: &PackArgs, rules: Option<&Path>, lit_alone: bool) -> CliResult<Self> {
        let (folder, network) = pack_network(pack, Role::LivenessInfrared)?;
        let text = rules_text(rules, RULES)?;
        let judge = InfraredLiveness::new((), [&network]).map_err(Failure::from);
        let judge = judge.with_file(&folder)?;
        let parsed = InfraredRules::parse(&text).and_then(|rules| {
            let simulated = rules.is_simulated();
            Ok((judge.with_rules(rules)?, simulated))
        });
        let (liveness, rules_simulated) = parsed
            .map_err(Failure::from)
            .with_file(rules.unwrap_or(&folder))?;
        Ok(Self {
            liveness,
            memories: Memories::default(),
            source: Source {
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
    fn assess_frame(&self, frame: &FrameRecord, sidecar: &Path) -> CliResult<Moment> {
        let FrameRecord::Infrared(record) = frame else {
            return Err(other_stream("depth").about(sidecar));
        };
        let folder = folder_of(sidecar);
        let bytes = record.read(folder)?;
        let sha256 = bytes.each().map(sha256_hex).collect();
        let frames = record.frames(folder, &bytes, self.source.lit_alone)?;
        let colour = record.colour(folder, &bytes)?;
        let Some(face) = record.face().with_file(sidecar)? else {
            return Ok(Moment { sha256, face: None });
        };
        let judged =
            |scratch: &mut Scratch| self.liveness.assess(scratch, (&colour, &frames), &face);
        let assessed = self.memories.lend(judged).map_err(Failure::from);
        let assessed = assessed.with_file(sidecar)?;
        let said = assessed.of_frame(frames.lit().timestamp_us());
        let measures = assessed.measures.map(measured);
        Ok(Moment {
            sha256,
            face: Some((said, measures.unwrap_or_default())),
        })
    }

    fn source(&self) -> &Source {
        &self.source
    }
}

fn measured(m: InfraredMeasures) -> Vec<Measure> {
    let ambient = m.ambient.map(|ambient| ("ambient", ambient, 3));
    [
        ("light", m.light, 4),
        ("median", m.median, 4),
        ("lit", m.lit, 4),
        ("saturated", m.saturated, 4),
        ("reversed", m.reversed, 4),
    ]
    .into_iter()
    .chain(ambient)
    .collect()
}
