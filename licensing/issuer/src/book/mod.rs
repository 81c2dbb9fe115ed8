//! The state that the records add up to, and the rules by which one more may be added.
//!
//! [`Book::check`] is the only judge: an operation asks it before it signs, the replay of a ledger
//! asks it again for every record.

mod devices;
mod licensing;
mod rules;

pub use devices::Issued;
pub use licensing::{Verdict, fingerprint_for};
pub use rules::{CLOCK_TOLERANCE, GALLERY_MAX, TRIAL_DEVICES};

use crate::entry::{Entry, Grant, LedgerId, Order};
use crate::signer::PublicKeys;
use devices::Devices;
use std::collections::HashMap;
use vultus_licensing::licence::{LicenceId, OrderId};
use vultus_licensing::time::UnixSeconds;

/// An order and what became of it.
#[derive(Clone, Debug)]
pub struct OrderAccount {
    /// The order.
    pub order: Order,
    /// When it was entered.
    pub at: UnixSeconds,
    /// Seats used. Never falls.
    pub used: u32,
}

impl OrderAccount {
    /// Seats that are left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.order.quantity.saturating_sub(self.used)
    }
}

/// A trial grant and what became of it.
#[derive(Clone, Debug)]
pub struct GrantAccount {
    /// The grant.
    pub grant: Grant,
    /// When it was entered.
    pub at: UnixSeconds,
    /// Devices bound. Never falls.
    pub devices: u32,
}

/// A revoked licence.
#[derive(Clone, Debug)]
pub struct RevokedLicence {
    /// Which.
    pub licence: LicenceId,
    /// When.
    pub at: UnixSeconds,
    /// Why.
    pub reason: String,
}

/// Everything that a ledger says, recomputed from its records.
#[derive(Clone, Debug, Default)]
pub struct Book {
    key: Option<(LedgerId, PublicKeys)>,
    now: UnixSeconds,
    orders: Vec<OrderAccount>,
    order_places: HashMap<OrderId, usize>,
    grants: Vec<GrantAccount>,
    grant_places: HashMap<OrderId, usize>,
    devices: Devices,
    revoked: Vec<RevokedLicence>,
    list_number: u64,
}

impl Book {
    /// The keys that sign now; `None` before the first record.
    #[must_use]
    pub fn keys(&self) -> Option<&PublicKeys> {
        self.key.as_ref().map(|(_, keys)| keys)
    }

    /// The ledger's id.
    #[must_use]
    pub fn ledger_id(&self) -> Option<&LedgerId> {
        self.key.as_ref().map(|(id, _)| id)
    }

    /// Time of the last record.
    #[must_use]
    pub fn now(&self) -> UnixSeconds {
        self.now
    }

    /// Every order, the oldest first.
    #[must_use]
    pub fn orders(&self) -> &[OrderAccount] {
        &self.orders
    }

    /// Every trial, the oldest first.
    #[must_use]
    pub fn grants(&self) -> &[GrantAccount] {
        &self.grants
    }

    /// Every licence, the oldest first.
    #[must_use]
    pub fn issued(&self) -> &[Issued] {
        self.devices.all()
    }

    /// Every revoked licence, the oldest first.
    #[must_use]
    pub fn revoked(&self) -> &[RevokedLicence] {
        &self.revoked
    }

    /// Number of the last revocation list, 0 before the first.
    #[must_use]
    pub fn list_number(&self) -> u64 {
        self.list_number
    }

    fn order(&self, id: OrderId) -> Option<&OrderAccount> {
        self.order_places.get(&id).map(|&i| &self.orders[i])
    }

    fn grant(&self, id: OrderId) -> Option<&GrantAccount> {
        self.grant_places.get(&id).map(|&i| &self.grants[i])
    }

    /// Enters what [`check`](Self::check) has let through.
    pub(crate) fn enter(&mut self, time: UnixSeconds, entry: Entry) {
        self.now = time;
        match entry {
            Entry::Key(change) => self.key = Some((change.ledger, change.keys)),
            Entry::Order(order) => {
                self.order_places.insert(order.id, self.orders.len());
                self.orders.push(OrderAccount {
                    order,
                    at: time,
                    used: 0,
                });
            }
            Entry::Trial(grant) => {
                self.grant_places.insert(grant.id, self.grants.len());
                self.grants.push(GrantAccount {
                    grant,
                    at: time,
                    devices: 0,
                });
            }
            Entry::Issue(issue) => {
                if let Some(&i) = self.order_places.get(&issue.ask.source) {
                    self.orders[i].used += 1;
                    let order = &self.orders[i].order;
                    self.devices
                        .add(&issue, &order.customer, order.tier, None, time);
                } else if let Some(&i) = self.grant_places.get(&issue.ask.source) {
                    self.grants[i].devices += 1;
                    let grant = &self.grants[i].grant;
                    let expires = Some(grant.expires_at);
                    self.devices
                        .add(&issue, &grant.customer, grant.tier, expires, time);
                }
            }
            Entry::Revoke(revocation) => {
                self.devices.revoke(revocation.licence);
                self.revoked.push(RevokedLicence {
                    licence: revocation.licence,
                    at: time,
                    reason: revocation.reason,
                });
            }
            Entry::List(list) => self.list_number = list.number,
        }
    }
}
