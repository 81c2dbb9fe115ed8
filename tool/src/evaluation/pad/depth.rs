//! Depth frames, judged by their geometry and with the network of a pack.

use super::answer::Measure;
use super::judge::{FrameAnswer, Judge, Provenance, folder_of, other_stream};
use super::network::{Memories, pack_network};
use super::rules::rules_text;
use crate::datasets::presentations::{DepthRecord, FrameRecord};
use crate::failure::{Failure, Result, WithFile};
use std::fmt;
use std::path::Path;
use vultus::internals::model::{Pack, PackNetwork, Role, sha256_hex};
use vultus::internals::stages::liveness::{Judge as _, Scratch};
use vultus::liveness::decision::FrameLiveness;
use vultus::liveness::depth::{
    DepthFace, DepthLiveness, DepthMeasures, DepthRules, SensorClass, Subjects,
};

/// The rules that the SDK comes with, as text, so that a report can name their hash.
const RULES: &str = include_str!("../../../../models/liveness/depth.toml");

/// What judges depth frames: rules, a policy, and a network unless geometry is to judge alone.
pub struct DepthJudge {
    rules: DepthRules,
    subjects: Subjects,
    network: Option<PackNetwork>,
    memories: Memories,
    provenance: Provenance,
}

impl fmt::Debug for DepthJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DepthJudge")
            .field("provenance", &self.provenance)
            .finish_non_exhaustive()
    }
}

impl DepthJudge {
    /// With the network of the pack in a folder; without one geometry judges alone. Rules are read from a file, or they are
    /// those that the SDK comes with; they let children in if `children` says so.
    ///
    /// # Errors
    /// When the rules or the pack cannot be read, or the pack has no such network.
    pub fn new(pack: Option<&Pack>, rules: Option<&Path>, children: bool) -> Result<Self> {
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
                let network = pack_network(pack, Role::LivenessDepth)?;
                let sha256 = network.spec().sha256.clone();
                (Some(network), sha256)
            }
        };
        Ok(Self {
            provenance: Provenance {
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

    fn liveness(&self, class: SensorClass) -> Result<DepthLiveness> {
        let liveness = DepthLiveness::new(class, &self.network)?;
        let liveness = liveness.with_rules(self.rules.clone())?;
        Ok(liveness.with_subjects(self.subjects))
    }

    /// What the frame says of the face whose landmarks stand with it.
    fn face_answer(
        &self,
        depth: &DepthRecord,
        bytes: &[u8],
        sidecar: &Path,
    ) -> Result<Option<(FrameLiveness, Vec<Measure>)>> {
        let frame = depth.frame(folder_of(sidecar), bytes)?;
        let Some(found) = &depth.landmarks else {
            return Ok(None);
        };
        let face = DepthFace {
            landmarks: found.landmarks(),
            timestamp_us: found.timestamp_us,
        };
        let liveness = self.liveness(depth.class()).with_file(sidecar)?;
        let judge = |scratch: &mut Scratch| liveness.assess(scratch, &frame, &face);
        let assessed = self.memories.with_one(judge).map_err(Failure::from);
        let assessed = assessed.with_file(sidecar)?;
        let said = assessed.of_frame(depth.timestamp_us);
        let measures = assessed.measures.map(measured).unwrap_or_default();
        let networks = assessed.networks.iter();
        let networks = networks.map(|living| Measure::new("look", *living, 4));
        Ok(Some((said, measures.into_iter().chain(networks).collect())))
    }
}

impl Judge for DepthJudge {
    fn assess_frame(&self, frame: &FrameRecord, sidecar: &Path) -> Result<FrameAnswer> {
        let FrameRecord::Depth(depth) = frame else {
            return Err(other_stream("ir").about(sidecar));
        };
        let bytes = depth.read(folder_of(sidecar))?;
        Ok(FrameAnswer {
            sha256: sha256_hex(&bytes),
            face: self.face_answer(depth, &bytes, sidecar)?,
        })
    }

    fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

fn measured(m: DepthMeasures) -> Vec<Measure> {
    vec![
        Measure::new("distance_mm", m.distance_mm, 0),
        Measure::new("valid", m.valid, 2),
        Measure::new("eye_distance_mm", m.eye_distance_mm, 1),
        Measure::new("nose_mm", m.nose_mm, 1),
        Measure::new("prominence_mm", m.prominence_mm, 1),
        Measure::new("plane_rms_mm", m.plane_rms_mm, 1),
        Measure::new("quadric_rms_mm", m.quadric_rms_mm, 1),
        Measure::new("skew_mm", m.skew_mm, 1),
    ]
}
