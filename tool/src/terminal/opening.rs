//! Opens the packs and the SDK that arguments name.

use super::Output;
use super::args::{PackArgs, SdkArgs};
use super::device;
use crate::failure::{Failure, Result, WithFile};
use std::path::{Path, PathBuf};
use vultus::internals::model::{MANIFEST_FILE, Pack};
use vultus::pack::PackKey;
use vultus::{Config, Sdk, Verification};

const DEFAULT_PACK: &str = "models/lite";

/// How far above the tool's own folder a `models` folder is looked for: `target/release` lies two
/// below the repository, an installed tool in `bin` one below its prefix.
const LEVELS_ABOVE_TOOL: usize = 3;

/// The pack to use: as asked, or `models/lite` near the working folder or the tool.
pub(crate) fn pack_folder(args: &PackArgs) -> Result<PathBuf> {
    if let Some(folder) = &args.models {
        return Ok(folder.clone());
    }
    let tool = std::env::current_exe().unwrap_or_default();
    let near_tool = tool
        .ancestors()
        .skip(1)
        .take(LEVELS_ABOVE_TOOL)
        .map(|dir| dir.join(DEFAULT_PACK));
    std::iter::once(PathBuf::from(DEFAULT_PACK))
        .chain(near_tool)
        .find(|folder| folder.join(MANIFEST_FILE).is_file())
        .ok_or_else(|| {
            Failure::text(format!(
                "no model pack at {DEFAULT_PACK}; name one with --models DIR or VULTUS_MODELS"
            ))
        })
}

/// The pack that arguments name.
pub(crate) fn open_pack(args: &PackArgs) -> Result<Pack> {
    open_folder(&pack_folder(args)?, &args.pack_key)
}

/// The pack of a folder, by a key that is trusted anyhow or one of these.
pub(crate) fn open_folder(folder: &Path, keys: &[PackKey]) -> Result<Pack> {
    Pack::open_with(folder, Verification::default(), keys)
        .map_err(Failure::from)
        .with_file(folder)
}

/// What the SDK is opened with, and where the pack is.
pub(crate) fn config(args: &PackArgs) -> Result<(PathBuf, Config)> {
    let folder = pack_folder(args)?;
    let config = Config::builder(&folder).trusted_packs(args.pack_key.iter().copied());
    Ok((folder, config.build()))
}

/// The SDK, with the pack and under the licence that the arguments name.
pub(crate) fn open_sdk(args: &SdkArgs, output: &Output) -> Result<Sdk> {
    let (folder, config) = config(&args.pack)?;
    let grant = device::grant(args, output)?;
    Sdk::open(&config, grant)
        .map_err(Failure::from)
        .with_file(&folder)
}
