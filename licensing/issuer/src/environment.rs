//! What the issuer takes from the outside: the time and randomness. Injected, so that tests never
//! wait; the tool has no option that sets either, because a backdated trial would be a hole.

use crate::error::IssuerError;
use ring::rand::{SecureRandom, SystemRandom};
use std::time::SystemTime;
use vultus_licensing::time::UnixSeconds;

/// Tells the time.
pub trait Clock {
    /// Now.
    ///
    /// # Errors
    /// [`IssuerError::ClockImplausible`].
    fn now(&self) -> Result<UnixSeconds, IssuerError>;
}

/// Makes numbers that cannot be guessed.
pub trait Entropy {
    /// Fills the bytes.
    ///
    /// # Errors
    /// [`IssuerError::NoRandomness`].
    fn fill(&self, bytes: &mut [u8]) -> Result<(), IssuerError>;
}

/// The computer's clock and random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

/// No record is older than the product, 2026-01-01.
const EARLIEST: UnixSeconds = UnixSeconds(1_767_225_600);

impl Clock for System {
    fn now(&self) -> Result<UnixSeconds, IssuerError> {
        UnixSeconds::from_system(SystemTime::now())
            .filter(|now| (EARLIEST..UnixSeconds::IMPLAUSIBLE).contains(now))
            .ok_or(IssuerError::ClockImplausible)
    }
}

impl Entropy for System {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), IssuerError> {
        SystemRandom::new()
            .fill(bytes)
            .map_err(|_| IssuerError::NoRandomness)
    }
}

/// A random array.
pub(crate) fn random<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], IssuerError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}
