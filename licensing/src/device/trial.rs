//! Watching a trial's time while it runs.

use super::Device;
use crate::clock::{Judgement, Reading, Running, Terms};
use crate::error::LicenceError;
use crate::licence::Licence;
use crate::state::State;
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
    /// Why the state could not be written, within the grace for that.
    pub(super) unwritten: Option<LicenceError>,
}

impl Device {
    /// Reads the clock and the state, and writes the state when it is due. `running` is what this
    /// process knows from its last look, `None` at a start.
    pub(super) fn look(
        &self,
        licence: &Licence,
        terms: &Terms,
        running: &mut Option<Running>,
    ) -> Result<Look, LicenceError> {
        let mut seen = self.see(licence, terms, running.as_ref())?;
        let mut unaccounted_from = running.map_or(seen.reading.boot_seconds, |running| {
            running.unaccounted_from
        });
        let mut unwritten = None;
        // Most looks only read: files are replaced whole, so that needs no lock.
        if seen.is_due {
            match self.lock() {
                Err(cause @ LicenceError::StateUnsafe { .. }) => return Err(cause),
                // A folder that cannot be locked cannot be written.
                Err(cause) => unwritten = Some(cause),
                Ok(_lock) => {
                    // Another process may have written before this one had the lock.
                    seen = self.see(licence, terms, running.as_ref())?;
                    if seen.is_due {
                        seen.state.counter = seen.state.counter.saturating_add(1);
                        seen.state.timeline = seen.judgement.timeline;
                        match self.replicas(licence).store(&seen.state) {
                            Ok(()) => unaccounted_from = seen.reading.boot_seconds,
                            Err(cause) => unwritten = Some(cause),
                        }
                    }
                }
            }
        }
        if let Some(cause) = unwritten.take_if(|_| seen.is_grace_over) {
            return Err(cause);
        }
        *running = Some(Running {
            unaccounted_from,
            mark: seen.judgement.timeline.mark,
            marked_at: seen.reading.boot_seconds,
        });
        Ok(Look {
            state: seen.state,
            judgement: seen.judgement,
            unwritten,
        })
    }

    /// Reads the clock and the state and judges them, without writing.
    fn see(
        &self,
        licence: &Licence,
        terms: &Terms,
        running: Option<&Running>,
    ) -> Result<Seen, LicenceError> {
        let reading = Reading::take(&*self.clock)?;
        let loaded = self.replicas(licence).load()?;
        let state = match loaded.state {
            Some(state) => state,
            None => self.new_state(terms.floor())?,
        };
        let starts = running.is_none();
        let judgement = state.timeline.judge(&reading, terms, running);
        if starts && judgement.bars_start(terms) {
            return Err(LicenceError::ClockRolledBack {
                behind_seconds: judgement.behind_seconds,
            });
        }
        Ok(Seen {
            // A copy that can never be written must not cost a write at every look.
            is_due: judgement.must_write || (starts && !loaded.is_whole),
            is_grace_over: is_grace_over(&state, &reading),
            reading,
            state,
            judgement,
        })
    }
}

/// What was read, and what it means.
struct Seen {
    reading: Reading,
    state: State,
    judgement: Judgement,
    is_due: bool,
    is_grace_over: bool,
}

/// Counts from the last write in this boot, or from the boot: a restart of the program renews
/// nothing.
fn is_grace_over(known: &State, reading: &Reading) -> bool {
    let timeline = &known.timeline;
    let since = if timeline.is_of_boot(reading) {
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
    running: Mutex<Option<Running>>,
}

impl TrialWatch {
    /// Watches a trial from its first look on.
    pub(super) fn new(
        device: Device,
        licence: Licence,
        terms: Terms,
        running: Option<Running>,
    ) -> Self {
        let looked_at = running.map_or(0, |running| running.marked_at);
        Self {
            terms,
            device,
            licence,
            next_look: AtomicU64::new(looked_at.saturating_add(LOOK_SECONDS)),
            is_over: AtomicBool::new(false),
            running: Mutex::new(running),
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
        // A panic while looking leaves the last look behind, which is never half written.
        let mut running: MutexGuard<'_, Option<Running>> =
            self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let look = self.device.look(&self.licence, &self.terms, &mut running)?;
        let is_over = look.judgement.is_over(&self.terms);
        self.is_over.store(is_over, Ordering::Release);
        let looked_at = look.judgement.timeline.boot_seconds;
        let next = looked_at.saturating_add(LOOK_SECONDS);
        self.next_look.store(next, Ordering::Release);
        if is_over { Err(self.over()) } else { Ok(()) }
    }

    /// Seconds until the trial is over, as seen now.
    pub(crate) fn seconds_left(&self) -> Result<u64, LicenceError> {
        let mut running: MutexGuard<'_, Option<Running>> =
            self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let look = self.device.look(&self.licence, &self.terms, &mut running)?;
        Ok(look.judgement.seconds_left(&self.terms))
    }

    fn over(&self) -> LicenceError {
        LicenceError::Expired {
            at: self.terms.expires_at,
        }
    }
}
