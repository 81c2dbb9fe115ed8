//! What a record says.

use crate::customer::Customer;
use crate::signer::{PublicKeys, Signature};
use vultus_licensing::fingerprint::LicensedFingerprint;
use vultus_licensing::licence::{LicenceId, LivenessKinds, OrderId, Tier};
use vultus_licensing::platform::Platforms;
use vultus_licensing::request::Request;
use vultus_licensing::time::UnixSeconds;

/// Names a ledger, chosen at random when it is made.
pub type LedgerId = [u8; 16];

/// Longest reason of a revocation in bytes.
pub const REASON_MAX: usize = 500;

/// The content of a record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entry {
    /// The keys from here on. The first record of every ledger is one, signed with its own key; a
    /// later one is signed with the key before.
    Key(KeyChange),
    /// Seats were sold.
    Order(Order),
    /// A trial was granted.
    Trial(Grant),
    /// A licence was issued.
    Issue(Issue),
    /// A licence was revoked.
    Revoke(Revocation),
    /// A revocation list was signed.
    List(List),
}

/// Which keys sign.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyChange {
    /// The ledger.
    pub ledger: LedgerId,
    /// The keys.
    pub keys: PublicKeys,
}

/// What licences of an order or a trial carry beside their SKU.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Scope {
    /// Where they may run.
    pub platforms: Platforms,
    /// Highest major version of the SDK.
    pub sdk_major_max: u16,
    /// Most faces in a gallery, 1 to 3 000 000.
    pub gallery_max: Option<u32>,
}

/// An order of seats.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Order {
    /// Names it.
    pub id: OrderId,
    /// Who bought.
    pub customer: Customer,
    /// What.
    pub tier: Tier,
    /// How many seats.
    pub quantity: u32,
    /// For how much, in fen.
    pub total_fen: u64,
    /// For which devices.
    pub scope: Scope,
}

/// A trial of three devices.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grant {
    /// Names it.
    pub id: OrderId,
    /// Who tries.
    pub customer: Customer,
    /// What.
    pub tier: Tier,
    /// First second at which it is over, for all its devices.
    pub expires_at: UnixSeconds,
    /// For which devices.
    pub scope: Scope,
}

/// What a licence is asked for with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IssueRequest {
    /// The order or the grant.
    pub source: OrderId,
    /// The kinds of liveness chosen for the device.
    pub liveness: LivenessKinds,
    /// The device has no clock that runs while it is off.
    pub without_rtc: bool,
    /// The device's request.
    pub device: Request,
}

/// A licence and the request that it answers. Everything else in it follows from the ledger.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issue {
    /// Names the licence.
    pub licence_id: LicenceId,
    /// What it answers.
    pub request: IssueRequest,
    /// The parts of the request that the licence names, and the weight that must match. Written
    /// down, because how they are chosen may change between versions, and old records stay.
    pub fingerprint: LicensedFingerprint,
    /// The signed licence, in binary form.
    pub licence: Vec<u8>,
}

/// A licence's end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revocation {
    /// Which.
    pub licence: LicenceId,
    /// Why: 1 to 500 bytes without control characters.
    pub reason: String,
}

/// A signed list of everything revoked until then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct List {
    /// 1 and rising.
    pub number: u64,
    /// The list's signature.
    pub signature: Signature,
}

impl Entry {
    /// The number of the kind of entry in a record. Never reused.
    #[must_use]
    pub const fn kind(&self) -> u8 {
        match self {
            Self::Key(_) => 1,
            Self::Order(_) => 2,
            Self::Trial(_) => 3,
            Self::Issue(_) => 4,
            Self::Revoke(_) => 5,
            Self::List(_) => 6,
        }
    }
}
