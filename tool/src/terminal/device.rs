//! This device, as the licence commands and `--licence` see it.

use super::Output;
use super::args::{MakerArgs, SdkArgs};
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::read_at_most;
use crate::observer::Observer;
use std::path::Path;
use vultus::licensing::device::Device;
use vultus::licensing::fingerprint::{ComponentKind, FingerprintSource, Given};
use vultus::licensing::grant::Grant;

/// Longest secret of a maker in bytes.
const SECRET_MAX: usize = 512;

/// What the maker adds to the parts of this device.
pub(crate) fn maker_parts(maker: &MakerArgs) -> Result<Given> {
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

/// This device, with its licence and state in a folder.
#[cfg(target_os = "linux")]
pub(crate) fn this_device(folder: &Path, maker: &MakerArgs) -> Result<Device> {
    Ok(Device::here(folder)?.with_source(Box::new(maker_parts(maker)?)))
}

/// Refused: devices run Linux or Android.
#[cfg(not(target_os = "linux"))]
pub(crate) fn this_device(_: &Path, _: &MakerArgs) -> Result<Device> {
    Err(Failure::text(
        "licences are for Linux and Android devices; this tool only demonstrates here",
    ))
}

/// The right to run: the licence that was named, or a demonstration that says so.
pub(crate) fn grant(args: &SdkArgs, output: &Output) -> Result<Grant> {
    let Some(folder) = &args.licence else {
        output.note("demonstration without a licence, not for use on a device");
        return Ok(Grant::demo());
    };
    let grant = this_device(folder, &args.maker)?
        .activate()
        .map_err(Failure::from)
        .with_file(folder)?;
    for warning in grant.warnings() {
        output.warning(&warning.to_string());
    }
    Ok(grant)
}
