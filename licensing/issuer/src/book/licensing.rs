//! Who gets a licence: the rules for orders, trials and devices.

use super::request::{check_fingerprint, check_liveness, check_request};
use super::{Book, GrantAccount, Issued, OrderAccount};
use crate::customer::Customer;
use crate::entry::{Issue, IssueRequest, Scope};
use crate::refusal::Refusal;
use vultus_licensing::fingerprint::{Fingerprint, LicensedFingerprint};
use vultus_licensing::licence::{Licence, LicenceId, OrderId, REVOKED_MAX, Term, Tier};
use vultus_licensing::policy;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::time::UnixSeconds;

/// Devices of a trial.
pub const TRIAL_DEVICES: u32 = 3;

/// What the rules say to a request.
#[derive(Debug)]
pub enum Decision<'a> {
    /// The device has exactly this licence: hand out the same bytes, use no seat.
    Existing(&'a Issued),
    /// A new licence is due.
    New(NewLicence<'a>),
}

/// What a new licence is made from.
#[derive(Debug)]
pub struct NewLicence<'a> {
    customer: &'a Customer,
    tier: Tier,
    term: Term,
    scope: &'a Scope,
}

/// The device that a licence is asked for.
struct Applicant<'a> {
    request: &'a IssueRequest,
    offered: Fingerprint,
    licensed: &'a LicensedFingerprint,
}

