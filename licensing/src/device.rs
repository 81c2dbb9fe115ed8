//! A device: its folder, its clock, its fingerprint, and what it holds.

use crate::clock::Clock;
use crate::error::LicenceError;
use crate::fingerprint::{Collected, Explanation, FingerprintSource};
use crate::keys::KeyTable;
use crate::licence::Licence;
use crate::platform::Platform;
use crate::process::Process;
use crate::revocation::{REVOCATION_FORMAT, RevocationList};
use crate::signed_licence::{LICENCE_FORMAT, SignedLicence, verify};
use crate::state::{Replicas, State, StateKey};
use crate::storage::{self, Lock, Storage, unreadable, unwritable};
use crate::time::UnixSeconds;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use std::sync::Arc;

/// Major version of this SDK, which a licence's `sdk_major_max` is compared with.
pub const SDK_MAJOR: u16 = {
    let digits = env!("CARGO_PKG_VERSION_MAJOR").as_bytes();
    let mut number = 0;
    let mut i = 0;
    while i < digits.len() {
        number = number * 10 + (digits[i] - b'0') as u16;
        i += 1;
    }
    number
};

/// When this version was released, 2026-11-21: no device's clock is right before it.
pub const RELEASED: UnixSeconds = UnixSeconds(1_795_219_200);

/// Name of the file that holds the licence.
pub(crate) const LICENCE_FILE: &str = "licence";
/// Name of the file that holds the revocation list.
pub(crate) const REVOCATION_FILE: &str = "revocations";

/// Everything that licensing needs of a device.
pub struct Device {
    pub(crate) storage: Box<dyn Storage>,
    second: Option<Box<dyn Storage>>,
    pub(crate) clock: Arc<dyn Clock>,
    source: Box<dyn FingerprintSource>,
    pub(crate) keys: KeyTable,
    platform: Option<Platform>,
    pub(crate) sdk_major: u16,
    /// Who opened the folder.
    process: Process,
}

