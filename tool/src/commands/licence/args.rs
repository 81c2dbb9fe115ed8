//! The device that commands of licences are about.

use crate::failure::Result;
use crate::terminal::args::MakerArgs;
use crate::terminal::device::this_device;
use clap::Args;
use std::path::PathBuf;
use vultus::licensing::device::Device;

/// The device that a licence is for.
#[derive(Args)]
pub(crate) struct DeviceArgs {
    /// Folder of the licence and its state; made where it is missing.
    #[arg(long, value_name = "DIR", env = "VULTUS_LICENCE")]
    licence: PathBuf,
    #[command(flatten)]
    maker: MakerArgs,
}

impl DeviceArgs {
    /// This device, with its licence and state in the folder.
    pub(super) fn open(&self) -> Result<Device> {
        this_device(&self.licence, &self.maker)
    }
}
