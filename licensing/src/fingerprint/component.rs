//! One part of a device's hardware as a salted hash, and all parts that a device offers.

use super::ComponentKind;
use ring::digest;

/// Separates these hashes from any other use of the same values.
const CONTEXT: &[u8] = b"vultus/fingerprint/v1\0";
/// Separates this product's hashes from another's.
const PRODUCT_SALT: [u8; 16] = *b"vultus-2026-salt";

/// One part of a fingerprint.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Component {
    kind: ComponentKind,
    weight: u8,
    digest: [u8; 16],
}

impl Component {
    /// Bytes of a component in a file: kind 1, weight 1, digest 16.
    pub const BYTES: usize = 18;

    /// The component of a canonical value.
    pub(crate) fn of(kind: ComponentKind, canonical: &[u8]) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(CONTEXT);
        hash.update(&PRODUCT_SALT);
        hash.update(&[kind.code()]);
        hash.update(canonical);
        let mut digest = [0; 16];
        digest.copy_from_slice(&hash.finish().as_ref()[..16]);
        Self {
            kind,
            weight: kind.weight(),
            digest,
        }
    }

    /// What the part is.
    #[must_use]
    pub fn kind(&self) -> ComponentKind {
        self.kind
    }

    /// How much it counts, 1 to 4.
    #[must_use]
    pub fn weight(&self) -> u8 {
        self.weight
    }

    /// First half of the SHA-256 of context, salt, kind and canonical value.
    #[must_use]
    pub fn digest(&self) -> &[u8; 16] {
        &self.digest
    }

    /// The component's bytes in a file.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0] = self.kind.code();
        bytes[1] = self.weight;
        bytes[2..].copy_from_slice(&self.digest);
        bytes
    }

    /// The component of these bytes; `None` with an unknown kind or a weight that is not the
    /// kind's.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let kind = ComponentKind::from_code(bytes[0])?;
        let mut digest = [0; 16];
        digest.copy_from_slice(&bytes[2..]);
        (bytes[1] == kind.weight()).then_some(Self {
            kind,
            weight: bytes[1],
            digest,
        })
    }
}

/// All parts that a device offers now, sorted, none twice.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Fingerprint {
    components: Vec<Component>,
}

impl Fingerprint {
    /// The fingerprint of these components, in any order.
    #[must_use]
    pub fn new(mut components: Vec<Component>) -> Self {
        components.sort_unstable();
        components.dedup();
        Self { components }
    }

    /// The components, sorted.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }
}
