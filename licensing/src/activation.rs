//! From an installed licence to a grant.

use crate::clock::{RESERVE_SECONDS, Terms};
use crate::device::Device;
use crate::error::LicenceError;
use crate::fingerprint::Explanation;
use crate::grant::{Grant, Warning};
use crate::licence::Licence;
use crate::time::UnixSeconds;
use crate::trial::{TrialWatch, terms};

/// A trial that ends within 14 days says so.
const SOON_SECONDS: u64 = 14 * 86_400;

impl Device {
    /// Checks the installed licence against this device and gives the right to run.
    ///
    /// # Errors
    /// Any [`LicenceError`]: each names one cause.
    pub fn activate(self) -> Result<Grant, LicenceError> {
        let licence = self.installed()?.licence().clone();
        let explanation = self.check_device(&licence)?;
        let mut warnings = Vec::new();
        if explanation.matched_weight() < explanation.total_weight {
            warnings.push(Warning::PartsChanged(explanation));
        }
        match terms(&licence) {
            None => self.activate_permanent(licence, warnings),
            Some(terms) => self.activate_trial(licence, terms, warnings),
        }
    }

    /// A permanent licence reads no clock and needs no state: what is wrong with that is a warning.
    fn activate_permanent(
        self,
        licence: Licence,
        mut warnings: Vec<Warning>,
    ) -> Result<Grant, LicenceError> {
        let seen = self.remember(&licence).unwrap_or_else(|cause| {
            warnings.push(Warning::State(cause.to_string()));
            0
        });
        self.check_revocations(&licence, seen)?;
        Ok(Grant::permanent(licence, warnings))
    }

    /// Makes a permanent licence's state where it is missing; the highest list number it has seen.
    fn remember(&self, licence: &Licence) -> Result<u64, LicenceError> {
        let replicas = self.replicas(licence);
        let loaded = replicas.load()?;
        if let (Some(state), true) = (loaded.state, loaded.is_whole) {
            return Ok(state.revocation_number);
        }
        let _lock = self.lock()?;
        let state = match replicas.load()?.state {
            Some(state) => state,
            None => self.new_state(UnixSeconds::default())?,
        };
        replicas.store(&state)?;
        Ok(state.revocation_number)
    }

    fn activate_trial(
        self,
        licence: Licence,
        terms: Terms,
        mut warnings: Vec<Warning>,
    ) -> Result<Grant, LicenceError> {
        let mut running = None;
        let status = self.update_trial(&licence, &terms, &mut running)?;
        self.check_revocations(&licence, status.state.revocation_number)?;
        if status.judgement.is_over(&terms) {
            return Err(LicenceError::Expired {
                at: terms.expires_at,
            });
        }
        if let Some(cause) = status.write_error {
            warnings.push(Warning::State(cause.to_string()));
        }
        if status.judgement.behind_seconds > RESERVE_SECONDS {
            warnings.push(Warning::ClockBehind(status.judgement.behind_seconds));
        }
        let left = terms.expires_at.since(status.judgement.now);
        if left <= SOON_SECONDS {
            warnings.push(Warning::EndsSoon(left));
        }
        let watch = TrialWatch::new(self, licence, terms, running);
        Ok(Grant::trial(watch, warnings, &status.state.install_nonce))
    }

    /// How an installed licence fits the device, without making a grant of it.
    ///
    /// # Errors
    /// As [`installed`](Self::installed).
    pub fn explain_installed(&self) -> Result<Explanation, LicenceError> {
        Ok(self.explain(self.installed()?.licence()))
    }
}
