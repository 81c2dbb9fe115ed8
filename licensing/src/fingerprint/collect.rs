//! Where components come from.

use super::{Component, ComponentKind, Fingerprint, Junk, SecurityLevel};

/// A value that a device offered and that identifies nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refused {
    /// What the part was.
    pub kind: ComponentKind,
    /// Why its value was refused.
    pub why: Junk,
}

/// What a source found.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// The usable components.
    pub components: Vec<Component>,
    /// What was refused, for diagnosis.
    pub refused: Vec<Refused>,
}

impl Collected {
    /// The fingerprint of the usable components.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::new(self.components.clone())
    }

    pub(super) fn push(&mut self, kind: ComponentKind, component: Result<Component, Junk>) {
        match component {
            Ok(component) => self.components.push(component),
            Err(why) => self.refused.push(Refused { kind, why }),
        }
    }
}

/// Reads a device's components. Injected, so that tests and hosts can bring their own.
pub trait FingerprintSource: Send + Sync {
    /// What the device offers now. A part that cannot be read is left out.
    fn collect(&self) -> Collected;
}

impl FingerprintSource for Vec<Box<dyn FingerprintSource>> {
    /// What all of them offer together.
    fn collect(&self) -> Collected {
        let mut all = Collected::default();
        for source in self {
            let part = source.collect();
            all.components.extend(part.components);
            all.refused.extend(part.refused);
        }
        all
    }
}

/// Values that the host hands over: Android's ids, a secret of the maker, a die's number.
#[derive(Clone, Debug, Default)]
pub struct Given {
    collected: Collected,
}

impl Given {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A value of text, such as `ANDROID_ID` or a serial. Junk is refused and reported.
    #[must_use]
    pub fn text(mut self, kind: ComponentKind, raw: &str) -> Self {
        self.collected
            .push(kind, Component::from_text(kind, raw.as_bytes()));
        self
    }

    /// A value of bytes: a secret of the maker (16 to 512 bytes) or a die's number.
    #[must_use]
    pub fn bytes(mut self, kind: ComponentKind, raw: &[u8]) -> Self {
        self.collected
            .push(kind, Component::from_bytes_value(kind, raw));
        self
    }

    /// `MediaDrm.PROPERTY_DEVICE_UNIQUE_ID` and the security level at which it was read.
    #[must_use]
    pub fn media_drm(mut self, level: SecurityLevel, id: &[u8]) -> Self {
        let component = Component::from_media_drm(level, id);
        self.collected.push(ComponentKind::MediaDrm, component);
        self
    }
}

impl FingerprintSource for Given {
    fn collect(&self) -> Collected {
        self.collected.clone()
    }
}
