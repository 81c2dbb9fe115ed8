//! Which device has which licence.

use crate::customer::Customer;
use crate::entry::Issue;
use std::collections::HashMap;
use vultus_licensing::fingerprint::{Component, Fingerprint, LicensedFingerprint};
use vultus_licensing::licence::{LicenceId, LivenessKinds, Nonce, OrderId, Tier};
use vultus_licensing::platform::Platform;
use vultus_licensing::time::UnixSeconds;

/// A licence that was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Names it.
    pub licence_id: LicenceId,
    /// The order or grant.
    pub source: OrderId,
    /// Whose.
    pub customer: Customer,
    /// The SKU.
    pub tier: Tier,
    /// The kinds of liveness.
    pub liveness: LivenessKinds,
    /// End of a trial; `None` for a permanent licence.
    pub expires_at: Option<UnixSeconds>,
    /// When.
    pub at: UnixSeconds,
    /// Where it runs.
    pub platform: Platform,
    /// The device, as the licence names it.
    pub fingerprint: LicensedFingerprint,
    /// Everything that the device offered.
    pub offered: Fingerprint,
    /// The request's number.
    pub nonce: Nonce,
    /// The signed bytes.
    pub licence: Vec<u8>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl Issued {
    /// Whether the licence carries a SKU with these kinds of liveness: recognise carries liveness
    /// carries detect, and a kind is only carried by itself.
    #[must_use]
    pub fn covers(&self, tier: Tier, liveness: LivenessKinds) -> bool {
        self.tier.code() >= tier.code() && liveness.bits() & !self.liveness.bits() == 0
    }

    /// Whether it is exactly this SKU with these kinds.
    #[must_use]
    pub fn is(&self, tier: Tier, liveness: LivenessKinds) -> bool {
        self.tier == tier && self.liveness == liveness
    }

    /// Whether a device with this fingerprint could use the licence.
    #[must_use]
    pub fn fits(&self, device: &Fingerprint) -> bool {
        self.fingerprint.explain(device).is_accepted()
    }

    /// Whether it may be the same device even if it hides parts: either side, taken as the
    /// licensed one, accepts what the other offered.
    #[must_use]
    pub fn may_be(&self, offered: &Fingerprint, licensed: &LicensedFingerprint) -> bool {
        self.fits(offered) || licensed.explain(&self.offered).is_accepted()
    }
}

/// Every licence, found by the parts of its device.
#[derive(Clone, Debug, Default)]
pub(super) struct Devices {
    all: Vec<Issued>,
    places: HashMap<LicenceId, usize>,
    /// A match needs a matching anchor, so licences are looked up by anchors alone.
    anchors: HashMap<Component, Vec<usize>>,
    nonces: HashMap<Nonce, Vec<usize>>,
}

impl Devices {
    pub(super) fn all(&self) -> &[Issued] {
        &self.all
    }

    pub(super) fn licence(&self, id: LicenceId) -> Option<&Issued> {
        self.places.get(&id).map(|&i| &self.all[i])
    }

    /// Licences that share an anchor with the device, the oldest first, each once.
    pub(super) fn near(&self, device: &Fingerprint) -> Vec<&Issued> {
        let mut places: Vec<usize> = device
            .components()
            .iter()
            .filter_map(|component| self.anchors.get(component))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|i| &self.all[i]).collect()
    }

    /// Licences that answer requests with this number.
    pub(super) fn with_nonce(&self, nonce: Nonce) -> impl Iterator<Item = &Issued> {
        self.nonces
            .get(&nonce)
            .into_iter()
            .flatten()
            .map(|&i| &self.all[i])
    }

    pub(super) fn add(
        &mut self,
        issue: &Issue,
        customer: &Customer,
        tier: Tier,
        expires_at: Option<UnixSeconds>,
        at: UnixSeconds,
    ) {
        let place = self.all.len();
        for component in &issue.request.device.components {
            if component.kind().is_anchor() {
                self.anchors.entry(*component).or_default().push(place);
            }
        }
        self.places.insert(issue.licence_id, place);
        self.nonces
            .entry(issue.request.device.nonce)
            .or_default()
            .push(place);
        self.all.push(Issued {
            licence_id: issue.licence_id,
            source: issue.request.source,
            customer: customer.clone(),
            tier,
            liveness: issue.request.liveness,
            expires_at,
            at,
            platform: issue.request.device.platform,
            fingerprint: issue.fingerprint.clone(),
            offered: Fingerprint::new(issue.request.device.components.clone()),
            nonce: issue.request.device.nonce,
            licence: issue.licence.clone(),
            revoked: false,
        });
    }

    pub(super) fn revoke(&mut self, id: LicenceId) {
        if let Some(&place) = self.places.get(&id) {
            self.all[place].revoked = true;
        }
    }
}
