//! `vultus models`

mod args;
#[cfg(feature = "onnx")]
mod compile;
#[cfg(feature = "onnx")]
mod import;
mod list;
mod quantize;
mod sign;
mod verify;

#[cfg(not(feature = "onnx"))]
use crate::failure::Failure;
use crate::failure::Result;
use crate::terminal::args::PackArgs;
use crate::terminal::{Outcome, Output};
use args::{CompileArgs, ImportArgs};
use clap::{Args, Subcommand};
use quantize::QuantizeArgs;
use sign::{KeygenArgs, PackSignArgs};

#[derive(Args)]
pub(crate) struct ModelsArgs {
    #[command(subcommand)]
    command: ModelsCommand,
}

#[derive(Subcommand)]
enum ModelsCommand {
    /// Show what a pack contains, with sources and licences.
    List(PackArgs),
    /// Check hashes and run the golden vectors on this machine.
    Verify(PackArgs),
    /// Make the `standard` pack from published weights; every SHA-256 is checked.
    #[command(
        after_help = "Example:\n  vultus models import --from downloads/ --to models/my-standard\n\n\
        scripts/fetch-models.sh downloads the files first."
    )]
    Import(ImportArgs),
    /// Compile the networks of a pack to plans, which run faster and are all that a device needs.
    #[command(
        after_help = "Example:\n  vultus models compile models/my-pack --out models/device-pack\n\n\
        Each plan is compared with its ONNX file on several pictures before anything is written.\n\
        Without --out the plans go into the pack itself, beside its ONNX files."
    )]
    Compile(CompileArgs),
    /// Make a pack whose networks run on bytes (int8): about half the size, and faster where a processor multiplies bytes.
    #[command(
        after_help = "Example:\n  vultus models quantize models/my-pack --images photographs/ --out models/my-pack-int8\n  \
        vultus calibrate --models models/my-pack-int8 --images people/ --set \"our people\" --install\n\n\
        The pack's own pipeline runs on 64 photographs with a face, chosen by their names alone; take \
        photographs like those of real use. Detectors see them many to a frame, too. Layers that would lose too much stay f32.\n\
        Embeddings of bytes are another model: the new pack has its own id and no curve."
    )]
    Quantize(QuantizeArgs),
    /// Make a key that signs packs; prints its public half, which SDKs are built with (VULTUS_PACK_KEYS).
    Keygen(KeygenArgs),
    /// Sign packs, after every file was compared with its hash.
    Sign(PackSignArgs),
}

pub(crate) fn run(args: &ModelsArgs, output: &Output) -> Result<Outcome> {
    match &args.command {
        ModelsCommand::List(pack) => list::run(pack, output),
        ModelsCommand::Verify(pack) => verify::run(pack, output),
        ModelsCommand::Keygen(args) => sign::keygen(args, output),
        ModelsCommand::Sign(args) => sign::sign(args, output),
        ModelsCommand::Quantize(args) => quantize::run(args, output),
        #[cfg(feature = "onnx")]
        ModelsCommand::Import(args) => import::run(args, output),
        #[cfg(feature = "onnx")]
        ModelsCommand::Compile(args) => compile::run(args, output),
        #[cfg(not(feature = "onnx"))]
        ModelsCommand::Import(_) | ModelsCommand::Compile(_) => Err(Failure::text(
            "this build cannot read ONNX: rebuild with --features onnx",
        )),
    }
}
