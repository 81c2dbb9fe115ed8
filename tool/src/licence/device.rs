//! This device, as the licence commands and `--licence` see it.

use crate::args::{MakerArgs, SdkArgs};
use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use crate::licence::args::DeviceArgs;
use crate::output::Output;
use std::path::Path;
use vultus::licensing::device::Device;
use vultus::licensing::fingerprint::{ComponentKind, FingerprintSource, Given};
use vultus::licensing::grant::Grant;

/// Longest secret of a maker in bytes.
const SECRET_MAX: usize = 512;

/// What the maker adds to the parts of this device.
pub(super) fn given(maker: &MakerArgs) -> CliResult<Given> {
    let mut given = Given::new();
    if let Some(file) = &maker.secret {
        let secret = read_at_most(file, SECRET_MAX)?;
        given = given.bytes(ComponentKind::OemSecret, &secret);
        if let Some(refused) = given.collect().refused.first() {
            return Err(Failure::text(format!("the secret is {}", refused.why)).about(file));
        }
    }
    Ok(given)
}

pub(super) fn open(args: &DeviceArgs) -> CliResult<Device> {
    here(&args.licence, &args.maker)
}

#[cfg(target_os = "linux")]
fn here(folder: &Path, maker: &MakerArgs) -> CliResult<Device> {
    Ok(Device::here(folder)?.with_source(Box::new(given(maker)?)))
}

#[cfg(not(target_os = "linux"))]
fn here(_: &Path, _: &MakerArgs) -> CliResult<Device> {
    Err(Failure::text(
        "licences are for Linux and Android devices; this tool only demonstrates here",
    ))
}

/// The right to run: the licence that was named, or a demonstration that says so.
pub(crate) fn grant(args: &SdkArgs, output: &Output) -> CliResult<Grant> {
    let Some(folder) = &args.licence else {
        output.note("demonstration without a licence, not for use on a device");
        return Ok(Grant::demo());
    };
    let grant = here(folder, &args.maker)?
        .activate()
        .map_err(Failure::from)
        .with_file(folder)?;
    for warning in grant.warnings() {
        output.warning(&warning.to_string());
    }
    Ok(grant)
}
