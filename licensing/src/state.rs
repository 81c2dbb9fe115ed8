//! What a device remembers about its licence: two copies, each with a keyed checksum.
//!
//! The key comes from the licence and its fingerprint, which stops edits and copies from other
//! devices. It does not stop an attacker who takes the program apart.

use crate::clock::{Ahead, BootId, Timeline};
use crate::error::{FormatFault, LicenceError};
use crate::format::Reader;
use crate::licence::Licence;
use crate::storage::{self, Storage, unreadable, unwritable};
use crate::time::UnixSeconds;
use ring::{hkdf, hmac};

const MAGIC: [u8; 4] = *b"VSTA";
const FORMAT: u16 = 1;
const TAG_BYTES: usize = 32;
/// Largest state file in bytes.
pub(crate) const STATE_MAX: usize = 4096;

/// The remembered state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct State {
    /// Rises with every write.
    pub(crate) counter: u64,
    /// Drawn when the state was made; a lost state is a new installation.
    pub(crate) install_nonce: [u8; 16],
    /// Highest number of a revocation list seen.
    pub(crate) revocation_number: u64,
    pub(crate) timeline: Timeline,
}

/// The key of one licence's state.
pub(crate) struct StateKey(hmac::Key);

impl StateKey {
    pub(crate) fn of(licence: &Licence) -> Self {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"vultus/state/v1");
        let mut material = licence.licence_id.0.to_vec();
        for component in &licence.fingerprint.components {
            material.extend(component.digest());
        }
        let material = salt.extract(&material);
        let key = material
            .expand(&[b"state file"], hmac::HMAC_SHA256)
            .map(hmac::Key::from)
            .expect("HKDF gives as many bytes as its own hash has");
        Self(key)
    }
}

impl State {
    /// The state of an installation that nothing is known of, but that it is later than `floor`.
    pub(crate) fn new(floor: UnixSeconds, install_nonce: [u8; 16]) -> Self {
        Self {
            counter: 0,
            install_nonce,
            revocation_number: 0,
            timeline: Timeline::new(floor),
        }
    }

    pub(crate) fn encode(&self, key: &StateKey) -> Vec<u8> {
        let timeline = &self.timeline;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(self.counter.to_le_bytes());
        bytes.extend(self.install_nonce);
        bytes.extend(self.revocation_number.to_le_bytes());
        bytes.extend(timeline.mark.0.to_le_bytes());
        bytes.extend(timeline.boot.0);
        bytes.extend(timeline.boot_seconds.to_le_bytes());
        bytes.extend(timeline.reserve.to_le_bytes());
        bytes.extend(timeline.run_seconds.to_le_bytes());
        let ahead = timeline.ahead.unwrap_or(Ahead {
            wall: UnixSeconds(0),
            boot: BootId::default(),
            boot_seconds: 0,
            boots: 0,
        });
        bytes.push(ahead.boots);
        bytes.extend(ahead.wall.0.to_le_bytes());
        bytes.extend(ahead.boot.0);
        bytes.extend(ahead.boot_seconds.to_le_bytes());
        let tag = hmac::sign(&key.0, &bytes);
        bytes.extend(tag.as_ref());
        bytes
    }

    /// The checksum is verified before any field is read.
    pub(crate) fn decode(bytes: &[u8], key: &StateKey) -> Result<Self, LicenceError> {
        let (body, tag) = bytes
            .split_last_chunk::<TAG_BYTES>()
            .ok_or(FormatFault::Truncated)?;
        hmac::verify(&key.0, body, tag).map_err(|_| LicenceError::StateForeign)?;
        let mut reader = Reader::new(body);
        if reader.array()? != MAGIC {
            return Err(FormatFault::Magic.into());
        }
        if reader.u16()? != FORMAT {
            return Err(FormatFault::Version.into());
        }
        let state = Self {
            counter: reader.u64()?,
            install_nonce: reader.array()?,
            revocation_number: reader.u64()?,
            timeline: Timeline {
                mark: UnixSeconds(reader.u64()?),
                boot: BootId(reader.array()?),
                boot_seconds: reader.u64()?,
                reserve: reader.u64()?,
                run_seconds: reader.u64()?,
                ahead: read_ahead(&mut reader)?,
            },
        };
        reader.finish()?;
        Ok(state)
    }

