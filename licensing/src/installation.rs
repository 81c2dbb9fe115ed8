//! Asking for a licence, and taking it in.

use crate::clock::Reading;
use crate::device::{Device, LICENCE_FILE, REVOCATION_FILE};
use crate::error::LicenceError;
use crate::fingerprint::LicensedFingerprint;
use crate::format::text;
use crate::licence::{Licence, Nonce, Term};
use crate::request::Request;
use crate::revocation::{REVOCATION_FORMAT, RevocationList};
use crate::signed_licence::{SignedLicence, verify};
use crate::state::State;
use crate::time::UnixSeconds;
use crate::trial::terms;

/// Name of the file that holds the request.
const REQUEST_FILE: &str = "request";
/// Largest request file in bytes, text form included.
const REQUEST_MAX: usize = 4096;

impl Device {
    /// The request to send to the vendor. Asking again gives the same number, so that whichever
    /// file is sent, the licence fits.
    ///
    /// # Errors
    /// [`LicenceError::FingerprintTooWeak`] when the device cannot be told from others,
    /// [`LicenceError::StateNotWritable`] when the request's number cannot be remembered.
    pub fn request(&self) -> Result<Request, LicenceError> {
        let platform = self.platform()?;
        let fingerprint =
            LicensedFingerprint::new(self.collect().fingerprint().components().into())
                .map_err(LicenceError::FingerprintTooWeak)?;
        let _lock = self.lock()?;
        let request = Request {
            sdk_major: self.sdk_major,
            platform,
            // The vendor is warned about a wrong clock; a missing one is no reason to refuse.
            created_at: self.clock.wall().unwrap_or_default(),
            nonce: Nonce::of_hardware(&fingerprint.components),
            components: fingerprint.components,
        };
        self.replace(REQUEST_FILE, &request.to_bytes()?)?;
        Ok(request)
    }

    /// The number of the request that this device made, if it did.
    fn pending_nonce(&self) -> Option<Nonce> {
        let bytes = self.storage.read(REQUEST_FILE, REQUEST_MAX).ok()??;
        Some(Request::parse(&bytes).ok()?.nonce)
    }

    /// Takes in a licence, in binary or text form. Doing it again, also after the device was
    /// flashed anew, is fine.
    ///
    /// # Errors
    /// Any [`LicenceError`]; the licence that was installed before then stays.
    pub fn install(&self, input: &[u8]) -> Result<SignedLicence, LicenceError> {
        let signed = verify(input, &self.keys)?;
        let licence = signed.licence();
        self.check_device(licence)?;
        let _lock = self.lock()?;
        let before = self.installed().ok();
        let before = before.as_ref().map(SignedLicence::licence);
        if before.is_some_and(|before| before.revoked.contains(&licence.licence_id)) {
            return Err(LicenceError::Revoked(licence.licence_id));
        }
        let mut state = self.state_to_install(licence, before)?;
        state.revocation_number = self.check_revocations(licence, state.revocation_number)?;
        self.replicas(licence).store(&state)?;
        self.replace(LICENCE_FILE, signed.as_bytes())?;
        if let Some(before) = before.filter(|before| before.licence_id != licence.licence_id) {
            for (folder, name) in self.replicas(before).files {
                // What stays behind is never read again.
                let _ = folder.remove(&name);
            }
        }
        Ok(signed)
    }

    /// The state that a licence starts with: its own, else what the one before it knew.
    fn state_to_install(
        &self,
        licence: &Licence,
        before: Option<&Licence>,
    ) -> Result<State, LicenceError> {
        let own = match self.replicas(licence).load() {
            Ok(own) => own.state,
            // A permanent licence needs none, so a damaged one must not keep it out.
            Err(_) if licence.term == Term::Permanent => None,
            Err(cause) => return Err(cause),
        };
        let state = match own {
            Some(state) => state,
            None => self.first_state(licence, before)?,
        };
        let Some(terms) = terms(licence) else {
            return Ok(state);
        };
        let reading = Reading::take(&*self.clock)?;
        let judgement = state.timeline.judge(&reading, &terms, None);
        if judgement.bars_start(&terms) {
            return Err(LicenceError::ClockRolledBack {
                behind_seconds: judgement.behind_seconds,
            });
        }
        if judgement.is_over(&terms) {
            return Err(LicenceError::Expired {
                at: terms.expires_at,
            });
        }
        Ok(State {
            counter: state.counter.saturating_add(1),
            timeline: judgement.timeline,
            ..state
        })
    }

    /// The state of a licence that was never here: what the one before it knew, else nothing.
    fn first_state(
        &self,
        licence: &Licence,
        before: Option<&Licence>,
    ) -> Result<State, LicenceError> {
        let pending = self.pending_nonce();
        if pending.is_some_and(|nonce| nonce != licence.nonce) {
            return Err(LicenceError::RequestMismatch);
        }
        match before.and_then(|before| self.replicas(before).load().ok()?.state) {
            // The device's clock is the same, the licence's running time is not.
            Some(mut state) => {
                state.timeline.run_seconds = 0;
                Ok(state)
            }
            None => self.new_state(UnixSeconds::default()),
        }
    }

    /// Takes in a revocation list, in binary or text form. The same list again is fine.
    ///
    /// # Errors
    /// [`LicenceError::ListRollback`] for an older list than one that the device has seen, or as
    /// [`RevocationList::verify`].
    pub fn install_revocations(&self, input: &[u8]) -> Result<RevocationList, LicenceError> {
        let list = RevocationList::verify(input, &self.keys)?;
        let _lock = self.lock()?;
        let mut held = self
            .revocations()
            .ok()
            .flatten()
            .map_or(0, |held| held.number);
        let installed = self.installed().ok();
        let installed = installed.as_ref().map(SignedLicence::licence);
        let state = installed.and_then(|licence| self.replicas(licence).load().ok()?.state);
        if let Some(state) = &state {
            held = held.max(state.revocation_number);
        }
        if list.number < held {
            return Err(LicenceError::ListRollback {
                offered: list.number,
                held,
            });
        }
        // The list first: a state that knows of a list that is not there would look like a rollback.
        self.replace(REVOCATION_FILE, &list_bytes(input)?)?;
        if let (Some(licence), Some(state)) = (installed, state) {
            let state = State {
                counter: state.counter.saturating_add(1),
                revocation_number: list.number,
                ..state
            };
            self.replicas(licence).store(&state)?;
        }
        Ok(list)
    }
}

fn list_bytes(input: &[u8]) -> Result<Vec<u8>, LicenceError> {
    let label = REVOCATION_FORMAT.label;
    let bytes = text::to_binary(label, input, REVOCATION_FORMAT.file_max())?;
    Ok(bytes.into_owned())
}
