//! What the SDK says of every presentation of a set.

use super::args::SetArgs;
use super::record::{Age, DepthRecord, FrameRecord, Label, Record};
use super::set::{Modality, Set, sidecar_name};
use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use std::path::Path;
use vultus::liveness::decision::{FrameLiveness, LivenessDecision};
use vultus::liveness::depth::{
    DepthAssessment, DepthFace, DepthLiveness, DepthMeasures, DepthRules, SensorClass, Subjects,
};
use vultus::liveness::{Evidence, Liveness, Reason, Reasons};
use vultus::model::sha256_hex;

/// The rules that the SDK comes with, as text, so that a report can name their hash.
const RULES: &str = include_str!("../../../../models/liveness/depth.toml");

/// Largest file of rules in bytes.
const MAX_RULES_BYTES: usize = 64 * 1024;

/// What judges depth frames: rules and a policy.
pub(crate) struct DepthJudge {
    rules: DepthRules,
    subjects: Subjects,
    pub(crate) rules_sha256: String,
    pub(crate) rules_simulated: bool,
}

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// `None` where no face was found to be judged.
    pub(crate) verdict: Option<Liveness>,
    pub(crate) score: Option<f32>,
    pub(crate) evidence: Evidence,
    /// Of the last frame that had any.
    pub(crate) measures: Option<DepthMeasures>,
}

/// A presentation and its answer.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) number: u32,
    pub(crate) label: Label,
    pub(crate) place: Place,
    pub(crate) answer: Answer,
}

/// Under which conditions.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) class: Option<&'static str>,
    pub(crate) distance_mm: Option<f32>,
    pub(crate) yaw_deg: Option<f32>,
    pub(crate) light: Option<String>,
    pub(crate) wearing: Vec<String>,
    pub(crate) age: Age,
}

/// All answers of a set, in its order.
pub(crate) struct Judgement {
    pub(crate) judged: Vec<Judged>,
    /// SHA-256 over the hashes of all frames in the order of the set.
    pub(crate) frames_sha256: String,
}

impl DepthJudge {
    pub(crate) fn new(rules: Option<&Path>, children: bool) -> CliResult<Self> {
        let text = match rules {
            None => RULES.to_owned(),
            Some(file) => {
                let bytes = read_at_most(file, MAX_RULES_BYTES)?;
                let text = String::from_utf8(bytes);
                text.map_err(|_| Failure::text("not UTF-8").about(file))?
            }
        };
        let parsed = DepthRules::parse(&text).map_err(Failure::from);
        let rules = match rules {
            Some(file) => parsed.with_file(file)?,
            None => parsed?,
        };
        Ok(Self {
            rules_simulated: rules.is_simulated(),
            rules,
            subjects: if children {
                Subjects::AdultsAndChildren
            } else {
                Subjects::Adults
            },
            rules_sha256: sha256_hex(text.as_bytes()),
        })
    }

    pub(crate) fn children(&self) -> bool {
        self.subjects == Subjects::AdultsAndChildren
    }

    fn of(&self, class: SensorClass) -> DepthLiveness {
        DepthLiveness::new(class)
            .with_rules(self.rules.clone())
            .with_subjects(self.subjects)
    }

    /// Judges the depth frames of a record, and gives their hashes. One frame answers for itself; several are decided over as
    /// a door does: live from the first frame after which they are, else what the last one leaves.
    pub(crate) fn assess(&self, record: &Record, sidecar: &Path) -> CliResult<(Answer, String)> {
        let mut decision = LivenessDecision::default();
        let (mut answer, mut hashes) = (Answer::default(), String::new());
        for frame in &record.frames {
            let FrameRecord::Depth(depth) = frame;
            let (assessed, sha256) = self.assess_frame(depth, sidecar)?;
            hashes += &sha256;
            let Some(assessed) = assessed else { continue };
            if answer.verdict == Some(Liveness::Live) {
                continue;
            }
            let frame = FrameLiveness {
                timestamp_us: depth.timestamp_us,
                verdict: assessed.verdict,
                score: assessed.score,
                evidence: assessed.evidence,
            };
            let decided = decision.add(0, frame).map_err(Failure::from);
            let decided = decided.with_file(sidecar)?;
            let (verdict, score, evidence) = if record.frames.len() == 1 {
                (assessed.verdict, assessed.score, assessed.evidence)
            } else {
                (decided.verdict, decided.score, decided.evidence)
            };
            answer = Answer {
                verdict: Some(verdict),
                score,
                evidence,
                measures: assessed.measures,
            };
        }
        Ok((answer, hashes))
    }

