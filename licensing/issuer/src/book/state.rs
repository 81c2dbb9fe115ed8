//! The state that the records add up to.

use super::devices::Devices;
use super::{GrantAccount, Issued, OrderAccount, RevokedLicence};
use crate::entry::{Entry, LedgerId};
use crate::signer::PublicKeys;
use std::collections::HashMap;
use vultus_licensing::licence::OrderId;
use vultus_licensing::time::UnixSeconds;

/// Everything that a ledger says, recomputed from its records.
#[derive(Clone, Debug, Default)]
pub struct Book {
    pub(super) key: Option<(LedgerId, PublicKeys)>,
    pub(super) now: UnixSeconds,
    pub(super) orders: Vec<OrderAccount>,
    order_places: HashMap<OrderId, usize>,
    pub(super) grants: Vec<GrantAccount>,
    grant_places: HashMap<OrderId, usize>,
    pub(super) devices: Devices,
    pub(super) revoked: Vec<RevokedLicence>,
    pub(super) list_number: u64,
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

    pub(super) fn order(&self, id: OrderId) -> Option<&OrderAccount> {
        self.order_places.get(&id).map(|&i| &self.orders[i])
    }

    pub(super) fn grant(&self, id: OrderId) -> Option<&GrantAccount> {
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
                if let Some(&i) = self.order_places.get(&issue.request.source) {
                    self.orders[i].used += 1;
                    let order = &self.orders[i].order;
                    self.devices
                        .add(&issue, &order.customer, order.tier, None, time);
                } else if let Some(&i) = self.grant_places.get(&issue.request.source) {
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
