//! Keys that everybody knows.

use crate::envelope::SIGNATURE_BYTES;
use crate::keys::{IssuingKey, KeyId, KeyTable};
use crate::time::UnixSeconds;
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::fmt;

/// Seed of the test key. The bytes are also what a release library is searched for.
pub const SEED: [u8; 32] = *b"vultus TEST key: never ship this";
/// Seed of a second test key, whose time to issue is long over.
pub const OLD_SEED: [u8; 32] = *b"vultus TEST key: retired in 2025";

/// Public half of the test key: a release program is searched for these bytes too.
pub const PUBLIC_HEX: &str = "35cc12416c6ef1f5301eb16d6a449e7b06f9f1ca7c15913f88440242b1a5dcc4";

/// When the test key began to issue, 2025-01-01.
pub const FROM: UnixSeconds = UnixSeconds(1_735_689_600);
/// When the test key stops to issue, 2035-01-01.
pub const UNTIL: UnixSeconds = UnixSeconds(2_051_222_400);

/// A private key for tests.
pub struct TestKey(Ed25519KeyPair);

impl TestKey {
    /// The key that [`crate::keys::KeyTable::with_test_keys`] accepts.
    #[must_use]
    pub fn current() -> Self {
        Self::from_seed(&SEED)
    }

    /// A key that the table accepts for what was issued in 2024.
    #[must_use]
    pub fn retired() -> Self {
        Self::from_seed(&OLD_SEED)
    }

    /// Any other key.
    ///
    /// # Panics
    /// Never: every 32 bytes are a seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes are a seed"))
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.public())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        let mut public = [0; 32];
        public.copy_from_slice(self.0.public_key().as_ref());
        public
    }

    /// Signs bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let mut signature = [0; SIGNATURE_BYTES];
        signature.copy_from_slice(self.0.sign(message).as_ref());
        signature
    }
}

impl fmt::Debug for TestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TestKey({})", self.id())
    }
}

impl KeyTable {
    /// The table of this build and the keys that everybody knows.
    #[must_use]
    pub fn with_test_keys() -> Self {
        let year_2024 = UnixSeconds(1_704_067_200);
        Self::compiled().with([
            IssuingKey::new(TestKey::current().public(), FROM, UNTIL, true, true),
            IssuingKey::new(TestKey::retired().public(), year_2024, FROM, true, false),
        ])
    }
}
