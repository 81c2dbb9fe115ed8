//! What the SDK says of every presentation of a set.

mod depth;
mod infrared;
mod network;

pub(crate) use depth::DepthJudge;
pub(crate) use infrared::InfraredJudge;

use super::args::SetArgs;
use super::record::{Age, FrameRecord, Label, Record};
use super::set::{Modality, Set, sidecar_name};
use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use std::path::Path;
use vultus::TrackId;
use vultus::internals::model::sha256_hex;
use vultus::liveness::decision::{DecisionRules, FrameLiveness, LivenessDecision};
use vultus::liveness::depth::SensorClass;
use vultus::liveness::{Evidence, Liveness, Reason, Reasons};

/// Largest file of rules in bytes.
const MAX_RULES_BYTES: usize = 64 * 1024;

/// What judges the frames of one kind of sensor.
pub(crate) trait Judge: Sync {
    /// Judges one moment. Frames are read and checked whether or not there is a face in them.
    fn assess_frame(&self, frame: &FrameRecord, sidecar: &Path) -> CliResult<Moment>;

    fn source(&self) -> &Source;

    /// Judges the frames of a record, and gives their hashes. One moment answers for itself; several are decided over as a
    /// door does: live from the first frame after which they are, else what the last one leaves.
    fn assess(&self, record: &Record, sidecar: &Path) -> CliResult<(Answer, String)> {
        let track = TrackId::new(0);
        let mut decision = LivenessDecision::new(track, DecisionRules::default());
        let (mut answer, mut hashes) = (Answer::default(), String::new());
        for frame in &record.frames {
            let moment = self.assess_frame(frame, sidecar)?;
            hashes += &moment.sha256;
            let Some((frame, measures)) = moment.face else {
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

/// Where a judge's numbers come from.
pub(crate) struct Source {
    /// Of the file of rules.
    pub(crate) rules_sha256: String,
    /// Of the weights; those of a model that is part of the rules are in their file.
    pub(crate) model_sha256: String,
    pub(crate) rules_simulated: bool,
    /// Whether the rules let children in.
    pub(crate) children: bool,
    /// Whether frames of the room's infrared light were left out.
    pub(crate) lit_alone: bool,
    /// Whether the network of depth liveness was not asked.
    pub(crate) geometry_alone: bool,
}

/// What one moment says.
pub(crate) struct Moment {
    /// Of its frames, one after the other.
    sha256: String,
    /// `None` where no face was found.
    face: Option<(FrameLiveness, Vec<Measure>)>,
}

/// A name, a value, and how many decimals of it say something.
pub(crate) type Measure = (&'static str, f32, usize);

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    /// `None` where no face was found to be judged.
    pub(crate) verdict: Option<Liveness>,
    pub(crate) score: Option<f32>,
    pub(crate) evidence: Evidence,
    /// Of the frame that was judged last.
    pub(crate) measures: Vec<Measure>,
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

/// A file of rules, or those that the SDK comes with.
fn rules_text(file: Option<&Path>, own: &str) -> CliResult<String> {
    let Some(file) = file else {
        return Ok(own.to_owned());
    };
    let text = String::from_utf8(read_at_most(file, MAX_RULES_BYTES)?);
    text.map_err(|_| Failure::text("not UTF-8").about(file))
}

fn folder_of(sidecar: &Path) -> &Path {
    sidecar.parent().unwrap_or(Path::new(""))
}

fn other_stream(name: &str) -> Failure {
    Failure::text(format!(
        "a frame with the stream {name}, which is judged by `vultus liveness {name}` and in a set of that modality"
    ))
}

impl Answer {
    /// The score from which the face would be let in; `None` where no threshold would let it in, because something
    /// else speaks against it.
    pub(crate) fn admitted_from(&self) -> Option<f32> {
        // Those that a threshold of the score decides about.
        let by_score = [Reason::Relief, Reason::InfraredLook].map(|r| Reasons::default().with(r));
        match self.verdict? {
            Liveness::Live => self.score,
            Liveness::Spoof(reasons) if by_score.contains(&reasons) => self.score,
            _ => None,
        }
    }
}

impl Place {
    fn of(record: &Record) -> Self {
        let conditions = &record.conditions;
        let mut class = record.frames.iter().map(|frame| match frame {
            FrameRecord::Depth(depth) => Some(class_name(depth.class())),
            FrameRecord::Infrared(_) => None,
        });
        Self {
            class: class.next().flatten(),
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
pub(crate) fn judge(set: &Set, judge: &dyn Judge, output: &Output) -> CliResult<Judgement> {
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
pub(crate) fn open(args: &SetArgs) -> CliResult<(Set, Box<dyn Judge>)> {
    let set = Set::open(&args.set)?;
    let refuse = |cause: &str| Err(Failure::text(cause).about(&args.set));
    let rules = args.rules.as_deref();
    match set.head.modality {
        Modality::Depth if args.lit_alone => {
            refuse("--lit-alone is about infrared frames; this set is of a depth sensor")
        }
        Modality::Depth => {
            let pack = (!args.geometry_alone).then_some(&args.pack);
            let judge = DepthJudge::new(pack, rules, args.children)?;
            Ok((set, Box::new(judge)))
        }
        Modality::Ir if args.geometry_alone => {
            refuse("--geometry-alone is about depth frames; this set is of an infrared camera")
        }
        Modality::Ir if args.children => refuse(
            "--children is about a depth sensor's rules; those of infrared are the same for adults and children",
        ),
        Modality::Ir => {
            let judge = InfraredJudge::new(&args.pack, rules, args.lit_alone)?;
            Ok((set, Box::new(judge)))
        }
    }
}
