//! The rules for everything but licences, which are in [`super::licensing`].

use super::Book;
use crate::entry::{Entry, Grant, KeyChange, List, Order, REASON_MAX, Revocation, Scope};
use crate::hex;
use crate::price::{self, LISTED_MAX};
use crate::refusal::Refusal;
use vultus_licensing::licence::OrderId;
use vultus_licensing::platform::{Platform, Platforms};
use vultus_licensing::policy::{PolicyFault, TRIAL_SECONDS};
use vultus_licensing::revocation::LIST_MAX;
use vultus_licensing::time::UnixSeconds;

/// Largest gallery that a licence can allow.
pub const GALLERY_MAX: u32 = 3_000_000;
/// Seconds by which a clock may be behind the ledger: two computers never agree exactly. Such a
/// record takes the time of the one before it.
pub const CLOCK_TOLERANCE: u64 = 600;

impl Book {
    /// Whether the entry may be added at this time.
    ///
    /// # Errors
    /// The first rule that says no.
    pub fn check(&self, time: UnixSeconds, entry: &Entry) -> Result<(), Refusal> {
        match entry {
            Entry::Key(change) => self.check_key(change),
            Entry::Order(order) => self.check_order(order),
            Entry::Trial(grant) => self.check_grant(time, grant),
            Entry::Issue(issue) => self.licence_for(time, issue).map(|_| ()),
            Entry::Revoke(revocation) => self.check_revocation(revocation),
            Entry::List(list) => self.check_list(time, list),
        }
    }

    /// The time of the next record when the clock shows `clock`.
    ///
    /// # Errors
    /// [`Refusal::ClockBehindLedger`] beyond [`CLOCK_TOLERANCE`].
    pub fn next_time(&self, clock: UnixSeconds) -> Result<UnixSeconds, Refusal> {
        let behind = self.now.since(clock);
        if behind > CLOCK_TOLERANCE {
            return Err(Refusal::ClockBehindLedger { behind });
        }
        Ok(clock.max(self.now))
    }

    fn check_key(&self, change: &KeyChange) -> Result<(), Refusal> {
        let Some((ledger, keys)) = &self.key else {
            return Ok(());
        };
        if *ledger != change.ledger {
            return Err(Refusal::OtherLedger);
        }
        if keys.issuing == change.keys.issuing || keys.ledger == change.keys.ledger {
            return Err(Refusal::KeyInUse);
        }
        Ok(())
    }

    fn check_id(&self, id: OrderId) -> Result<(), Refusal> {
        if self.order(id).is_some() || self.grant(id).is_some() {
            return Err(Refusal::IdTaken(hex::write(&id.0)));
        }
        Ok(())
    }

    fn check_order(&self, order: &Order) -> Result<(), Refusal> {
        self.check_id(order.id)?;
        check_scope(&order.scope)?;
        let quantity = order.quantity;
        let agreed = (quantity > LISTED_MAX).then_some(order.total_fen);
        if price::total(order.tier, quantity, agreed)?.fen() != order.total_fen {
            return Err(Refusal::PriceFixed { quantity });
        }
        Ok(())
    }

    fn check_grant(&self, time: UnixSeconds, grant: &Grant) -> Result<(), Refusal> {
        self.check_id(grant.id)?;
        check_scope(&grant.scope)?;
        if grant.expires_at != time.plus(TRIAL_SECONDS) {
            return Err(Refusal::Policy(PolicyFault::TrialLength));
        }
        let earlier = self.grants.iter().find(|account| {
            account.grant.tier == grant.tier && account.grant.customer == grant.customer
        });
        match earlier {
            None => Ok(()),
            Some(account) => Err(Refusal::LedgerTrialUsed {
                tier: grant.tier,
                granted_at: account.at,
            }),
        }
    }

    fn check_revocation(&self, revocation: &Revocation) -> Result<(), Refusal> {
        let id = revocation.licence;
        let reason = &revocation.reason;
        if reason.is_empty() || reason.len() > REASON_MAX || reason.chars().any(char::is_control) {
            return Err(Refusal::Reason);
        }
        match self.devices.licence(id) {
            None => Err(Refusal::UnknownLicence(id)),
            Some(licence) if licence.revoked => Err(Refusal::AlreadyRevoked(id)),
            Some(_) if self.revoked.len() >= LIST_MAX => Err(Refusal::RevocationListFull),
            Some(_) => Ok(()),
        }
    }

    fn check_list(&self, time: UnixSeconds, list: &List) -> Result<(), Refusal> {
        if list.number != self.list_number + 1 {
            return Err(Refusal::IdTaken(format!("list {}", list.number)));
        }
        self.check_window(time)?;
        match self.keys() {
            Some(keys) if keys.terms.revocations => Ok(()),
            _ => Err(Refusal::KeyRole("revocation")),
        }
    }
}

fn check_scope(scope: &Scope) -> Result<(), Refusal> {
    let known = Platform::ALL
        .into_iter()
        .fold(Platforms::default(), Platforms::with);
    if scope.platforms.0 == 0 || scope.platforms.0 & !known.0 != 0 {
        return Err(Refusal::Platforms);
    }
    match scope.gallery_max {
        Some(max) if !(1..=GALLERY_MAX).contains(&max) => Err(Refusal::GalleryMax(max)),
        _ => Ok(()),
    }
}
