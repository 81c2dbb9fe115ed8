//! The right to run, as a value: whoever holds a [`Grant`] was licensed, and engines ask it for the
//! [`Permit`] they need.

use crate::capability::{Capabilities, Licensed};
use crate::error::LicenceError;
use crate::fingerprint::Explanation;
use crate::licence::{Licence, Term, Tier};
use crate::process::Process;
use crate::trial::TrialWatch;
use ring::hkdf;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The right to run the SDK. Made only from a verified licence; cheap to clone, shared by threads.
#[derive(Clone)]
pub struct Grant {
    inner: Arc<Inner>,
}

struct Inner {
    /// Where it was activated: nowhere else does it hold.
    process: Process,
    kind: Kind,
    warnings: Vec<Warning>,
    gallery_binding: [u8; 32],
}

enum Kind {
    Permanent(Licence),
    Trial(TrialWatch),
    #[cfg(feature = "demo-grant")]
    Demo,
}

/// Something that does not stop a device, but that its operator should know.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The state could not be read or written; a permanent licence works without it.
    State(String),
    /// The wall clock is behind the latest time seen, by this many seconds.
    ClockBehind(u64),
    /// The trial ends within 14 days: in this many seconds.
    EndsSoon(u64),
    /// Some licensed parts of the device are missing or differ; enough of them match.
    PartsChanged(Explanation),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(cause) => write!(f, "the licence's state: {cause}"),
            Self::ClockBehind(seconds) => {
                write!(f, "the clock is {seconds} s behind the latest time seen")
            }
            Self::EndsSoon(seconds) => {
                write!(f, "the trial ends in {} h", seconds.div_ceil(3600))
            }
            Self::PartsChanged(explanation) => {
                write!(f, "parts of the device have changed: {explanation}")
            }
        }
    }
}

impl Grant {
    /// Everything, without a licence, for the desktop tool's demonstrations.
    // Only the desktop tool (the crate `vultus-tool`) may name this function and its feature. The
    // core, the C library and whatever else reaches a device must do without: who can call it needs
    // no licence.
    #[cfg(feature = "demo-grant")]
    #[doc(hidden)]
    #[must_use]
    pub fn demo() -> Self {
        // A release library is searched for these bytes.
        Self::new(Kind::Demo, Vec::new(), b"VULTUS-DEMO-GRANT")
    }

    pub(crate) fn permanent(licence: Licence, warnings: Vec<Warning>) -> Self {
        // A permanent licence outlives its state, and so must what is encrypted with it.
        let secret = licence.licence_id.0;
        Self::new(Kind::Permanent(licence), warnings, &secret)
    }

    pub(crate) fn trial(
        watch: TrialWatch,
        warnings: Vec<Warning>,
        install_nonce: &[u8; 16],
    ) -> Self {
        Self::new(Kind::Trial(watch), warnings, install_nonce)
    }

    fn new(kind: Kind, warnings: Vec<Warning>, secret: &[u8]) -> Self {
        let mut gallery_binding = [0; 32];
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"vultus/gallery-binding/v1")
            .extract(secret)
            .expand(&[b"gallery"], hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(&mut gallery_binding))
            .expect("HKDF gives as many bytes as its own hash has");
        let inner = Inner {
            process: Process::current(),
            kind,
            warnings,
            gallery_binding,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The licence; a demonstration has none.
    #[must_use]
    pub fn licence(&self) -> Option<&Licence> {
        match &self.inner.kind {
            Kind::Permanent(licence) => Some(licence),
            Kind::Trial(watch) => Some(watch.licence()),
            #[cfg(feature = "demo-grant")]
            Kind::Demo => None,
        }
    }

    /// Whether this is the desktop tool's demonstration. Pictures made under it say so.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.licence().is_none()
    }

    /// What may be done.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        self.licence()
            .map_or_else(Capabilities::all, Licence::capabilities)
    }

    /// Most faces in a gallery, where the licence sets a limit.
    #[must_use]
    pub fn gallery_max(&self) -> Option<u32> {
        self.licence()?.gallery_max
    }

    /// What the operator should know, as found when the grant was made.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.inner.warnings
    }

    /// Mixed into a gallery's key. It stays the same for a permanent licence; a trial that loses
    /// its state gets another one, so that a trial cannot be reset and keep its gallery.
    #[must_use]
    pub fn gallery_binding(&self) -> &[u8; 32] {
        &self.inner.gallery_binding
    }

    /// Whether the grant still holds, in the process that activated it. A permanent one costs a question for the
    /// process's number; a trial reads the monotonic clock, and reads its state once in 60 seconds.
    ///
    /// # Errors
    /// [`LicenceError::Expired`], or why a trial's time cannot be told; [`LicenceError::Forked`] in a child.
    pub fn check(&self) -> Result<(), LicenceError> {
        self.inner.process.check()?;
        match &self.inner.kind {
            Kind::Trial(watch) => watch.check(),
            _ => Ok(()),
        }
    }

    /// As [`check`](Self::check), but reads the state at once: for the start of a session.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_now(&self) -> Result<(), LicenceError> {
        self.inner.process.check()?;
        match &self.inner.kind {
            Kind::Trial(watch) => watch.check_now(),
            _ => Ok(()),
        }
    }

    /// Seconds that are left of a trial, 0 after its end; `None` for a licence that does not end.
    ///
    /// # Errors
    /// Why a trial's time cannot be told.
    pub fn seconds_left(&self) -> Result<Option<u64>, LicenceError> {
        self.inner.process.check()?;
        match &self.inner.kind {
            Kind::Trial(watch) => watch.seconds_left().map(Some),
            _ => Ok(None),
        }
    }

    /// The right to one capability, which an engine's constructor asks for.
    ///
    /// # Errors
    /// [`LicenceError::NotEntitled`] when the licence does not carry it, [`LicenceError::Forked`] in a child.
    pub fn permit<C: Licensed>(&self) -> Result<Permit<C>, LicenceError> {
        self.inner.process.check()?;
        if !self.capabilities().contains(C::CAPABILITY) {
            return Err(self.not_entitled::<C>());
        }
        Ok(Permit {
            grant: self.clone(),
            capability: PhantomData,
        })
    }

    /// The answer to a call whose engine was not made, because the licence does not carry it.
    #[must_use]
    pub fn not_entitled<C: Licensed>(&self) -> LicenceError {
        LicenceError::NotEntitled {
            capability: C::CAPABILITY,
            tier: self
                .licence()
                .map_or(Tier::Recognise, |licence| licence.tier),
        }
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.licence().map(|licence| licence.term) {
            None => "demonstration".to_owned(),
            Some(Term::Permanent) => "permanent".to_owned(),
            Some(Term::Trial { expires_at }) => format!("trial until {expires_at}"),
        };
        write!(f, "Grant({text})")
    }
}

/// The right to one capability.
pub struct Permit<C: Licensed> {
    grant: Grant,
    capability: PhantomData<fn() -> C>,
}

impl<C: Licensed> Permit<C> {
    /// Whether it still holds: before each call.
    ///
    /// # Errors
    /// As [`Grant::check`].
    pub fn check(&self) -> Result<(), LicenceError> {
        self.grant.check()
    }
}

impl<C: Licensed> Clone for Permit<C> {
    fn clone(&self) -> Self {
        Self {
            grant: self.grant.clone(),
            capability: PhantomData,
        }
    }
}

impl<C: Licensed> fmt::Debug for Permit<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({})", C::CAPABILITY)
    }
}