    /// The newest of two copies, with the larger of each number that only rises.
    fn merge(self, other: Self) -> Self {
        let (newest, older) = if self.counter >= other.counter {
            (self, other)
        } else {
            (other, self)
        };
        let latest = if older.timeline.mark > newest.timeline.mark {
            older.timeline
        } else {
            newest.timeline
        };
        Self {
            revocation_number: newest.revocation_number.max(older.revocation_number),
            timeline: Timeline {
                run_seconds: newest.timeline.run_seconds.max(older.timeline.run_seconds),
                ..latest
            },
            ..newest
        }
    }
}

fn read_ahead(reader: &mut Reader<'_>) -> Result<Option<Ahead>, FormatFault> {
    let boots = reader.u8()?;
    let ahead = Ahead {
        boots,
        wall: UnixSeconds(reader.u64()?),
        boot: BootId(reader.array()?),
        boot_seconds: reader.u64()?,
    };
    Ok((boots > 0).then_some(ahead))
}

/// What the copies of a state add up to.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// `None` when no copy exists.
    pub(crate) state: Option<State>,
    /// Every copy exists, is valid and says the same.
    pub(crate) is_whole: bool,
}

/// The copies of the state.
pub(crate) struct Replicas<'a> {
    /// Folder and name of each copy.
    pub(crate) files: Vec<(&'a dyn Storage, String)>,
    pub(crate) key: StateKey,
}

impl Replicas<'_> {
    /// Reads every copy. One that is missing, damaged or foreign is ignored when another is good.
    ///
    /// # Errors
    /// With no good copy: [`LicenceError::StateUnsafe`], [`LicenceError::StateNotReadable`] or
    /// [`LicenceError::StateForeign`], whichever is found first.
    pub(crate) fn load(&self) -> Result<Loaded, LicenceError> {
        let mut merged: Option<State> = None;
        let mut is_whole = true;
        let mut fault = None;
        for (folder, name) in &self.files {
            match self.load_one(*folder, name) {
                Ok(Some(state)) => {
                    is_whole &= merged.is_none_or(|other| other == state);
                    merged = Some(merged.map_or(state, |other| other.merge(state)));
                }
                Ok(None) => is_whole = false,
                Err(cause) => {
                    is_whole = false;
                    fault.get_or_insert(cause);
                }
            }
        }
        match (merged, fault) {
            (None, Some(cause)) => Err(cause),
            (state, _) => Ok(Loaded { state, is_whole }),
        }
    }

    fn load_one(&self, folder: &dyn Storage, name: &str) -> Result<Option<State>, LicenceError> {
        let bytes = folder
            .read(name, STATE_MAX)
            .map_err(|cause| unreadable(folder, name, cause))?;
        match bytes {
            None => Ok(None),
            // Damage and forgery look alike without the key, and have one remedy.
            Some(bytes) => match State::decode(&bytes, &self.key) {
                Ok(state) => Ok(Some(state)),
                Err(_) => Err(LicenceError::StateForeign),
            },
        }
    }

    /// Writes every copy, one after the other, so that a power cut leaves one of them whole.
    ///
    /// # Errors
    /// The first cause, when no copy at all could be written: one is enough to remember.
    pub(crate) fn store(&self, state: &State) -> Result<(), LicenceError> {
        let bytes = state.encode(&self.key);
        let mut first_fault = None;
        let mut stored = false;
        for (folder, name) in &self.files {
            match storage::replace(*folder, name, &bytes) {
                Ok(()) => stored = true,
                Err(cause) => {
                    first_fault.get_or_insert_with(|| unwritable(*folder, name, cause));
                }
            }
        }
        match first_fault {
            Some(cause) if !stored => Err(cause),
            _ => Ok(()),
        }
    }
}
