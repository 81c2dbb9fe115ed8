//! The command lines of `vultus models compile` and `import`, which builds that cannot read ONNX show too.

use crate::terminal::args::SignArgs;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct CompileArgs {
    /// Folder of a pack with ONNX files.
    #[arg(value_name = "PACK")]
    pub(super) pack: PathBuf,
    /// Write a new pack to this folder, which must not be there yet; it has plans alone.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// The new pack keeps the ONNX files too.
    #[arg(long, requires = "out")]
    pub(super) keep_onnx: bool,
    #[command(flatten)]
    pub(super) sign: SignArgs,
}

#[derive(Args)]
pub(crate) struct ImportArgs {
    /// Folder with the published files.
    #[arg(long, value_name = "DIR")]
    pub(super) from: PathBuf,
    /// Folder of the new pack; created if missing; files of the same name are replaced.
    #[arg(long, value_name = "PACKDIR")]
    pub(super) to: PathBuf,
    #[command(flatten)]
    pub(super) sign: SignArgs,
}
