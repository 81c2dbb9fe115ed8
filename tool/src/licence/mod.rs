//! `vultus licence`

pub(crate) mod args;
mod device;
mod explain;
mod files;
mod qr;
mod status;

pub(crate) use device::grant;

use crate::Outcome;
use crate::failure::CliResult;
use crate::output::Output;
use args::{LicenceArgs, LicenceCommand};

pub(crate) fn run(args: &LicenceArgs, output: &Output) -> CliResult<Outcome> {
    match &args.what {
        LicenceCommand::Fingerprint(maker) => explain::fingerprint(maker, output),
        LicenceCommand::Request(args) => files::request(args, output),
        LicenceCommand::Install(args) => files::install(args, output),
        LicenceCommand::Status(args) => status::run(args, output),
        LicenceCommand::Explain(args) => explain::run(args, output),
        LicenceCommand::Qr(args) => qr::run(args, output),
    }
}
