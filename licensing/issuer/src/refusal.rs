//! What the rules refuse. Each answer has a name that never changes, says what happened and what
//! to do.

use thiserror::Error;
use vultus_licensing::fingerprint::WeakFingerprint;
use vultus_licensing::licence::{LicenceId, Nonce, OrderId, Tier};
use vultus_licensing::platform::Platform;
use vultus_licensing::policy::PolicyFault;
use vultus_licensing::time::UnixSeconds;

/// A rule says no. The ledger is unchanged.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum Refusal {
    /// Fewer seats than the smallest order.
    #[error("an order of {quantity} is below the minimum of 50: order at least 50")]
    LedgerMinimum {
        /// Seats asked for.
        quantity: u32,
    },
    /// More seats than the ledger takes.
    #[error("an order of {quantity} is above 1000000: split it")]
    LedgerMaximum {
        /// Seats asked for.
        quantity: u32,
    },
    /// The list has no price for so many.
    #[error(
        "the price of {quantity} is quoted, not listed: agree on a total and give it with --total-fen"
    )]
    QuoteNeeded {
        /// Seats asked for.
        quantity: u32,
    },
    /// The list has a price for so many.
    #[error("the price of {quantity} is listed: leave --total-fen out")]
    PriceFixed {
        /// Seats asked for.
        quantity: u32,
    },
    /// A total that was not agreed on.
    #[error("a total of {fen} fen is outside 1 to 100000000000: give the agreed total in fen")]
    QuoteRange {
        /// Fen.
        fen: u64,
    },
    /// Every seat of the order is used.
    #[error(
        "all {quantity} seats of order {order} are used: a replaced device needs a new seat, so a new order"
    )]
    LedgerNoSeats {
        /// The order.
        order: OrderId,
        /// Its seats.
        quantity: u32,
    },
    /// The device has a licence that carries all of this.
    #[error(
        "the device already has the {tier} licence {licence} of this customer, which carries all of this: ask for that one again"
    )]
    LedgerAlreadyCovered {
        /// The licence.
        licence: LicenceId,
        /// What it is.
        tier: Tier,
    },
    /// Three devices of the grant are bound.
    #[error("trial {grant} has its three devices: a fourth needs an order")]
    LedgerTrialLimit {
        /// The grant.
        grant: OrderId,
    },
    /// The customer has had this trial.
    #[error(
        "this customer had a {tier} trial on {granted_at}, and there is one a customer and SKU: further devices need an order"
    )]
    LedgerTrialUsed {
        /// The SKU.
        tier: Tier,
        /// When it was granted.
        granted_at: UnixSeconds,
    },
    /// The device has had this trial.
    #[error(
        "this device has had a {tier} trial ({licence}), with this or another customer: it needs an order now"
    )]
    LedgerDeviceTrialled {
        /// The SKU.
        tier: Tier,
        /// The earlier licence.
        licence: LicenceId,
    },
    /// The trial has ended.
    #[error("the trial ended at {at} and cannot be extended: further use needs an order")]
    LedgerTrialOver {
        /// First second at which it was over.
        at: UnixSeconds,
    },
    /// The device's licence was revoked.
    #[error(
        "licence {licence} of this device was revoked: a trial is not repeated, further use needs an order"
    )]
    LedgerTrialRevoked {
        /// The licence.
        licence: LicenceId,
    },
    /// Neither an order nor a trial grant.
    #[error("there is no order or trial {id} in this ledger: `ledger report` lists them")]
    UnknownOrder {
        /// The id.
        id: OrderId,
    },
    /// No such licence.
    #[error("there is no licence {0} in this ledger: `ledger report` lists them")]
    UnknownLicence(LicenceId),
    /// The licence is revoked.
    #[error("licence {0} is revoked already")]
    AlreadyRevoked(LicenceId),
    /// A list cannot name more.
    #[error("4000 licences are revoked, the most that a list can name: retire the signing key")]
    RevocationListFull,
    /// A reason that says nothing, or too much.
    #[error("a reason has 1 to 500 bytes of text without control characters")]
    Reason,
    /// The request does not identify a device.
    #[error("{0}: it takes a request from a device with a hardware identity")]
    FingerprintTooWeak(#[source] WeakFingerprint),
    /// The licence would name parts that the device did not offer. Only in made-up ledgers.
    #[error("the licence names parts that the request does not offer")]
    FingerprintForeign,
    /// A digest that no hash gives.
    #[error(
        "the request's {kind} is no hash of a value: the request was not made by the SDK, make it on the device"
    )]
    FingerprintJunk {
        /// The component.
        kind: vultus_licensing::fingerprint::ComponentKind,
    },
    /// Another device used the request's number.
    #[error("number {nonce} came with another device before: make a new request on this device")]
    LedgerNonceReused {
        /// The number.
        nonce: Nonce,
    },
    /// The platform was not bought.
    #[error(
        "the order does not cover {0}: order for this platform, or make the request on the right device"
    )]
    PlatformNotSold(Platform),
    /// No platform was bought, or one that is not known.
    #[error("an order names one or more of android, linux-aarch64, linux-armv7, linux-x86_64")]
    Platforms,
    /// The SDK is newer than what was bought.
    #[error(
        "the device runs version {requested} of the SDK, the order reaches version {sold}: order an upgrade or install version {sold}"
    )]
    SdkNotSold {
        /// The device's.
        requested: u16,
        /// The order's.
        sold: u16,
    },
    /// A gallery of no size, or larger than the SDK holds.
    #[error("a gallery limit of {0} is outside 1 to 3000000")]
    GalleryMax(u32),
    /// The kinds of liveness do not fit the SKU.
    #[error(
        "detect takes no --liveness, liveness takes exactly one, recognise one to three (each named once): infrared, structured-light, monocular"
    )]
    LivenessKinds,
    /// A code that is no account code.
    #[error("a customer's code has 1 to 64 of a-z 0-9 . _ - and begins with a letter or a digit")]
    CustomerCode,
    /// The signing key does not issue now.
    #[error(
        "the signing key issues from {from} until {until}: devices would refuse what it signs now; use the current key"
    )]
    KeyWindow {
        /// First second.
        from: UnixSeconds,
        /// Last second.
        until: UnixSeconds,
    },
    /// The key may not sign this.
    #[error("the signing key has no role `{0}`: use a key that has it")]
    KeyRole(&'static str),
    /// The clock is behind the ledger.
    #[error(
        "the clock is {behind} s behind the ledger's last record: set the clock right (a ledger's time never runs back)"
    )]
    ClockBehindLedger {
        /// Seconds.
        behind: u64,
    },
    /// A rule of every licence.
    #[error("the licence would break a rule of every licence: {0}")]
    Policy(PolicyFault),
    /// An id that is taken. Only in ledgers that were tampered with, or with broken randomness.
    #[error("the id {0} stands in the ledger already")]
    IdTaken(String),
    /// A record of another ledger.
    #[error("it belongs to another ledger")]
    OtherLedger,
    /// The new key is the old one.
    #[error("the ledger uses this key already")]
    KeyInUse,
}

