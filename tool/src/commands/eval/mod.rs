//! `vultus eval`

mod calibration;
mod halves;
mod identification;
mod quality;
mod split;
mod verification;

use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use clap::{Args, Subcommand};
use halves::HalvesArgs;
use quality::QualityArgs;
use verification::VerificationArgs;

#[derive(Args)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    command: EvalCommand,
}

#[derive(Subcommand)]
enum EvalCommand {
    /// 1:1 accuracy on labelled pairs.
    #[command(after_help = "Example:\n  \
        vultus eval verification --pairs pairs.csv --root images/ --report report.html\n\n\
        pairs.csv has the columns fold,image_a,image_b,same (same is 1 or 0).")]
    Verification(VerificationArgs),
    /// Whether scores mean what they say: calibrate on half of the people, test on the others.
    #[command(after_help = "Example:\n  vultus eval calibration --images people/ --splits 10")]
    Calibration(HalvesArgs),
    /// Whether a search names as few strangers as it promises: half of the people enrolled, the
    /// others strangers.
    #[command(after_help = "Example:\n  vultus eval identification --images people/ --splits 10")]
    Identification(HalvesArgs),
    /// Whether leaving out the faces of worst quality lowers the error, for each component.
    #[command(after_help = "Example:\n  \
        vultus eval quality --pairs pairs.csv --root images/ --report quality.html\n\n\
        pairs.csv has the columns fold,image_a,image_b,same; the first folder of an image names its person.")]
    Quality(QualityArgs),
}

pub(crate) fn run(args: &EvalArgs, output: &Output) -> Result<Outcome> {
    match &args.command {
        EvalCommand::Verification(args) => verification::run(args, output),
        EvalCommand::Quality(args) => quality::run(args, output),
        EvalCommand::Calibration(args) => calibration::run(args, output),
        EvalCommand::Identification(args) => identification::run(args, output),
    }
}
