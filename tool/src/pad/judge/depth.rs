//! Depth frames, judged by their geometry and with the network of a pack.

use super::network::{Runners, pack_network};
use super::{Judge, Measure, Moment, Source, folder_of, other_stream, rules_text};
use crate::args::PackArgs;
use crate::failure::{CliResult, Failure, WithFile};
use crate::pad::record::{DepthRecord, FrameRecord};
use std::path::Path;
use vultus::frame::DepthFrame;
use vultus::internals::model::{Role, sha256_hex};
use vultus::liveness::decision::FrameLiveness;
use vultus::liveness::depth::{
    DepthAssessment, DepthFace, DepthLiveness, DepthLook, DepthMeasures, DepthRules, SensorClass,
    Subjects,
};

/// The rules that the SDK comes with, as text, so that a report can name their hash.
const RULES: &str = include_str!("../../../../models/liveness/depth.toml");

/// What judges depth frames: rules, a policy, and a network unless geometry is to judge alone.
pub(crate) struct DepthJudge {
    rules: DepthRules,
    subjects: Subjects,
    look: Option<(DepthLook, Runners)>,
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
        let (look, model_sha256) = match pack {
            // The relief model is part of the rules.
            None => (None, rules_sha256.clone()),
            Some(pack) => {
                let (folder, network) = pack_network(pack, Role::LivenessDepth)?;
                let look = DepthLook::new(&network).map_err(Failure::from);
                let look = (look.with_file(&folder)?, Runners::default());
                (Some(look), network.spec().sha256.clone())
            }
        };
        Ok(Self {
            source: Source {
                rules_simulated: rules.is_simulated(),
                model_sha256,
                rules_sha256,
                children,
                lit_alone: false,
                geometry_alone: look.is_none(),
            },
            look,
            rules,
            subjects: if children {
                Subjects::AdultsAndChildren
            } else {
                Subjects::Adults
            },
        })
    }

    fn of(&self, class: SensorClass) -> DepthLiveness {
        DepthLiveness::new(class)
            .with_rules(self.rules.clone())
            .with_subjects(self.subjects)
    }

    fn assess(
        &self,
        judge: &DepthLiveness,
        frame: &DepthFrame<'_>,
        face: &DepthFace,
    ) -> CliResult<DepthAssessment> {
        let Some((look, runners)) = &self.look else {
            return Ok(judge.assess(frame, face)?);
        };
        runners.lend(
            || Ok(look.runner()?),
            |runner| Ok(look.assess(runner, judge, frame, face)?),
        )
    }

    fn look(
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
        let assessed = self.assess(&self.of(depth.class()), &frame, &face);
        let assessed = assessed.with_file(sidecar)?;
        let said = FrameLiveness {
            timestamp_us: depth.timestamp_us,
            verdict: assessed.verdict,
            score: assessed.score,
            evidence: assessed.evidence,
        };
        let measures = assessed.measures.map(measured).unwrap_or_default();
        let look = assessed.look.map(|look| ("look", look, 4));
        Ok(Some((said, measures.into_iter().chain(look).collect())))
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
            face: self.look(depth, &bytes, sidecar)?,
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