/// An order or a trial, as far as a licence is concerned.
enum Source<'a> {
    Order(&'a OrderAccount),
    Trial(&'a GrantAccount),
}

impl<'a> Source<'a> {
    fn parts(&self) -> (&'a Customer, Tier, &'a Scope) {
        match self {
            Self::Order(account) => {
                let order = &account.order;
                (&order.customer, order.tier, &order.scope)
            }
            Self::Trial(account) => {
                let grant = &account.grant;
                (&grant.customer, grant.tier, &grant.scope)
            }
        }
    }
}

impl Book {
    /// What the rules say to a request at this time, when a licence would name this fingerprint.
    ///
    /// # Errors
    /// The first rule that says no.
    pub fn judge(
        &self,
        time: UnixSeconds,
        request: &IssueRequest,
        licensed: &LicensedFingerprint,
    ) -> Result<Decision<'_>, Refusal> {
        let source = self.source(request.source)?;
        let (customer, tier, scope) = source.parts();
        let term = match &source {
            Source::Order(_) => Term::Permanent,
            Source::Trial(account) => {
                let expires_at = account.grant.expires_at;
                if time >= expires_at {
                    return Err(Refusal::LedgerTrialOver { at: expires_at });
                }
                Term::Trial { expires_at }
            }
        };
        check_liveness(tier, request.liveness)?;
        check_request(&request.device, scope)?;
        check_fingerprint(&request.device, licensed)?;
        let applicant = Applicant {
            request,
            offered: Fingerprint::new(request.device.components.clone()),
            licensed,
        };
        self.check_nonce(&applicant)?;
        let existing = match &source {
            Source::Order(account) => self.permanent(account, &applicant)?,
            Source::Trial(account) => self.trial(account, &applicant)?,
        };
        if let Some(issued) = existing {
            return Ok(Decision::Existing(issued));
        }
        self.check_window(time)?;
        if !self.keys().is_some_and(|keys| keys.terms.licences) {
            return Err(Refusal::KeyRole("licence"));
        }
        Ok(Decision::New(NewLicence {
            customer,
            tier,
            term,
            scope,
        }))
    }

    /// The content of the licence that an issue stands for.
    ///
    /// # Errors
    /// The rule that says no; [`Refusal::LedgerAlreadyCovered`] when the device has it already.
    pub fn licence_for(&self, time: UnixSeconds, issue: &Issue) -> Result<Licence, Refusal> {
        if self.devices.licence(issue.licence_id).is_some() {
            return Err(Refusal::IdTaken(issue.licence_id.to_string()));
        }
        let due = match self.judge(time, &issue.request, &issue.fingerprint)? {
            Decision::Existing(issued) => {
                return Err(Refusal::LedgerAlreadyCovered {
                    licence: issued.licence_id,
                    tier: issued.tier,
                });
            }
            Decision::New(due) => due,
        };
        let licence = Licence {
            licence_id: issue.licence_id,
            order_id: issue.request.source,
            customer_id: due.customer.id(),
            tier: due.tier,
            liveness: issue.request.liveness,
            term: due.term,
            issued_at: time,
            platforms: due.scope.platforms,
            sdk_major_max: due.scope.sdk_major_max,
            gallery_max: due.scope.gallery_max,
            fingerprint: issue.fingerprint.clone(),
            nonce: issue.request.device.nonce,
            without_rtc: issue.request.without_rtc,
            revoked: self.latest_revoked(),
        };
        policy::check(&licence).map_err(Refusal::Policy)?;
        Ok(licence)
    }

    /// The revocation list of everything revoked until now.
    #[must_use]
    pub fn revocation_list(&self, time: UnixSeconds, number: u64) -> RevocationList {
        RevocationList {
            number,
            issued_at: time,
            revoked: self.revoked.iter().map(|r| r.licence).collect(),
        }
    }

    /// The newest revoked licences, which new licences carry to devices.
    fn latest_revoked(&self) -> Vec<LicenceId> {
        let first = self.revoked.len().saturating_sub(REVOKED_MAX);
        self.revoked[first..].iter().map(|r| r.licence).collect()
    }

    fn source(&self, id: OrderId) -> Result<Source<'_>, Refusal> {
        let order = self.order(id).map(Source::Order);
        let found = order.or_else(|| self.grant(id).map(Source::Trial));
        found.ok_or(Refusal::UnknownOrder { id })
    }

    fn check_nonce(&self, applicant: &Applicant<'_>) -> Result<(), Refusal> {
        let nonce = applicant.request.device.nonce;
        let mut others = self.devices.with_nonce(nonce);
        if others.all(|i| i.may_be(&applicant.offered, applicant.licensed)) {
            Ok(())
        } else {
            Err(Refusal::LedgerNonceReused { nonce })
        }
    }

    /// The device's permanent licence of this very SKU. A revoked licence counts for nothing, and
    /// its seat stays used.
    fn permanent(
        &self,
        account: &OrderAccount,
        applicant: &Applicant<'_>,
    ) -> Result<Option<&Issued>, Refusal> {
        let order = &account.order;
        let (liveness, offered) = (applicant.request.liveness, &applicant.offered);
        let held: Vec<&Issued> = self
            .devices
            .near(offered)
            .into_iter()
            .filter(|i| i.expires_at.is_none() && !i.revoked)
            .filter(|i| i.customer == order.customer && i.fits(offered))
            .collect();
        if let Some(same) = held.iter().find(|i| i.is(order.tier, liveness)) {
            return Ok(Some(same));
        }
        if let Some(larger) = held.iter().find(|i| i.covers(order.tier, liveness)) {
            return Err(Refusal::LedgerAlreadyCovered {
                licence: larger.licence_id,
                tier: larger.tier,
            });
        }
        if account.left() == 0 {
            return Err(Refusal::LedgerNoSeats {
                order: order.id,
                quantity: order.quantity,
            });
        }
        Ok(None)
    }

    /// The device's licence of this very trial. A device that may have had a trial of this SKU
    /// gets no other, with any customer, whatever parts it shows this time.
    fn trial(
        &self,
        account: &GrantAccount,
        applicant: &Applicant<'_>,
    ) -> Result<Option<&Issued>, Refusal> {
        let grant = &account.grant;
        let (liveness, offered) = (applicant.request.liveness, &applicant.offered);
        let had: Vec<&Issued> = self
            .devices
            .near(offered)
            .into_iter()
            .filter(|i| {
                i.expires_at.is_some()
                    && i.tier == grant.tier
                    && i.may_be(offered, applicant.licensed)
            })
            .collect();
        let own = had
            .iter()
            .find(|i| i.source == grant.id && i.is(grant.tier, liveness) && i.fits(offered));
        match (own, had.first()) {
            (Some(own), _) if own.revoked => Err(Refusal::LedgerTrialRevoked {
                licence: own.licence_id,
            }),
            (Some(own), _) => Ok(Some(own)),
            (None, Some(other)) => Err(Refusal::LedgerDeviceTrialled {
                tier: grant.tier,
                licence: other.licence_id,
            }),
            (None, None) if account.devices >= TRIAL_DEVICES => {
                Err(Refusal::LedgerTrialLimit { grant: grant.id })
            }
            (None, None) => Ok(None),
        }
    }

    /// Devices refuse what a key signs outside its dates.
    pub(super) fn check_window(&self, time: UnixSeconds) -> Result<(), Refusal> {
        let Some(keys) = self.keys() else {
            return Err(Refusal::OtherLedger);
        };
        let (from, until) = (keys.terms.from, keys.terms.until);
        if (from..=until).contains(&time) {
            Ok(())
        } else {
            Err(Refusal::KeyWindow { from, until })
        }
    }
}
