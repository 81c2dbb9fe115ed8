//! Who gets a licence: the rules for orders, trials and devices.

use super::devices::Issued;
use super::{Book, GrantAccount, OrderAccount, TRIAL_DEVICES};
use crate::customer::Customer;
use crate::entry::{Ask, Issue, Scope};
use crate::refusal::Refusal;
use vultus_licensing::fingerprint::{Component, Fingerprint, LicensedFingerprint, WeakFingerprint};
use vultus_licensing::licence::{
    Licence, LicenceId, LivenessKinds, OrderId, REVOKED_MAX, Term, Tier,
};
use vultus_licensing::policy;
use vultus_licensing::request::Request;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::time::UnixSeconds;

/// A digest with fewer distinct bytes was never a hash.
const DISTINCT_MIN: usize = 4;

/// What the rules say to an ask.
#[derive(Debug)]
pub enum Verdict<'a> {
    /// The device has exactly this licence: hand out the same bytes, use no seat.
    Existing(&'a Issued),
    /// A new licence is due.
    New(Due<'a>),
}

/// What a new licence is made from.
#[derive(Debug)]
pub struct Due<'a> {
    customer: &'a Customer,
    tier: Tier,
    term: Term,
    scope: &'a Scope,
}

/// The device that asks.
struct Asking<'a> {
    ask: &'a Ask,
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
    /// What the rules say to an ask at this time, when a licence would name this fingerprint.
    ///
    /// # Errors
    /// The first rule that says no.
    pub fn judge(
        &self,
        time: UnixSeconds,
        ask: &Ask,
        licensed: &LicensedFingerprint,
    ) -> Result<Verdict<'_>, Refusal> {
        let source = self.source(ask.source)?;
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
        check_liveness(tier, ask.liveness)?;
        check_request(&ask.request, scope)?;
        check_fingerprint(&ask.request, licensed)?;
        let asking = Asking {
            ask,
            offered: Fingerprint::new(ask.request.components.clone()),
            licensed,
        };
        self.check_nonce(&asking)?;
        let existing = match &source {
            Source::Order(account) => self.permanent(account, &asking)?,
            Source::Trial(account) => self.trial(account, &asking)?,
        };
        if let Some(issued) = existing {
            return Ok(Verdict::Existing(issued));
        }
        self.check_window(time)?;
        if !self.keys().is_some_and(|keys| keys.terms.licences) {
            return Err(Refusal::KeyRole("licence"));
        }
        Ok(Verdict::New(Due {
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
        let due = match self.judge(time, &issue.ask, &issue.fingerprint)? {
            Verdict::Existing(issued) => {
                return Err(Refusal::LedgerAlreadyCovered {
                    licence: issued.licence_id,
                    tier: issued.tier,
                });
            }
            Verdict::New(due) => due,
        };
        let licence = Licence {
            licence_id: issue.licence_id,
            order_id: issue.ask.source,
            customer_id: due.customer.id(),
            tier: due.tier,
            liveness: issue.ask.liveness,
            term: due.term,
            issued_at: time,
            platforms: due.scope.platforms,
            sdk_major_max: due.scope.sdk_major_max,
            gallery_max: due.scope.gallery_max,
            fingerprint: issue.fingerprint.clone(),
            nonce: issue.ask.request.nonce,
            without_rtc: issue.ask.without_rtc,
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

    fn check_nonce(&self, asking: &Asking<'_>) -> Result<(), Refusal> {
        let nonce = asking.ask.request.nonce;
        let mut others = self.devices.with_nonce(nonce);
        if others.all(|i| i.may_be(&asking.offered, asking.licensed)) {
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
        asking: &Asking<'_>,
    ) -> Result<Option<&Issued>, Refusal> {
        let order = &account.order;
        let (liveness, offered) = (asking.ask.liveness, &asking.offered);
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
        asking: &Asking<'_>,
    ) -> Result<Option<&Issued>, Refusal> {
        let grant = &account.grant;
        let (liveness, offered) = (asking.ask.liveness, &asking.offered);
        let had: Vec<&Issued> = self
            .devices
            .near(offered)
            .into_iter()
            .filter(|i| {
                i.expires_at.is_some() && i.tier == grant.tier && i.may_be(offered, asking.licensed)
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
}

fn check_liveness(tier: Tier, kinds: LivenessKinds) -> Result<(), Refusal> {
    let allowed = match tier {
        Tier::Detect => kinds.count() == 0,
        Tier::Liveness => kinds.count() == 1,
        Tier::Recognise => kinds.count() >= 1,
    };
    if allowed {
        Ok(())
    } else {
        Err(Refusal::LivenessKinds)
    }
}

/// The fingerprint that a licence for this request names now.
///
/// # Errors
/// [`Refusal::FingerprintTooWeak`] when the request does not identify a device.
pub fn fingerprint_for(request: &Request) -> Result<LicensedFingerprint, Refusal> {
    LicensedFingerprint::new(request.components.clone()).map_err(Refusal::FingerprintTooWeak)
}

fn check_request(request: &Request, scope: &Scope) -> Result<(), Refusal> {
    let components = &request.components;
    if let Some(junk) = components.iter().find(|c| is_junk(c)) {
        return Err(Refusal::FingerprintJunk { kind: junk.kind() });
    }
    for (i, component) in components.iter().enumerate() {
        if components[..i].contains(component) {
            let twice = WeakFingerprint::Duplicate(component.kind());
            return Err(Refusal::FingerprintTooWeak(twice));
        }
    }
    if !scope.platforms.contains(request.platform) {
        return Err(Refusal::PlatformNotSold(request.platform));
    }
    if request.sdk_major > scope.sdk_major_max {
        return Err(Refusal::SdkNotSold {
            requested: request.sdk_major,
            sold: scope.sdk_major_max,
        });
    }
    Ok(())
}

fn check_fingerprint(request: &Request, licensed: &LicensedFingerprint) -> Result<(), Refusal> {
    licensed
        .check_strength()
        .map_err(Refusal::FingerprintTooWeak)?;
    let is_offered = |component| request.components.contains(component);
    if licensed.components.iter().all(is_offered) {
        Ok(())
    } else {
        Err(Refusal::FingerprintForeign)
    }
}

fn is_junk(component: &Component) -> bool {
    let mut digest = *component.digest();
    digest.sort_unstable();
    let distinct = 1 + digest.windows(2).filter(|pair| pair[0] != pair[1]).count();
    distinct < DISTINCT_MIN
}
