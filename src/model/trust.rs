//! Whose packs are taken.

use super::fault::SignatureFault;
use super::hex::{bytes_of_hex, hex_of};
use std::fmt;
use std::str::FromStr;
use vultus_licensing::keyfile::is_weak;
use vultus_licensing::keys::KeyId;

/// The public half of the project's own key, whose private half is in models/keys.
const DEVELOPMENT: &str = "b28079008beb328e1cf15a13f8d6d39e2e4aa37f51d30563eedd4550629bf29e";

/// The word that trusts it.
const DEVELOPMENT_WORD: &str = "development";

/// What this library was built with: public keys of 64 hexadecimal digits, or the word, between commas.
const COMPILED: &str = match option_env!("VULTUS_PACK_KEYS") {
    Some(keys) => keys,
    None => "",
};
const _: () = assert!(
    COMPILED.is_empty() || well_formed(COMPILED.as_bytes()),
    "VULTUS_PACK_KEYS: expected public keys of 64 digits 0-9 a-f, or the word development, between commas"
);

/// A build fails, and no device, over a slip of the pen.
const fn well_formed(list: &[u8]) -> bool {
    let mut start = 0;
    let mut end = 0;
    while end <= list.len() {
        if end == list.len() || list[end] == b',' {
            if !is_key(list, start, end) && !is_word(list, start, end) {
                return false;
            }
            start = end + 1;
        }
        end += 1;
    }
    true
}

const fn is_key(list: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end {
        if !matches!(list[at], b'0'..=b'9' | b'a'..=b'f') {
            return false;
        }
        at += 1;
    }
    end - start == 64
}

const fn is_word(list: &[u8], start: usize, end: usize) -> bool {
    let word = DEVELOPMENT_WORD.as_bytes();
    let mut at = 0;
    while at < word.len() && start + at < end {
        if list[start + at] != word[at] {
            return false;
        }
        at += 1;
    }
    end - start == word.len()
}

/// The public half of a key that signs model packs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct PackKey([u8; 32]);

/// 32 bytes that are no public key, or 64 hexadecimal digits that are none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PackKeyRefused;

impl fmt::Display for PackKeyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no public key of a pack's maker: 64 digits 0-9 a-f, 32 bytes, and none for which anybody can sign"
        )
    }
}

impl std::error::Error for PackKeyRefused {}

impl PackKey {
    /// An Ed25519 public key, as `vultus models keygen` prints it.
    ///
    /// # Errors
    /// [`PackKeyRefused`] for a key that anybody can sign for.
    pub fn new(public: [u8; 32]) -> Result<Self, PackKeyRefused> {
        match is_weak(&public) {
            true => Err(PackKeyRefused),
            false => Ok(Self(public)),
        }
    }

    #[cfg(feature = "internals")]
    pub(super) fn of_pair(public: [u8; 32]) -> Self {
        Self(public)
    }

    /// The first eight bytes of its SHA-256, which signatures name it by.
    #[must_use]
    pub fn id(&self) -> KeyId {
        KeyId::of(&self.0)
    }

    /// Whether it is the project's development key, whose private half everybody has.
    #[must_use]
    pub fn is_development(&self) -> bool {
        development() == Some(*self)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for PackKey {
    /// As it is read: 64 digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex_of(&self.0))
    }
}

impl FromStr for PackKey {
    type Err = PackKeyRefused;

    fn from_str(text: &str) -> Result<Self, PackKeyRefused> {
        Self::new(bytes_of_hex(text).ok_or(PackKeyRefused)?)
    }
}

fn development() -> Option<PackKey> {
    DEVELOPMENT.parse().ok()
}

/// The keys of the build and those of a configuration.
#[derive(Clone, Debug)]
pub(super) struct TrustedKeys(Vec<PackKey>);

impl TrustedKeys {
    /// Those of this build, and more.
    pub(super) fn with(more: &[PackKey]) -> Self {
        Self::of_build(COMPILED, cfg!(vultus_device), more)
    }

    fn of_build(compiled: &str, device: bool, more: &[PackKey]) -> Self {
        let mut keys = more.to_vec();
        let mut words = compiled.split(',');
        keys.extend(
            words
                .clone()
                .filter_map(|word| word.parse::<PackKey>().ok()),
        );
        if !device || words.any(|word| word == DEVELOPMENT_WORD) {
            keys.extend(development());
        }
        Self(keys)
    }

    pub(super) fn find(&self, id: KeyId) -> Result<PackKey, SignatureFault> {
        match self.0.iter().find(|key| key.id() == id) {
            Some(key) => Ok(*key),
            None if development().is_some_and(|key| key.id() == id) => {
                Err(SignatureFault::DevelopmentKey)
            }
            None => Err(SignatureFault::UnknownKey(id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_trusts_the_development_key_only_where_its_maker_asked() {
        let development: PackKey = DEVELOPMENT.parse().unwrap();
        let find =
            |compiled, device| TrustedKeys::of_build(compiled, device, &[]).find(development.id());
        assert_eq!(find("", false), Ok(development));
        assert_eq!(find("", true), Err(SignatureFault::DevelopmentKey));
        assert_eq!(find("development", true), Ok(development));
        let fault = SignatureFault::DevelopmentKey.to_string();
        assert!(fault.contains("vultus models sign --key"), "{fault}");
    }

    #[test]
    fn compiled_keys_are_trusted_and_a_malformed_list_fails_the_build() {
        let vendor: PackKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
            .parse()
            .unwrap();
        let digits = vendor.to_string();
        let both = format!("{digits},development");
        for list in [digits.as_str(), &both] {
            assert!(well_formed(list.as_bytes()), "{list}");
            assert_eq!(
                TrustedKeys::of_build(list, true, &[]).find(vendor.id()),
                Ok(vendor)
            );
        }
        let unknown = Err(SignatureFault::UnknownKey(vendor.id()));
        assert_eq!(
            TrustedKeys::of_build("development", true, &[]).find(vendor.id()),
            unknown
        );
        for list in [
            ",",
            "develop",
            "developments",
            &digits[1..],
            &format!("{both},"),
            &digits.to_uppercase(),
        ] {
            assert!(!well_formed(list.as_bytes()), "{list}");
        }
        assert!(
            "0".repeat(64).parse::<PackKey>().is_err(),
            "anybody signs for it"
        );
    }
}
