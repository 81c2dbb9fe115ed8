//! Whole sets, judged.

use super::answer::Answer;
use super::judge::Judge;
use crate::datasets::presentations::{Age, FrameRecord, Label, Record, Set, sidecar_name};
use crate::failure::Result;
use crate::observer::Observer;
use rayon::prelude::*;
use vultus::internals::model::sha256_hex;
use vultus::liveness::depth::SensorClass;

/// A presentation and its answer.
#[derive(Clone, Debug)]
pub struct JudgedPresentation {
    /// In the set.
    pub number: u32,
    /// What was presented.
    pub label: Label,
    /// Under which conditions.
    pub conditions: JudgedConditions,
    /// What was said of it.
    pub answer: Answer,
}

/// The conditions of a presentation that a report counts apart.
#[derive(Clone, Debug)]
pub struct JudgedConditions {
    /// Class of the depth sensor's noise.
    pub class: Option<&'static str>,
    /// From the camera to the eyes, in millimetres.
    pub distance_mm: Option<f32>,
    /// In degrees; to the right of the picture is positive.
    pub yaw_deg: Option<f32>,
    /// A name for the light.
    pub light: Option<String>,
    /// Names of what is worn.
    pub wearing: Vec<String>,
    /// Of the person, or of whom the artefact shows.
    pub age: Age,
}

/// All answers of a set, in its order.
#[derive(Clone, Debug)]
pub struct JudgedSet {
    /// One for each presentation.
    pub presentations: Vec<JudgedPresentation>,
    /// SHA-256 over the hashes of all frames in the order of the set.
    pub frames_sha256: String,
}

impl JudgedConditions {
    fn of(record: &Record) -> Self {
        let conditions = &record.conditions;
        let class = record.frames.first().and_then(|frame| match frame {
            FrameRecord::Depth(depth) => Some(class_name(depth.class())),
            FrameRecord::Infrared(_) => None,
        });
        Self {
            class,
            distance_mm: conditions.distance_mm,
            yaw_deg: conditions.yaw_deg,
            light: conditions.light.clone(),
            wearing: conditions.wearing.clone(),
            age: conditions.age,
        }
    }
}

const fn class_name(class: SensorClass) -> &'static str {
    match class {
        SensorClass::A => "A",
        SensorClass::B => "B",
        SensorClass::C => "C",
    }
}

/// Judges every presentation of a set.
///
/// # Errors
/// The first file that is not as it should be ends it.
pub fn judge_set(set: &Set, judge: &dyn Judge, observer: &dyn Observer) -> Result<JudgedSet> {
    let progress = observer.begin("judging", set.header.presentations as usize);
    let judged: Result<Vec<(JudgedPresentation, String)>> = (0..set.header.presentations)
        .into_par_iter()
        .map(|number| {
            let judged = judge_one(set, judge, number);
            progress.advance(1);
            judged
        })
        .collect();
    let (presentations, hashes): (Vec<_>, Vec<String>) = judged?.into_iter().unzip();
    Ok(JudgedSet {
        presentations,
        frames_sha256: sha256_hex(hashes.concat().as_bytes()),
    })
}

/// A presentation's answer, and the hashes of its frames.
fn judge_one(set: &Set, judge: &dyn Judge, number: u32) -> Result<(JudgedPresentation, String)> {
    let record = set.record(number)?;
    let sidecar = set.folder.join(sidecar_name(number));
    let (answer, sha256) = judge.assess(&record, &sidecar)?;
    let judged = JudgedPresentation {
        number,
        conditions: JudgedConditions::of(&record),
        answer,
        label: record.label.expect("a set's records have labels"),
    };
    Ok((judged, sha256))
}
