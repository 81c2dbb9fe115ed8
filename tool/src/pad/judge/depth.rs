//! Depth frames, judged by their geometry and with the network of a pack.

use super::network::{Memories, pack_network};
use super::{Judge, Measure, Moment, Source, folder_of, other_stream, rules_text};
use crate::args::PackArgs;
use crate::failure::{CliResult, Failure, WithFile};
use crate::pad::record::{DepthRecord, FrameRecord};
use std::path::Path;
use vultus::internals::model::{PackNetwork, Role, sha256_hex};
use vultus::internals::stages::liveness::{Judge as _, Scratch};
use vultus::liveness::decision::FrameLiveness;
use vultus::liveness::depth::{
    DepthFace, DepthLiveness, DepthMeasures, DepthRules, SensorClass, Subjects,
};

/// The rules that the SDK comes with, as text, so that a report can name their hash.
const RULES: &str = include_str!("../../../../models/liveness/depth.toml");

/// What judges depth frames: rules, a policy, and a network unless geometry is to judge alone.
pub(crate) struct DepthJudge {
    rules: DepthRules,
    subjects: Subjects,
    network: Option<PackNetwork>,
    memories: Memories,
    source: Source,
}

impl DepthJudge {
    /// Without a pack geometry judges alone.
    pub(crate) fn new(
        pack: Option<&PackArgs>,
        rules: Option<&Path>,
        children: bool,
    ) -> CliResult<Self> {
        let text = rules_text(rules, RULES)?;
        let parsed = DepthRules::parse(&text).map_err(Failure::from);
        let rules = match rules {
            Some(file) => parsed.with_file(file)?,
            None => parsed?,
        };
        let rules_sha256 = sha256_hex(text.as_bytes());
        let (network, model_sha256) = match pack {
            // The relief model is part of the rules.
            None => (None, rules_sha256.clone()),
            Some(pack) => {
                let (_, network) = pack_network(pack, Role::LivenessDepth)?;
                let sha256 = network.spec().sha256.clone();
                (Some(network), sha256)
            }
        };
        Ok(Self {
            source: Source {
                rules_simulated: rules.is_simulated(),
                model_sha256,
                rules_sha256,
                children,
                lit_alone: false,
                geometry_alone: network.is_none(),
            },
            network,
            memories: Memories::default(),
            rules,
            subjects: if children {
                Subjects::AdultsAndChildren
            } else {
                Subjects::Adults
            },
        })
    }

    fn of(&self, class: SensorClass) -> CliResult<DepthLiveness> {
        let judge = DepthLiveness::new(class, &self.network)?;
        let judge = judge.with_rules(self.rules.clone())?;
        Ok(judge.with_subjects(self.subjects))
    }

    fn judge(
        &self,
        depth: &DepthRecord,
        bytes: &[u8],
        sidecar: &Path,
    ) -> CliResult<Option<(FrameLiveness, Vec<Measure>)>> {
        let frame = depth.frame(folder_of(sidecar), bytes)?;
        let Some(found) = &depth.landmarks else {
            return Ok(None);
        };
        let face = DepthFace {
            landmarks: found.landmarks(),
            timestamp_us: found.timestamp_us,
        };
        let judge = self.of(depth.class()).with_file(sidecar)?;
        let judged = |scratch: &mut Scratch| judge.assess(scratch, &frame, &face);
        let assessed = self.memories.lend(judged).map_err(Failure::from);
        let assessed = assessed.with_file(sidecar)?;
        let said = assessed.of_frame(depth.timestamp_us);
        let measures = assessed.measures.map(measured).unwrap_or_default();
        let network = assessed.networks.iter().map(|living| ("look", *living, 4));
        Ok(Some((said, measures.into_iter().chain(network).collect())))
    }
}

impl Judge for DepthJudge {
    fn assess_frame(&self, frame: &FrameRecord, sidecar: &Path) -> CliResult<Moment> {
        let FrameRecord::Depth(depth) = frame else {
            return Err(other_stream("ir").about(sidecar));
        };
        let bytes = depth.read(folder_of(sidecar))?;
        Ok(Moment {
            sha256: sha256_hex(&bytes),
            face: self.judge(depth, &bytes, sidecar)?,
        })
    }

    fn source(&self) -> &Source {
        &self.source
    }
}

fn measured(m: DepthMeasures) -> Vec<Measure> {
    vec![
        ("distance_mm", m.distance_mm, 0),
        ("valid", m.valid, 2),
        ("eye_distance_mm", m.eye_distance_mm, 1),
        ("nose_mm", m.nose_mm, 1),
        ("prominence_mm", m.prominence_mm, 1),
        ("plane_rms_mm", m.plane_rms_mm, 1),
        ("quadric_rms_mm", m.quadric_rms_mm, 1),
        ("skew_mm", m.skew_mm, 1),
    ]
}
