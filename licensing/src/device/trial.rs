//! Watching a trial's time while it runs.

use super::{Device, not_writable, random_16};
use crate::clock::{Judgement, Reading, Terms};
use crate::error::LicenceError;
use crate::licence::Licence;
use crate::state::{State, unreadable};
use crate::storage::StorageError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A running trial looks at its state this often.
const LOOK_SECONDS: u64 = 60;
/// A trial runs this long, by the monotonic clock, without being able to write its state.
const GRACE_SECONDS: u64 = 24 * 3600;

/// One look at a trial.
pub(super) struct Look {
    pub(super) state: State,
    pub(super) judgement: Judgement,
}

impl Device {
    /// Reads the clock and the state, and writes the state when it is due. `running_since` is the
    /// second of this boot since which this process has run unaccounted, `None` at a start; it
    /// moves on when the state is written.
    pub(super) fn look(
        &self,
        licence: &Licence,
        terms: &Terms,
        running_since: &mut Option<u64>,
    ) -> Result<Look, LicenceError> {
        // Without the lock nothing is written: a folder that cannot be written cannot be locked.
        let lock = match self.storage.lock() {
            Err(cause @ StorageError::Unsafe(_)) => {
                return Err(unreadable(&*self.storage, "lock", cause));
            }
            lock => lock,
        };
        let reading = Reading::take(&*self.clock)?;
        let replicas = self.replicas(licence);
        let loaded = replicas.load()?;
        let known = match loaded.state {
            Some(state) => state,
            None => State::new(terms.floor(), random_16()?),
        };
        let starts = running_since.is_none();
        let judgement = known.timeline.judge(&reading, terms, *running_since);
        if starts && judgement.bars_start(terms) {
            return Err(LicenceError::ClockRolledBack {
                behind_seconds: judgement.behind_seconds,
            });
        }
        let mut look = Look {
            state: known,
            judgement,
        };
        if judgement.must_write || !loaded.is_whole {
            look.state = State {
                counter: known.counter.saturating_add(1),
                timeline: judgement.timeline,
                ..known
            };
            match lock.and_then(|_lock| replicas.store(&look.state)) {
                Ok(()) => *running_since = Some(reading.boot_seconds),
                Err(cause) if is_grace_over(&known, &reading) => return Err(not_writable(cause)),
                Err(_) => {}
            }
        }
        running_since.get_or_insert(reading.boot_seconds);
        Ok(look)
    }
}

/// Counts from the last write in this boot, or from the boot: a restart of the program renews
/// nothing.
fn is_grace_over(known: &State, reading: &Reading) -> bool {
    let timeline = &known.timeline;
    let since = if reading.boot == Some(timeline.boot) {
        timeline.boot_seconds
    } else {
        0
    };
    reading.boot_seconds.saturating_sub(since) >= GRACE_SECONDS
}

/// A trial that runs.
pub(crate) struct TrialWatch {
    device: Device,
    licence: Licence,
    terms: Terms,
    /// The second of this boot at which to look again.
    next_look: AtomicU64,
    is_over: AtomicBool,
    running_since: Mutex<Option<u64>>,
}

impl TrialWatch {
    /// Watches a trial from its first look on.
    pub(super) fn new(
        device: Device,
        licence: Licence,
        terms: Terms,
        running_since: Option<u64>,
    ) -> Self {
        Self {
            terms,
            device,
            licence,
            next_look: AtomicU64::new(running_since.unwrap_or(0) + LOOK_SECONDS),
            is_over: AtomicBool::new(false),
            running_since: Mutex::new(running_since),
        }
    }

    pub(crate) fn licence(&self) -> &Licence {
        &self.licence
    }

    pub(crate) fn check(&self) -> Result<(), LicenceError> {
        let now = self
            .device
            .clock
            .seconds_since_boot()
            .ok_or(LicenceError::ClockUnreadable)?;
        if now >= self.next_look.load(Ordering::Acquire) {
            return self.check_now();
        }
        if self.is_over.load(Ordering::Acquire) {
            return Err(self.over());
        }
        Ok(())
    }

    pub(crate) fn check_now(&self) -> Result<(), LicenceError> {
        // A panic while looking leaves a number of seconds behind, which is never half written.
        let mut running_since: MutexGuard<'_, Option<u64>> = self
            .running_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let look = self
            .device
            .look(&self.licence, &self.terms, &mut running_since)?;
        let is_over = look.judgement.is_over(&self.terms);
        self.is_over.store(is_over, Ordering::Release);
        let next = look.judgement.timeline.boot_seconds + LOOK_SECONDS;
        self.next_look.store(next, Ordering::Release);
        if is_over { Err(self.over()) } else { Ok(()) }
    }

    fn over(&self) -> LicenceError {
        LicenceError::Expired {
            at: self.terms.expires_at,
        }
    }
}
