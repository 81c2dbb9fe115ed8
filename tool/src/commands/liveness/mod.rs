//! `vultus liveness`

mod answers;
mod depth;
mod infrared;
mod mono;

use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use clap::{Args, Subcommand};
use depth::DepthArgs;
use infrared::IrArgs;
use mono::MonoArgs;

#[derive(Args)]
pub(crate) struct LivenessArgs {
    #[command(subcommand)]
    command: LivenessCommand,
}

#[derive(Subcommand)]
enum LivenessCommand {
    /// By a frame of a depth sensor.
    #[command(after_help = "Example:\n  \
        vultus pad simulate --modality depth --seed 1 --count 2 --out few\n  \
        vultus liveness depth few/000000.json few/000004.json\n\n\
        A file describes a frame beside it (docs/pad-set-format.md). What it stops, and what not, is in \
        docs/liveness.md. Exit code 1 when any face is not live.")]
    Depth(DepthArgs),
    /// By frames of an infrared camera with a lamp, and a colour frame.
    #[command(after_help = "Example:\n  \
        vultus pad simulate --modality ir --seed 1 --count 2 --species live,laser --out few\n  \
        vultus liveness ir few/000000.json few/000002.json\n\n\
        A file describes the frames beside it (docs/pad-set-format.md). What it stops, and what not, is in \
        docs/liveness.md. Exit code 1 when any face is not live.")]
    Ir(IrArgs),
    /// By a colour picture alone: for convenience, never for access.
    #[command(after_help = "Example:\n  \
        vultus liveness mono --models models/my-standard selfie.jpg\n\n\
        Good screens, and prints whose edge is not in the picture, pass. The pack `lite` has no networks for it. \
        Exit code 1 when any face is not live.")]
    Mono(MonoArgs),
}

pub(crate) fn run(args: &LivenessArgs, output: &Output) -> Result<Outcome> {
    match &args.command {
        LivenessCommand::Depth(args) => depth::run(args, output),
        LivenessCommand::Ir(args) => infrared::run(args, output),
        LivenessCommand::Mono(args) => mono::run(args, output),
    }
}
