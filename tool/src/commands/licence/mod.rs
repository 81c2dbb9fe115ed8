//! `vultus licence`

mod args;
mod explain;
mod files;
mod fingerprint;
mod install;
mod qr;
mod request;
mod status;

use crate::failure::Result;
use crate::terminal::args::MakerArgs;
use crate::terminal::{Outcome, Output};
use args::DeviceArgs;
use clap::{Args, Subcommand};
use explain::ExplainArgs;
use install::InstallArgs;
use qr::QrArgs;
use request::RequestArgs;

#[derive(Args)]
pub(crate) struct LicenceArgs {
    #[command(subcommand)]
    command: LicenceCommand,
}

#[derive(Subcommand)]
enum LicenceCommand {
    /// Show which parts of this device can identify it. Never their values.
    #[command(after_help = "Example:\n  vultus licence fingerprint --secret board.key")]
    Fingerprint(MakerArgs),
    /// Write the request that the vendor needs, as a file and as a QR code.
    #[command(after_help = "Examples:\n  \
        vultus licence request --licence /var/lib/vultus --out door-17.request\n  \
        vultus licence request --licence /var/lib/vultus --out door-17.request --qr request.png")]
    Request(RequestArgs),
    /// Install the licence, or a revocation list, that the vendor sent.
    #[command(after_help = "Example:\n  \
        vultus licence install --licence /var/lib/vultus door-17.licence")]
    Install(InstallArgs),
    /// Say what is licensed, for how long, and what somebody should know.
    #[command(
        after_help = "Example:\n  vultus licence status --licence /var/lib/vultus --json\n\n\
        Exit code 1 when nothing is licensed."
    )]
    Status(DeviceArgs),
    /// Say which parts of the licensed device match this one.
    #[command(after_help = "Example:\n  \
        vultus licence explain --licence /var/lib/vultus door-17.licence\n\n\
        Exit code 1 when the licence is another device's.")]
    Explain(ExplainArgs),
    /// Draw a request or a licence as a QR code.
    #[command(after_help = "Example:\n  vultus licence qr door-17.licence --out licence.png")]
    Qr(QrArgs),
}

pub(crate) fn run(args: &LicenceArgs, output: &Output) -> Result<Outcome> {
    match &args.command {
        LicenceCommand::Fingerprint(maker) => fingerprint::run(maker, output),
        LicenceCommand::Request(args) => request::run(args, output),
        LicenceCommand::Install(args) => install::run(args, output),
        LicenceCommand::Status(args) => status::run(args, output),
        LicenceCommand::Explain(args) => explain::run(args, output),
        LicenceCommand::Qr(args) => qr::run(args, output),
    }
}
