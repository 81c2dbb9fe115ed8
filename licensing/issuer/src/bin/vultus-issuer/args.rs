//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use vultus_issuer::hash::Hash;
use vultus_issuer::storage::Location;
use vultus_licensing::licence::{LicenceId, LivenessKinds, OrderId, Tier};
use vultus_licensing::platform::{Platform, Platforms};
use vultus_licensing::time::UnixSeconds;

/// Issues device licences of Vultus, offline, from a ledger.
#[derive(Parser)]
#[command(
    name = "vultus-issuer",
    version,
    after_help = "Exit codes: 0 done, 1 refused by a rule or the ledger is bad, 2 bad usage or input.\n\
                  Keep a copy of the key file and note the ledger's head after each day's work:\n\
                  a ledger that was cut short can only be told by a head that is kept elsewhere."
)]
pub(crate) struct Cli {
    /// Print one JSON object a line instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a signing key and print its line for the SDK's key table.
    #[command(after_help = "Examples:\n  \
        vultus-issuer keygen --key vendor.key >> licensing/keys/issuing.keys\n  \
        vultus-issuer keygen --key next.key --from 2029-01-01T00:00:00Z --until 2032-01-01T00:00:00Z")]
    Keygen(KeygenArgs),
    /// Enter an order at its list price.
    #[command(after_help = "Examples:\n  \
        vultus-issuer order --ledger ledger.db --key vendor.key --customer acme --sku recognise --quantity 1000\n  \
        vultus-issuer order ... --quantity 20000 --total-fen 160000000   (above 10000 the price is quoted)\n\n\
        Steps: 50-1000, 1001-5000, 5001-10000; the whole quantity is charged at the step it reaches.\n\
        Yuan a seat: detect 68 58 48, liveness 88 78 68, recognise 118 95 88.")]
    Order(OrderArgs),
    /// Grant a trial: three devices, sixty days from now, once a customer and SKU.
    #[command(after_help = "Example:\n  \
        vultus-issuer trial --ledger ledger.db --key vendor.key --customer acme --sku detect")]
    Trial(TrialArgs),
    /// Issue the licences of devices, from their request files.
    #[command(after_help = "Examples:\n  \
        vultus-issuer issue --ledger ledger.db --key vendor.key --for ORDER --request gate1.req \\\n    \
            --liveness infrared --out gate1.lic\n  \
        vultus-issuer issue ... --for ORDER --request *.req --out-dir licences/\n\n\
        The same device gets the same bytes again and no seat is used. A replaced device needs a\n\
        new seat. A device that has a larger licence of the same customer is refused: ask for that\n\
        one again.")]
    Issue(IssueArgs),
    /// Revoke a licence, or sign the list of everything revoked.
    #[command(after_help = "Examples:\n  \
        vultus-issuer revoke --ledger ledger.db --key vendor.key LICENCE --reason \"charge-back\"\n  \
        vultus-issuer revoke --ledger ledger.db --key vendor.key --list revoked.vrl\n\n\
        A device learns of it only from the list or from a new licence. The seat stays used.")]
    Revoke(RevokeArgs),
    /// Make, check and show a ledger.
    Ledger(LedgerArgs),
}

#[derive(Args)]
pub(crate) struct KeyArgs {
    /// The signing key's file.
    #[arg(long, value_name = "FILE", env = "VULTUS_ISSUER_KEY")]
    pub(crate) key: PathBuf,
    /// File with the passphrase [default: VULTUS_ISSUER_PASSPHRASE, else it is asked for].
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct StoreArgs {
    /// The ledger: a file, or postgres://user@host/database (not encrypted: own network only).
    #[arg(long, value_name = "FILE|URL", env = "VULTUS_ISSUER_LEDGER", hide_env_values = true, value_parser = location)]
    pub(crate) ledger: Location,
}

#[derive(Args)]
pub(crate) struct WriteArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
}