impl Refusal {
    /// The name in `--json` and in documents; never changes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::LedgerMinimum { .. } => "LedgerMinimum",
            Self::LedgerMaximum { .. } => "LedgerMaximum",
            Self::QuoteNeeded { .. } => "QuoteNeeded",
            Self::PriceFixed { .. } => "PriceFixed",
            Self::QuoteRange { .. } => "QuoteRange",
            Self::LedgerNoSeats { .. } => "LedgerNoSeats",
            Self::LedgerAlreadyCovered { .. } => "LedgerAlreadyCovered",
            Self::LedgerTrialLimit { .. } => "LedgerTrialLimit",
            Self::LedgerTrialUsed { .. } => "LedgerTrialUsed",
            Self::LedgerDeviceTrialled { .. } => "LedgerDeviceTrialled",
            Self::LedgerTrialOver { .. } => "LedgerTrialOver",
            Self::LedgerTrialRevoked { .. } => "LedgerTrialRevoked",
            Self::UnknownOrder { .. } => "UnknownOrder",
            Self::UnknownLicence(_) => "UnknownLicence",
            Self::AlreadyRevoked(_) => "AlreadyRevoked",
            Self::RevocationListFull => "RevocationListFull",
            Self::Reason => "Reason",
            Self::FingerprintTooWeak(_) => "FingerprintTooWeak",
            Self::FingerprintForeign => "FingerprintForeign",
            Self::FingerprintJunk { .. } => "FingerprintJunk",
            Self::LedgerNonceReused { .. } => "LedgerNonceReused",
            Self::PlatformNotSold(_) => "PlatformNotSold",
            Self::Platforms => "Platforms",
            Self::SdkNotSold { .. } => "SdkNotSold",
            Self::GalleryMax(_) => "GalleryMax",
            Self::LivenessKinds => "LivenessKinds",
            Self::CustomerCode => "CustomerCode",
            Self::KeyWindow { .. } => "KeyWindow",
            Self::KeyRole(_) => "KeyRole",
            Self::ClockBehindLedger { .. } => "ClockBehindLedger",
            Self::Policy(_) => "Policy",
            Self::IdTaken(_) => "IdTaken",
            Self::OtherLedger => "OtherLedger",
            Self::KeyInUse => "KeyInUse",
        }
    }
}
