//! The command line of `vultus licence`.

use crate::args::MakerArgs;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct LicenceArgs {
    #[command(subcommand)]
    pub(crate) what: LicenceCommand,
}

#[derive(Subcommand)]
pub(crate) enum LicenceCommand {
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

/// The device that a licence is for.
#[derive(Args)]
pub(crate) struct DeviceArgs {
    /// Folder of the licence and its state; made where it is missing.
    #[arg(long, value_name = "DIR", env = "VULTUS_LICENCE")]
    pub(crate) licence: PathBuf,
    #[command(flatten)]
    pub(crate) maker: MakerArgs,
}

#[derive(Args)]
pub(crate) struct RequestArgs {
    #[command(flatten)]
    pub(crate) device: DeviceArgs,
    /// Write the request here, as text.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Draw it as a QR code as well.
    #[arg(long, value_name = "OUT.png")]
    pub(crate) qr: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct InstallArgs {
    #[command(flatten)]
    pub(crate) device: DeviceArgs,
    /// The licence or revocation list, as text or binary.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) device: DeviceArgs,
    /// A licence file [default: the installed licence].
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct QrArgs {
    /// A request or licence, as text or binary.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Where to draw it.
    #[arg(long, value_name = "OUT.png")]
    pub(crate) out: PathBuf,
}
