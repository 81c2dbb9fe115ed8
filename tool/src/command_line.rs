//! The command line: every command with its help, and the code that runs it.

use crate::commands::calibrate::{self, CalibrateArgs};
use crate::commands::compare::{self, CompareArgs};
use crate::commands::detect::{self, DetectArgs};
use crate::commands::embed::{self, EmbedArgs};
use crate::commands::eval::{self, EvalArgs};
use crate::commands::gallery::{self, GalleryArgs};
use crate::commands::identify::{self, IdentifyArgs};
use crate::commands::licence::{self, LicenceArgs};
use crate::commands::liveness::{self, LivenessArgs};
use crate::commands::models::{self, ModelsArgs};
use crate::commands::pad::{self, PadArgs};
use crate::commands::quality::{self, QualityArgs};
use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Runs the command line of this process: reads its arguments, prints results and gives the exit code.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.json);
    let outcome = cli.command.run(&output).unwrap_or_else(|failure| {
        output.failure(&failure);
        Outcome::BadInput
    });
    outcome.into()
}

/// Offline face detection, comparison and identification.
#[derive(Parser)]
#[command(
    name = "vultus",
    version,
    after_help = "Exit codes: 0 yes or done, 1 no match or no face, 2 bad usage or input.\n\
                  Of several pictures: 2 if any is bad; else detect answers 1 if any has no face, \
                  identify 0 if any face is named.\n\
                  Nothing ever leaves this machine."
)]
struct Cli {
    /// Print one JSON object a line instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Find the faces in photographs.
    #[command(after_help = "Examples:\n  \
        vultus detect group.jpg --annotate boxes.png\n  \
        vultus detect --rotate --json *.jpg")]
    Detect(DetectArgs),
    /// Print the embedding of the largest face of a photograph.
    #[command(after_help = "Example:\n  vultus embed alice.jpg --json > alice.json")]
    Embed(EmbedArgs),
    /// Compare the largest faces of two photographs.
    #[command(after_help = "Examples:\n  \
        vultus compare passport.jpg selfie.jpg\n  \
        vultus compare alice.json selfie.jpg --fmr 1e-4   (alice.json from `vultus embed --json`)")]
    Compare(CompareArgs),
    /// Name the people in photographs, from a folder of known people.
    #[command(after_help = "Example:\n  \
        vultus identify --people staff/ door.jpg --annotate out.png\n  \
        vultus identify --gallery staff.gallery --group staff door.jpg --annotate out.png\n\n\
        staff/ holds one folder a person, named after them, with one or more photographs each; \
        staff.gallery is made by `vultus gallery`.")]
    Identify(IdentifyArgs),
    /// Say how good the face of a photograph is for recognition, and what is wrong with it.
    #[command(after_help = "Examples:\n  \
        vultus quality passport.jpg --annotate parts.png\n  \
        vultus quality --control 3 new-staff/*.jpg          exit code 1 when one is not good enough\n  \
        vultus quality --json --all group.jpg | jq '.faces[].quality.total'")]
    Quality(QualityArgs),
    /// Measure accuracy on labelled photographs.
    Eval(EvalArgs),
    /// Measure the curve from cosine to score on photographs of different people.
    #[command(after_help = "Examples:\n  \
        vultus calibrate --models my-pack --images people/ --set \"our people\" --install\n  \
        vultus calibrate --pairs pairs.csv --root images/ --set LFW --out curve.toml")]
    Calibrate(CalibrateArgs),
    /// List, verify, import and quantise model packs.
    Models(ModelsArgs),
    /// Keep people in an encrypted file: groups, enrolment, search, upgrades, export.
    Gallery(GalleryArgs),
    /// Say whether a face is a living person's, or an artefact's.
    Liveness(LivenessArgs),
    /// Simulate, judge and report presentation attacks.
    Pad(PadArgs),
    /// Ask for this device's licence, install it and see what it allows.
    Licence(LicenceArgs),
}

impl Command {
    fn run(&self, output: &Output) -> Result<Outcome> {
        match self {
            Self::Detect(args) => detect::run(args, output),
            Self::Embed(args) => embed::run(args, output),
            Self::Compare(args) => compare::run(args, output),
            Self::Identify(args) => identify::run(args, output),
            Self::Quality(args) => quality::run(args, output),
            Self::Eval(args) => eval::run(args, output),
            Self::Calibrate(args) => calibrate::run(args, output),
            Self::Models(args) => models::run(args, output),
            Self::Gallery(args) => gallery::run(args, output),
            Self::Liveness(args) => liveness::run(args, output),
            Self::Pad(args) => pad::run(args, output),
            Self::Licence(args) => licence::run(args, output),
        }
    }
}
