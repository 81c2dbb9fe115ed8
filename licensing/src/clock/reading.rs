//! What a device can say about the time, and one reading of it.

use crate::error::LicenceError;
use crate::time::UnixSeconds;

/// Random number of one boot of the device.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct BootId(pub [u8; 16]);

/// What a device knows about the time. Injected, so that tests can set it.
pub trait Clock: Send + Sync {
    /// The wall clock; `None` when it cannot be read.
    fn wall(&self) -> Option<UnixSeconds>;

    /// Seconds since the device was switched on, sleep included; `None` when it cannot be read.
    fn seconds_since_boot(&self) -> Option<u64>;

    /// The number of this boot; `None` when there is none.
    fn boot_id(&self) -> Option<BootId>;

    /// Times that independent parts of the system last saw, such as the newest log entry. One of
    /// them proves nothing; two that agree expose a clock that was set back.
    fn evidence(&self) -> Vec<UnixSeconds>;
}

/// One reading of the clock.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) wall: UnixSeconds,
    pub(crate) boot: Option<BootId>,
    pub(crate) boot_seconds: u64,
    /// The second latest piece of evidence: the latest that another one confirms.
    pub(crate) confirmed_evidence: Option<UnixSeconds>,
}

impl Reading {
    /// Reads the clock; a trial fails closed when it cannot be read.
    pub(crate) fn take(clock: &dyn Clock) -> Result<Self, LicenceError> {
        let (Some(wall), Some(boot_seconds)) = (clock.wall(), clock.seconds_since_boot()) else {
            return Err(LicenceError::ClockUnreadable);
        };
        let mut evidence = clock.evidence();
        evidence.sort_unstable();
        Ok(Self {
            wall,
            boot: clock.boot_id(),
            boot_seconds,
            confirmed_evidence: evidence.iter().rev().nth(1).copied(),
        })
    }
}
