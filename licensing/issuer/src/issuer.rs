//! What a vendor does: sell, grant, issue, revoke.

use crate::book::{Decision, Issued, fingerprint_for};
use crate::customer::Customer;
use crate::entry::{Entry, Grant, Issue, IssueRequest, KeyChange, List, Order, Revocation, Scope};
use crate::environment::{Clock, Entropy, random};
use crate::error::IssuerError;
use crate::ledger::{Ledger, Step};
use crate::price;
use crate::refusal::Refusal;
use crate::signer::Signer;
use std::fmt;
use vultus_licensing::licence::{LicenceId, OrderId, Tier};
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::request::Request;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::signed_licence;
use vultus_licensing::time::UnixSeconds;

/// A device's clock that is further off than this, in seconds, brings a warning: 30 days.
pub const REQUEST_AGE_WARNING: u64 = 30 * 86_400;

/// A ledger, the keys that write to it, and what they take from the outside.
pub struct Issuer<'a> {
    ledger: Ledger,
    signer: &'a Signer,
    clock: &'a dyn Clock,
    entropy: &'a dyn Entropy,
}

/// What a customer buys.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// Who.
    pub customer: Customer,
    /// What.
    pub tier: Tier,
    /// How many seats.
    pub quantity: u32,
    /// The total in fen that a quote agreed on.
    pub agreed_fen: Option<u64>,
    /// For which devices.
    pub scope: Scope,
}

/// A licence that was issued now or before.
#[derive(Clone, Debug)]
pub struct IssuedLicence {
    /// The licence's name in the ledger.
    pub licence_id: LicenceId,
    /// Its signed bytes.
    pub bytes: Vec<u8>,
    /// Whether these are the bytes of an earlier issue, and no seat was used.
    pub reissued: bool,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
}

/// Something odd that does not stop an issue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Warning {
    /// The device's clock, or the request's age, is more than 30 days off.
    RequestAge {
        /// When the request says it was made.
        created_at: UnixSeconds,
    },
}

impl<'a> Issuer<'a> {
    /// Works on a ledger that is kept with this signer's keys.
    #[must_use]
    pub fn new(
        ledger: Ledger,
        signer: &'a Signer,
        clock: &'a dyn Clock,
        entropy: &'a dyn Entropy,
    ) -> Self {
        Self {
            ledger,
            signer,
            clock,
            entropy,
        }
    }

    /// The ledger.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Enters an order at its list price, or at the total that was agreed.
    ///
    /// # Errors
    /// A [`Refusal`], or the ledger's error.
    pub fn order(&mut self, purchase: &Purchase) -> Result<Order, IssuerError> {
        let id = OrderId(random(self.entropy)?);
        self.ledger.transact(self.signer, self.clock, |_, _| {
            let total = price::total(purchase.tier, purchase.quantity, purchase.agreed_fen)?;
            let order = Order {
                id,
                customer: purchase.customer.clone(),
                tier: purchase.tier,
                quantity: purchase.quantity,
                total_fen: total.fen(),
                scope: purchase.scope,
            };
            Ok(Step::Write(Entry::Order(order.clone()), order))
        })
    }

    /// Grants a trial. Its sixty days begin now, for all of its devices.
    ///
    /// # Errors
    /// [`Refusal::LedgerTrialUsed`], another [`Refusal`], or the ledger's error.
    pub fn trial(
        &mut self,
        customer: &Customer,
        tier: Tier,
        scope: Scope,
    ) -> Result<Grant, IssuerError> {
        let id = OrderId(random(self.entropy)?);
        self.ledger.transact(self.signer, self.clock, |_, time| {
            let grant = Grant {
                id,
                customer: customer.clone(),
                tier,
                expires_at: time.plus(TRIAL_SECONDS),
                scope,
            };
            Ok(Step::Write(Entry::Trial(grant.clone()), grant))
        })
    }

