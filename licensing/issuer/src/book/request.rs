//! What a request must be before any order or trial is looked at.

use crate::entry::Scope;
use crate::refusal::Refusal;
use vultus_licensing::fingerprint::{Component, LicensedFingerprint, WeakFingerprint};
use vultus_licensing::licence::{LivenessKinds, Tier};
use vultus_licensing::request::Request;

/// A digest with fewer distinct bytes was never a hash.
const DISTINCT_MIN: usize = 4;

pub(super) fn check_liveness(tier: Tier, kinds: LivenessKinds) -> Result<(), Refusal> {
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

pub(super) fn check_request(request: &Request, scope: &Scope) -> Result<(), Refusal> {
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

pub(super) fn check_fingerprint(
    request: &Request,
    licensed: &LicensedFingerprint,
) -> Result<(), Refusal> {
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