impl Device {
    /// This Linux or Android device, with its licence and state in `folder`, which is made where
    /// it is missing. A host adds what it knows with [`with_source`](Self::with_source).
    ///
    /// # Errors
    /// [`LicenceError::InvalidArgument`] or [`LicenceError::StateNotReadable`] naming the folder.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn here(folder: &std::path::Path) -> Result<Self, LicenceError> {
        Ok(Self::new(
            Box::new(storage::Folder::create(folder)?),
            Arc::new(crate::clock::SystemClock),
            Box::new(crate::fingerprint::LinuxSource::new()),
        ))
    }

    /// A device with this folder, clock and fingerprint, and the keys and platform of this build.
    #[must_use]
    pub fn new(
        storage: Box<dyn Storage>,
        clock: Arc<dyn Clock>,
        source: Box<dyn FingerprintSource>,
    ) -> Self {
        Self {
            storage,
            second: None,
            clock,
            source,
            keys: KeyTable::compiled(),
            platform: Platform::current(),
            sdk_major: SDK_MAJOR,
            process: Process::current(),
        }
    }

    /// Adds values that the host knows to the fingerprint.
    #[must_use]
    pub fn with_source(self, source: Box<dyn FingerprintSource>) -> Self {
        Self {
            source: Box::new(vec![self.source, source]),
            ..self
        }
    }

    /// Keeps the second copy of the state in another folder, best on another partition. Without
    /// one both copies lie in the first.
    #[must_use]
    pub fn with_second_storage(self, second: Box<dyn Storage>) -> Self {
        Self {
            second: Some(second),
            ..self
        }
    }

    /// Pretends to be another platform or version.
    #[cfg(feature = "test-keys")]
    #[must_use]
    pub fn pretending(self, platform: Option<Platform>, sdk_major: u16) -> Self {
        Self {
            platform,
            sdk_major,
            ..self
        }
    }

    /// What the device offers now, and what of it was refused.
    #[must_use]
    pub fn collect(&self) -> Collected {
        self.source.collect()
    }

    /// Which parts of a licensed device match this one.
    #[must_use]
    pub fn explain(&self, licence: &Licence) -> Explanation {
        licence.fingerprint.explain(&self.collect().fingerprint())
    }

    /// The installed licence, verified, whether or not it is this device's.
    ///
    /// # Errors
    /// [`LicenceError::Missing`], or as [`verify`].
    pub fn installed(&self) -> Result<SignedLicence, LicenceError> {
        match self.read(LICENCE_FILE, LICENCE_FORMAT.file_max())? {
            Some(bytes) => verify(&bytes, &self.keys),
            None => Err(LicenceError::Missing {
                path: self.storage.describe().into(),
            }),
        }
    }

    /// The revocation list that the device holds.
    pub(crate) fn revocations(&self) -> Result<Option<RevocationList>, LicenceError> {
        match self.read(REVOCATION_FILE, REVOCATION_FORMAT.file_max())? {
            Some(bytes) => RevocationList::verify(&bytes, &self.keys).map(Some),
            None => Ok(None),
        }
    }

    /// Refuses a revoked licence, and a folder whose list is older than one that was seen. The
    /// number of the list.
    pub(crate) fn check_revocations(
        &self,
        licence: &Licence,
        seen: u64,
    ) -> Result<u64, LicenceError> {
        let list = self.revocations()?;
        let held = list.as_ref().map_or(0, |list| list.number);
        if held < seen {
            return Err(LicenceError::ListRollback {
                offered: held,
                held: seen,
            });
        }
        match list {
            Some(list) if list.revoked.contains(&licence.licence_id) => {
                Err(LicenceError::Revoked(licence.licence_id))
            }
            _ => Ok(held),
        }
    }

    pub(crate) fn platform(&self) -> Result<Platform, LicenceError> {
        self.platform.ok_or(LicenceError::InvalidArgument {
            name: "platform",
            why: "is none that licences are sold for",
        })
    }

    /// Checks what a licence says about the device itself; gives how well it matches.
    pub(crate) fn check_device(&self, licence: &Licence) -> Result<Explanation, LicenceError> {
        let platform = self.platform()?;
        if !licence.platforms.contains(platform) {
            return Err(LicenceError::PlatformNotLicensed(platform));
        }
        if self.sdk_major > licence.sdk_major_max {
            return Err(LicenceError::SdkNotLicensed {
                sdk_major: self.sdk_major,
                licensed: licence.sdk_major_max,
            });
        }
        let explanation = self.explain(licence);
        if explanation.is_accepted() {
            Ok(explanation)
        } else {
            Err(LicenceError::FingerprintMismatch(explanation))
        }
    }

    /// The copies of a licence's state. Each licence has its own, so that a new licence and its
    /// state are in place before the old ones go.
    pub(crate) fn replicas(&self, licence: &Licence) -> Replicas<'_> {
        let id = licence.licence_id.to_string();
        let second = self.second.as_ref().unwrap_or(&self.storage);
        Replicas {
            files: vec![
                (&*self.storage, format!("state-{id}.a")),
                (&**second, format!("state-{id}.b")),
            ],
            key: StateKey::of(licence),
        }
    }

    fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, LicenceError> {
        self.process.check()?;
        self.storage
            .read(name, max)
            .map_err(|cause| unreadable(&*self.storage, name, cause))
    }

    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), LicenceError> {
        self.process.check()?;
        storage::replace(&*self.storage, name, bytes)
            .map_err(|cause| unwritable(&*self.storage, name, cause))
    }

    pub(crate) fn lock(&self) -> Result<Box<dyn Lock + '_>, LicenceError> {
        self.process.check()?;
        self.storage
            .lock()
            .map_err(|cause| unwritable(&*self.storage, "lock", cause))
    }

    /// The state of an installation that starts anew. A revocation list that lies there was seen:
    /// otherwise taking it away later would go unnoticed.
    pub(crate) fn new_state(&self, floor: UnixSeconds) -> Result<State, LicenceError> {
        let mut state = State::new(floor, random_16()?);
        state.revocation_number = self.revocations()?.map_or(0, |list| list.number);
        Ok(state)
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("folder", &self.storage.describe())
            .field(
                "second",
                &self.second.as_ref().map(|second| second.describe()),
            )
            .field("platform", &self.platform)
            .field("sdk_major", &self.sdk_major)
            .finish_non_exhaustive()
    }
}

fn random_16() -> Result<[u8; 16], LicenceError> {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| LicenceError::InvalidArgument {
            name: "the system's random source",
            why: "does not answer",
        })?;
    Ok(bytes)
}
