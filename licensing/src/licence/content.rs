//! What a licence says.

use super::{CustomerId, LicenceId, LivenessKinds, Nonce, OrderId, Tier};
use crate::capability::{Capabilities, Capability};
use crate::fingerprint::LicensedFingerprint;
use crate::platform::Platforms;
use crate::time::UnixSeconds;

/// Most revoked licences that a licence can carry along.
pub const REVOKED_MAX: usize = 64;

/// How long a licence lasts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Term {
    /// Until this second, excluded.
    Trial {
        /// First second at which the trial is over.
        expires_at: UnixSeconds,
    },
    /// For ever, whatever the clock says.
    Permanent,
}

/// The content of a licence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Licence {
    /// Names the licence.
    pub licence_id: LicenceId,
    /// The order or trial grant behind it.
    pub order_id: OrderId,
    /// Who bought it.
    pub customer_id: CustomerId,
    /// What was bought.
    pub tier: Tier,
    /// The kinds of liveness it carries.
    pub liveness: LivenessKinds,
    /// How long it lasts.
    pub term: Term,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// Where it may run.
    pub platforms: Platforms,
    /// Highest major version of the SDK.
    pub sdk_major_max: u16,
    /// Most faces in a gallery, where the licence sets a limit.
    pub gallery_max: Option<u32>,
    /// The device.
    pub fingerprint: LicensedFingerprint,
    /// The request that it answers.
    pub nonce: Nonce,
    /// The device has no clock that runs while it is off.
    pub without_rtc: bool,
    /// Licences that the vendor has revoked until then, at most [`REVOKED_MAX`].
    pub revoked: Vec<LicenceId>,
}

impl Licence {
    /// What the licence lets its device do.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        let pairs = [
            (Capability::Detect, true),
            (Capability::LiveInfrared, self.liveness.infrared),
            (
                Capability::LiveStructuredLight,
                self.liveness.structured_light,
            ),
            (Capability::LiveMonocular, self.liveness.monocular),
            (Capability::Recognise, self.tier == Tier::Recognise),
        ];
        pairs
            .into_iter()
            .filter_map(|(capability, has)| has.then_some(capability))
            .collect()
    }
}