#[derive(Args)]
pub(crate) struct KeygenArgs {
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    /// First second at which the key issues [default: now].
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) from: Option<UnixSeconds>,
    /// Last second at which the key issues [default: three years after --from].
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) until: Option<UnixSeconds>,
    /// What the key may sign.
    #[arg(
        long,
        value_enum,
        value_name = "ROLE",
        value_delimiter = ',',
        default_value = "licence,revocation"
    )]
    pub(crate) roles: Vec<RoleArg>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum RoleArg {
    /// Licences.
    Licence,
    /// Revocation lists.
    Revocation,
}

#[derive(Args)]
pub(crate) struct ScopeArgs {
    /// Platform that licences name; repeat for more [default: all].
    #[arg(long = "platform", value_name = "NAME", value_parser = platform)]
    pub(crate) platforms: Vec<Platform>,
    /// Highest major version of the SDK that licences reach [default: this version's].
    #[arg(long, value_name = "N")]
    pub(crate) sdk_major: Option<u16>,
    /// Most faces in a device's gallery, 1 to 3000000 [default: the SDK's own limit].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_000_000))]
    pub(crate) gallery_max: Option<u32>,
}

#[derive(Args)]
pub(crate) struct OrderArgs {
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    /// The customer's account code: 1 to 64 of a-z 0-9 . _ -
    #[arg(long, value_name = "CODE")]
    pub(crate) customer: String,
    /// What is bought: detect, liveness or recognise.
    #[arg(long, value_name = "SKU", value_parser = tier)]
    pub(crate) sku: Tier,
    /// Seats, 50 to 1000000.
    #[arg(long, value_name = "N")]
    pub(crate) quantity: u32,
    /// The total in fen that a quote agreed on; above 10000 seats only.
    #[arg(long, value_name = "FEN")]
    pub(crate) total_fen: Option<u64>,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}

#[derive(Args)]
pub(crate) struct TrialArgs {
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    /// The customer's account code: 1 to 64 of a-z 0-9 . _ -
    #[arg(long, value_name = "CODE")]
    pub(crate) customer: String,
    /// What is tried: detect, liveness or recognise.
    #[arg(long, value_name = "SKU", value_parser = tier)]
    pub(crate) sku: Tier,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}

/// A kind of liveness.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum LivenessArg {
    /// Infrared.
    Infrared,
    /// 3D structured light.
    StructuredLight,
    /// Colour pictures alone.
    Monocular,
}

#[derive(Args)]
pub(crate) struct IssueArgs {
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    /// The order or trial that the licences come from.
    #[arg(long = "for", value_name = "ID", value_parser = order_id)]
    pub(crate) source: OrderId,
    /// Request files of devices.
    #[arg(long = "request", value_name = "FILE", required = true, num_args = 1..)]
    pub(crate) requests: Vec<PathBuf>,
    /// Kind of liveness: one for liveness, one or more (repeated) for recognise, none for detect.
    #[arg(long, value_enum, value_name = "KIND")]
    pub(crate) liveness: Vec<LivenessArg>,
    /// The device has no clock that runs while it is off (matters to trials only).
    #[arg(long)]
    pub(crate) without_rtc: bool,
    /// Write the licence here (one request only); never over another file [default: printed].
    #[arg(long, value_name = "FILE", conflicts_with = "out_dir")]
    pub(crate) out: Option<PathBuf>,
    /// Write each licence into this folder, under its id.
    #[arg(long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
    /// Write the binary form instead of the text form.
    #[arg(long)]
    pub(crate) binary: bool,
}

