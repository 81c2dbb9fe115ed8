//! Orders, trial grants and revoked licences, and what became of them.

use crate::entry::{Grant, Order};
use vultus_licensing::licence::LicenceId;
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
