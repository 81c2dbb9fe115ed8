//! The command line of `vultus models quantize`.

use crate::terminal::args::SignArgs;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct QuantizeArgs {
    /// Folder of a pack with plans of f32.
    #[arg(value_name = "PACK")]
    pub(super) pack: PathBuf,
    /// Folder of photographs with faces; folders inside it count too.
    #[arg(long, value_name = "DIR")]
    pub(super) images: PathBuf,
    /// Folder of the new pack, which must not be there yet [default: PACK-int8].
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Quantise these networks alone, by their names in the pack; the others stay f32.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(super) networks: Option<Vec<String>>,
    /// Id of the new pack [default: that of the pack with -int8].
    #[arg(long)]
    pub(super) id: Option<String>,
    /// Version of the new pack [default: that of the pack].
    #[arg(long)]
    pub(super) version: Option<String>,
    /// Least signal-to-noise ratio of a network's worst output: layers stay f32 until it is reached
    /// [default: 32 for detectors, 20 for others].
    #[arg(long, value_name = "DB")]
    pub(super) min_snr: Option<f64>,
    #[command(flatten)]
    pub(super) sign: SignArgs,
}
