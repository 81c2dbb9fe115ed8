//! Whose signatures count.

use crate::time::UnixSeconds;
use ring::digest;
use std::fmt;

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// First eight bytes of the SHA-256 of a public key.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// The id of a public key.
    #[must_use]
    pub fn of(public: &[u8; 32]) -> Self {
        let hash = digest::digest(&digest::SHA256, public);
        let mut id = [0; 8];
        id.copy_from_slice(&hash.as_ref()[..8]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// What a key may sign.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Licences.
    Licence,
    /// Revocation lists.
    Revocation,
}

/// A public key and the time in which it issued.
#[derive(Clone, Copy, Debug)]
pub struct IssuingKey {
    public: [u8; 32],
    from: UnixSeconds,
    until: UnixSeconds,
    licences: bool,
    revocations: bool,
}

impl IssuingKey {
    /// A key that issues from `from` until `until`, both included.
    #[allow(dead_code, reason = "a table that holds no key yet makes none")]
    pub(crate) const fn new(
        public: [u8; 32],
        from: UnixSeconds,
        until: UnixSeconds,
        licences: bool,
        revocations: bool,
    ) -> Self {
        Self {
            public,
            from,
            until,
            licences,
            revocations,
        }
    }

    pub(crate) fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Whether the key issued at that time. A licence from within stays good for ever.
    pub(crate) fn issued_at(&self, time: UnixSeconds) -> bool {
        (self.from..=self.until).contains(&time)
    }

    fn may(&self, role: Role) -> bool {
        match role {
            Role::Licence => self.licences,
            Role::Revocation => self.revocations,
        }
    }
}

/// The keys that a build accepts. They are compiled in: a table that could be handed over at run
/// time would let a device's owner sign for himself.
#[derive(Clone, Debug)]
pub struct KeyTable {
    keys: Vec<IssuingKey>,
}

impl KeyTable {
    /// The table of this build (`licensing/keys/issuing.keys`).
    #[must_use]
    pub fn compiled() -> Self {
        Self {
            keys: COMPILED.to_vec(),
        }
    }

    /// The table and more keys: test builds only.
    #[cfg(feature = "test-keys")]
    pub(crate) fn with(mut self, keys: impl IntoIterator<Item = IssuingKey>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no licence at all can be accepted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(crate) fn find(&self, id: KeyId, role: Role) -> Option<&IssuingKey> {
        self.keys
            .iter()
            .find(|key| KeyId::of(&key.public) == id && key.may(role))
    }
}