    fn assess_frame(
        &self,
        depth: &DepthRecord,
        sidecar: &Path,
    ) -> CliResult<(Option<DepthAssessment>, String)> {
        let folder = sidecar.parent().unwrap_or(Path::new(""));
        let bytes = depth.read(folder)?;
        let frame = depth.frame(folder, &bytes)?;
        let sha256 = sha256_hex(&bytes);
        let Some(found) = &depth.landmarks else {
            return Ok((None, sha256));
        };
        let face = DepthFace {
            landmarks: found.landmarks(),
            timestamp_us: found.timestamp_us,
        };
        let assessed = self.of(depth.class()).assess(&frame, &face);
        let assessed = assessed.map_err(Failure::from).with_file(sidecar)?;
        Ok((Some(assessed), sha256))
    }
}

impl Answer {
    /// The score from which the face would be let in; `None` where no threshold would let it in, because something
    /// else speaks against it.
    pub(crate) fn admitted_from(&self) -> Option<f32> {
        let only = Reasons::default().with(Reason::Relief);
        match self.verdict? {
            Liveness::Live => self.score,
            Liveness::Spoof(reasons) if reasons == only => self.score,
            _ => None,
        }
    }
}

impl Place {
    fn of(record: &Record) -> Self {
        let conditions = &record.conditions;
        let mut class = record.frames.iter().map(|frame| match frame {
            FrameRecord::Depth(depth) => class_name(depth.class()),
        });
        Self {
            class: class.next(),
            distance_mm: conditions.distance_mm,
            yaw_deg: conditions.yaw_deg,
            light: conditions.light.clone(),
            wearing: conditions.wearing.clone(),
            age: conditions.age,
        }
    }
}

pub(crate) const fn class_name(class: SensorClass) -> &'static str {
    match class {
        SensorClass::A => "A",
        SensorClass::B => "B",
        SensorClass::C => "C",
    }
}

/// Judges every presentation of a set; the first file that is not as it should be ends it.
pub(crate) fn judge(set: &Set, judge: &DepthJudge, output: &Output) -> CliResult<Judgement> {
    let bar = output.progress("judging", set.head.presentations as usize);
    let judged: CliResult<Vec<(Judged, String)>> = (0..set.head.presentations)
        .into_par_iter()
        .progress_with(bar.clone())
        .map(|number| {
            let record = set.record(number)?;
            let sidecar = set.folder.join(sidecar_name(number));
            let (answer, sha256) = judge.assess(&record, &sidecar)?;
            let judged = Judged {
                number,
                place: Place::of(&record),
                answer,
                label: record.label.expect("a set's records have labels"),
            };
            Ok((judged, sha256))
        })
        .collect();
    bar.finish_and_clear();
    let (judged, hashes): (Vec<Judged>, Vec<String>) = judged?.into_iter().unzip();
    Ok(Judgement {
        judged,
        frames_sha256: sha256_hex(hashes.concat().as_bytes()),
    })
}

/// Opens what the arguments name.
pub(crate) fn open(args: &SetArgs) -> CliResult<(Set, DepthJudge)> {
    let set = Set::open(&args.set)?;
    if set.head.modality == Modality::Ir {
        let cause = "a set of infrared frames; this version does not judge those yet";
        return Err(Failure::text(cause).about(&args.set));
    }
    let judge = DepthJudge::new(args.rules.as_deref(), args.children)?;
    Ok((set, judge))
}