#[derive(Args)]
pub(crate) struct RevokeArgs {
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    /// The licence.
    #[arg(value_name = "LICENCE", value_parser = licence_id, required_unless_present = "list", requires = "reason")]
    pub(crate) licence: Option<LicenceId>,
    /// Why, in 1 to 500 bytes.
    #[arg(long, value_name = "TEXT", requires = "licence")]
    pub(crate) reason: Option<String>,
    /// Write the signed list of everything revoked here; never over another file.
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct LedgerArgs {
    #[command(subcommand)]
    pub(crate) what: LedgerCommand,
}

#[derive(Subcommand)]
pub(crate) enum LedgerCommand {
    /// Make an empty ledger that belongs to a key.
    #[command(
        after_help = "Example:\n  vultus-issuer ledger init --ledger ledger.db --key vendor.key"
    )]
    Init(WriteArgs),
    /// Check every record and every rule, and recompute every balance.
    #[command(after_help = "Example:\n  \
        vultus-issuer ledger verify --ledger ledger.db --key vendor.key --expect-head 5f0c...\n\n\
        Needs no passphrase: the public halves in the key file suffice.")]
    Verify(VerifyArgs),
    /// Show orders, seats, trials, licences and totals. Checks the ledger first.
    #[command(
        after_help = "Example:\n  vultus-issuer ledger report --ledger ledger.db --key vendor.key"
    )]
    Report(ReadArgs),
    /// Hand the ledger over to a new key; the old one signs nothing after that.
    #[command(after_help = "Example:\n  \
        vultus-issuer ledger adopt-key --ledger ledger.db --key vendor.key --new-key next.key")]
    AdoptKey(AdoptArgs),
}

#[derive(Args)]
pub(crate) struct ReadArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// The key file whose ledger it is. No passphrase is needed.
    #[arg(long, value_name = "FILE", env = "VULTUS_ISSUER_KEY")]
    pub(crate) key: PathBuf,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// A head noted earlier; it must be in the ledger.
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub(crate) expect_head: Option<Hash>,
}

#[derive(Args)]
pub(crate) struct AdoptArgs {
    #[command(flatten)]
    pub(crate) write: WriteArgs,
    /// The new key's file.
    #[arg(long, value_name = "FILE")]
    pub(crate) new_key: PathBuf,
    /// File with the new key's passphrase [default: the old key's passphrase].
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
}

impl IssueArgs {
    /// The kinds as a set; `None` with one named twice.
    pub(crate) fn kinds(&self) -> Option<LivenessKinds> {
        let mut kinds = LivenessKinds::NONE;
        for kind in &self.liveness {
            let has = match kind {
                LivenessArg::Infrared => &mut kinds.infrared,
                LivenessArg::StructuredLight => &mut kinds.structured_light,
                LivenessArg::Monocular => &mut kinds.monocular,
            };
            if std::mem::replace(has, true) {
                return None;
            }
        }
        Some(kinds)
    }
}

impl ScopeArgs {
    pub(crate) fn scope(&self) -> vultus_issuer::entry::Scope {
        let named = if self.platforms.is_empty() {
            &Platform::ALL[..]
        } else {
            &self.platforms
        };
        vultus_issuer::entry::Scope {
            platforms: named
                .iter()
                .copied()
                .fold(Platforms::default(), Platforms::with),
            sdk_major_max: self.sdk_major.unwrap_or(own_major()),
            gallery_max: self.gallery_max,
        }
    }
}

fn own_major() -> u16 {
    env!("CARGO_PKG_VERSION_MAJOR").parse().unwrap_or(0)
}

#[expect(clippy::unnecessary_wraps, reason = "the form that clap asks for")]
fn location(text: &str) -> Result<Location, String> {
    Ok(Location::parse(text))
}

fn tier(text: &str) -> Result<Tier, String> {
    Tier::from_name(text).ok_or_else(|| "use detect, liveness or recognise".to_owned())
}

fn platform(text: &str) -> Result<Platform, String> {
    Platform::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Platform::ALL.iter().map(|p| p.name()).collect();
        format!("use one of {}", names.join(", "))
    })
}

fn time(text: &str) -> Result<UnixSeconds, String> {
    humantime::parse_rfc3339(text)
        .ok()
        .and_then(UnixSeconds::from_system)
        .ok_or_else(|| "use a time like 2026-01-31T00:00:00Z".to_owned())
}

fn order_id(text: &str) -> Result<OrderId, String> {
    id(text).map(OrderId)
}

fn licence_id(text: &str) -> Result<LicenceId, String> {
    id(text).map(LicenceId)
}

fn id(text: &str) -> Result<[u8; 16], String> {
    vultus_issuer::parse_id(text).ok_or_else(|| "an id has 32 hexadecimal digits".to_owned())
}

fn hash(text: &str) -> Result<Hash, String> {
    Hash::from_hex(text).ok_or_else(|| "a head has 64 hexadecimal digits".to_owned())
}
