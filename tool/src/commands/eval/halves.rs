//! Halves of the people of a set: one makes a curve, the other shows what it is worth.

use super::split::Split;
use crate::datasets::{LabelledFaces, impostor_cosines};
use crate::failure::{Failure, Result};
use crate::inputs::Pick;
use crate::observer::Observer;
use crate::terminal::Output;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use clap::Args;
use std::path::PathBuf;
use vultus::Embedding;
use vultus::pack::{Curve, CurveSource};

/// What is done with one half of the people and shown on the other.
#[derive(Args)]
pub(crate) struct HalvesArgs {
    /// Folder with one folder a person.
    #[arg(long, value_name = "DIR")]
    images: PathBuf,
    /// Folders that show one person under two names: a CSV file with the columns person,also.
    #[arg(long, value_name = "CSV")]
    same: Option<PathBuf>,
    /// Random splits to try beside the alternating one, each used both ways.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=1000))]
    splits: u64,
    /// Decides which people are in which half of the first random split.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Which face of a photograph counts.
    #[arg(long, value_enum, value_name = "RULE", default_value = "prominent")]
    pick: Pick,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

/// Faces, each with its person's number.
pub(super) type Faces<'a> = Vec<(usize, &'a Embedding)>;

/// One half of the people, and the other half, whom it has never seen.
pub(super) struct Halves<'a> {
    pub(super) split: Split,
    pub(super) model_id: &'a str,
    /// Those that make the curve.
    pub(super) known: Faces<'a>,
    /// Those that it is tested on.
    pub(super) unknown: Faces<'a>,
}

impl Halves<'_> {
    /// The curve of the impostor pairs of the first half.
    pub(super) fn curve(&self) -> Result<Curve> {
        let source = CurveSource {
            set: "half of the people".to_owned(),
            images: self.known.len() as u64,
            people: 0,
            failed_to_detect: 0,
            impostor_pairs: 0,
        };
        let impostors = impostor_cosines(&self.known)?;
        Curve::measure(self.model_id, source, impostors).map_err(Failure::text)
    }
}

/// Runs a trial on every split, both ways. The pack's model id and what the trials returned.
pub(super) fn each_split<T>(
    args: &HalvesArgs,
    work: &str,
    output: &Output,
    mut trial: impl FnMut(&Halves<'_>) -> Result<T>,
) -> Result<(String, Vec<T>)> {
    let sdk = open_sdk(&args.sdk, output)?;
    let choice = args.face.choice(args.pick)?;
    let same = args.same.as_deref();
    let faces = LabelledFaces::read(&sdk, &args.images, same, &choice, output)?;
    let model_id = sdk.pack().model_id();
    let splits = Split::several(args.splits, args.seed);
    let progress = output.begin(work, splits.len());
    let mut trials = Vec::new();
    for split in splits {
        let in_first = split.first_half(faces.people.names.len());
        for first in [true, false] {
            trials.push(trial(&Halves {
                split,
                model_id,
                known: faces.of_people(|person| in_first[person] == first),
                unknown: faces.of_people(|person| in_first[person] != first),
            })?);
        }
        progress.advance(1);
    }
    Ok((model_id.to_string(), trials))
}

/// A text of two paragraphs: the alternating split, in which everybody is in the other half once,
/// and the random ones.
pub(super) fn paragraphs<T>(
    heading: &str,
    trials: &[T],
    split: impl Fn(&T) -> Split,
    lines: impl Fn(&[&T]) -> String,
) -> String {
    let (alternating, random): (Vec<&T>, Vec<&T>) = trials
        .iter()
        .partition(|trial| split(trial) == Split::Alternating);
    let mut text = format!(
        "{heading}; every second name, both ways:{}",
        lines(&alternating)
    );
    if !random.is_empty() {
        text += &format!(
            "\n{} trials on random halves:{}",
            random.len(),
            lines(&random)
        );
    }
    text
}