    /// Hands out the licence of a device: a new one, or the same bytes again when the device has
    /// exactly this licence.
    ///
    /// # Errors
    /// A [`Refusal`], or the ledger's error.
    pub fn issue(&mut self, request: &IssueRequest) -> Result<IssuedLicence, IssuerError> {
        let licence_id = LicenceId(random(self.entropy)?);
        let fingerprint = fingerprint_for(&request.device)?;
        let signer = self.signer;
        self.ledger.transact(signer, self.clock, |book, time| {
            let warnings = warnings(&request.device, time);
            if let Decision::Existing(issued) = book.judge(time, request, &fingerprint)? {
                return Ok(Step::Done(reissue(issued, warnings)));
            }
            let mut issue = Issue {
                licence_id,
                request: request.clone(),
                fingerprint: fingerprint.clone(),
                licence: Vec::new(),
            };
            let content = book.licence_for(time, &issue)?;
            let key = signer.public().id();
            issue.licence =
                signed_licence::seal(&content, key, |message| signer.sign_file(message))
                    .map_err(IssuerError::Format)?;
            let licence = IssuedLicence {
                licence_id,
                bytes: issue.licence.clone(),
                reissued: false,
                warnings,
            };
            Ok(Step::Write(Entry::Issue(issue), licence))
        })
    }

    /// Enters that a licence is revoked. Devices learn of it from the next list, or from a licence
    /// that carries it; its seat stays used.
    ///
    /// # Errors
    /// A [`Refusal`], or the ledger's error.
    pub fn revoke(&mut self, licence: LicenceId, reason: &str) -> Result<(), IssuerError> {
        self.ledger.transact(self.signer, self.clock, |_, _| {
            let revocation = Revocation {
                licence,
                reason: reason.to_owned(),
            };
            Ok(Step::Write(Entry::Revoke(revocation), ()))
        })
    }

    /// Signs a list of everything revoked until now, with the next number.
    ///
    /// # Errors
    /// A [`Refusal`], or the ledger's error.
    pub fn revocation_list(&mut self) -> Result<(RevocationList, Vec<u8>), IssuerError> {
        let signer = self.signer;
        self.ledger.transact(signer, self.clock, |book, time| {
            let number = book.list_number() + 1;
            let list = book.revocation_list(time, number);
            let mut signature = None;
            let bytes = list
                .seal(signer.public().id(), |message| {
                    *signature.insert(signer.sign_file(message))
                })
                .map_err(IssuerError::Format)?;
            let Some(signature) = signature else {
                return Err(Refusal::RevocationListFull.into());
            };
            let entry = Entry::List(List { number, signature });
            Ok(Step::Write(entry, (list, bytes)))
        })
    }

    /// Hands the ledger over to another key. From the next record on, that key signs.
    ///
    /// # Errors
    /// [`Refusal::KeyInUse`], or the ledger's error.
    pub fn adopt(mut self, successor: &Signer) -> Result<Ledger, IssuerError> {
        self.ledger.transact(self.signer, self.clock, |book, _| {
            let Some(&ledger) = book.ledger_id() else {
                return Err(IssuerError::WrongKey);
            };
            let keys = *successor.public();
            Ok(Step::Write(Entry::Key(KeyChange { ledger, keys }), ()))
        })?;
        Ok(self.ledger)
    }
}

impl fmt::Debug for Issuer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer")
            .field("ledger", &self.ledger)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

fn reissue(issued: &Issued, warnings: Vec<Warning>) -> IssuedLicence {
    IssuedLicence {
        licence_id: issued.licence_id,
        bytes: issued.licence.clone(),
        reissued: true,
        warnings,
    }
}

fn warnings(request: &Request, now: UnixSeconds) -> Vec<Warning> {
    let created_at = request.created_at;
    let off = now.since(created_at).max(created_at.since(now));
    if off > REQUEST_AGE_WARNING {
        vec![Warning::RequestAge { created_at }]
    } else {
        Vec::new()
    }
}
