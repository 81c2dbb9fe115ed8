//! The command line of `vultus liveness`.

use crate::args::{FaceArgs, PackArgs, SdkArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct LivenessArgs {
    #[command(subcommand)]
    pub(crate) what: LivenessCommand,
}

#[derive(Subcommand)]
pub(crate) enum LivenessCommand {
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

#[derive(Args)]
pub(crate) struct DepthArgs {
    /// Descriptions of frames.
    #[arg(required = true, value_name = "FILE.json")]
    pub(crate) files: Vec<PathBuf>,
    /// Judge by rules that let children in.
    #[arg(long)]
    pub(crate) children: bool,
    /// Judge by geometry, without the network of the pack that looks for masks.
    #[arg(long)]
    pub(crate) geometry_alone: bool,
    /// Rules of one's own, as in models/liveness/depth.toml.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct IrArgs {
    /// Descriptions of frames.
    #[arg(required = true, value_name = "FILE.json")]
    pub(crate) files: Vec<PathBuf>,
    /// Leave frames of the room's light out, as of a sensor that takes none.
    #[arg(long)]
    pub(crate) lit_alone: bool,
    /// Rules of one's own, as in models/liveness/infrared.toml.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct MonoArgs {
    /// Photographs: JPEG, PNG or BMP.
    #[arg(required = true, value_name = "IMG")]
    pub(crate) images: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}
