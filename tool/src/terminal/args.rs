//! Groups of arguments that several commands take.

use crate::failure::{Failure, Result};
use crate::inputs::{FaceChoice, Pick};
use clap::Args;
use std::path::PathBuf;
use vultus::DetectOptions;
use vultus::config::MinFaceSize;
use vultus::pack::PackKey;

/// Which models to use.
#[derive(Args)]
pub(crate) struct PackArgs {
    /// Folder of the model pack [default: models/lite, found near the working folder or the tool].
    #[arg(long, value_name = "DIR", env = "VULTUS_MODELS")]
    pub(crate) models: Option<PathBuf>,
    /// Take packs that this public key signed, 64 digits as `vultus models keygen` prints them; may be given several times.
    #[arg(
        long,
        value_name = "HEX",
        env = "VULTUS_PACK_KEY",
        value_delimiter = ','
    )]
    pub(crate) pack_key: Vec<PackKey>,
}

/// Who signs a pack that is written, and whose are read for it.
#[derive(Args)]
pub(crate) struct SignArgs {
    /// Sign the pack with the key of this file (`vultus models keygen`) [default: the project's development key].
    #[arg(long, value_name = "FILE")]
    pub(crate) sign_key: Option<PathBuf>,
}

/// What the SDK is opened with.
#[derive(Args)]
pub(crate) struct SdkArgs {
    #[command(flatten)]
    pub(crate) pack: PackArgs,
    /// Run under the licence in this folder instead of a demonstration's.
    #[arg(long, value_name = "DIR", env = "VULTUS_LICENCE")]
    pub(crate) licence: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) maker: MakerArgs,
}

/// What the maker of a device adds to its fingerprint.
#[derive(Args)]
pub(crate) struct MakerArgs {
    /// File with the maker's secret of this device, 16 to 512 bytes, one part of its fingerprint.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret: Option<PathBuf>,
}

/// What counts as a face.
#[derive(Args)]
pub(crate) struct FaceArgs {
    /// Smallest face in pixels, 20 to 4000.
    #[arg(long, value_name = "PX", default_value_t = 34)]
    pub(crate) min_face: u32,
    /// Also look at the picture turned by 90, 180 and 270 degrees (four times the work).
    #[arg(long)]
    pub(crate) rotate: bool,
    /// Take pixels as stored, whatever the EXIF orientation says.
    #[arg(long)]
    pub(crate) ignore_exif: bool,
}

impl FaceArgs {
    /// Checks the arguments.
    pub(crate) fn choice(&self, pick: Pick) -> Result<FaceChoice> {
        let options = DetectOptions {
            min_face: MinFaceSize::new(self.min_face)?,
            rotate: self.rotate,
        };
        Ok(FaceChoice {
            ignore_exif: self.ignore_exif,
            ..FaceChoice::new(options, pick)
        })
    }
}

/// Refuses an `--annotate` that would overwrite another picture or be named for another format.
pub(crate) fn check_annotate(annotate: Option<&PathBuf>, pictures: &[PathBuf]) -> Result<()> {
    let Some(file) = annotate else { return Ok(()) };
    let problem = if pictures.len() > 1 {
        "--annotate takes exactly one picture"
    } else if file
        .extension()
        .is_none_or(|ending| !ending.eq_ignore_ascii_case("png"))
    {
        "--annotate writes PNG; its name must end in .png"
    } else if pictures.contains(file) {
        "--annotate would overwrite the picture itself"
    } else {
        return Ok(());
    };
    Err(Failure::text(problem).about(file))
}
