//! Watching a trial's time while it runs.

use crate::clock::{Judgement, Reading, Running, Terms};
use crate::device::{Device, RELEASED};
use crate::error::LicenceError;
use crate::licence::{Licence, Term};
use crate::state::State;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A running trial reads its state this often.
const CHECK_SECONDS: u64 = 60;
/// A trial runs this long, by the monotonic clock, without being able to write its state.
const WRITE_GRACE_SECONDS: u64 = 24 * 3600;

/// What a licence says about time; a permanent one says nothing.
pub(crate) fn terms(licence: &Licence) -> Option<Terms> {
    match licence.term {
        Term::Permanent => None,
        Term::Trial { expires_at } => Some(Terms {
            issued_at: licence.issued_at,
            expires_at,
            without_rtc: licence.without_rtc,
            released: RELEASED,
        }),
    }
}

/// What a trial's clock and state say.
pub(crate) struct TrialStatus {
    pub(crate) state: State,
    pub(crate) judgement: Judgement,
    /// Why the state could not be written, within the grace for that.
    pub(crate) write_error: Option<LicenceError>,
}

impl Device {
    /// Reads the clock and the state, and writes the state when it is due. `running` is what this
    /// process knows from the last update, `None` at a start.
    pub(crate) fn update_trial(
        &self,
        licence: &Licence,
        terms: &Terms,
        running: &mut Option<Running>,
    ) -> Result<TrialStatus, LicenceError> {
        let mut found = self.evaluate_trial(licence, terms, running.as_ref())?;
        let mut unaccounted_from = running.map_or(found.reading.boot_seconds, |running| {
            running.unaccounted_from
        });
        let mut write_error = None;
        // Most updates only read: files are replaced whole, so that needs no lock.
        if found.must_write {
            match self.lock() {
                Err(cause @ LicenceError::StateUnsafe { .. }) => return Err(cause),
                // A folder that cannot be locked cannot be written.
                Err(cause) => write_error = Some(cause),
                Ok(_lock) => {
                    // Another process may have written before this one had the lock.
                    found = self.evaluate_trial(licence, terms, running.as_ref())?;
                    if found.must_write {
                        found.state.counter = found.state.counter.saturating_add(1);
                        found.state.timeline = found.judgement.timeline;
                        match self.replicas(licence).store(&found.state) {
                            Ok(()) => unaccounted_from = found.reading.boot_seconds,
                            Err(cause) => write_error = Some(cause),
                        }
                    }
                }
            }
        }
        if let Some(cause) = write_error.take_if(|_| found.is_grace_over) {
            return Err(cause);
        }
        *running = Some(Running {
            unaccounted_from,
            mark: found.judgement.timeline.mark,
            marked_at: found.reading.boot_seconds,
        });
        Ok(TrialStatus {
            state: found.state,
            judgement: found.judgement,
            write_error,
        })
    }

    /// Reads the clock and the state and judges them, without writing.
    fn evaluate_trial(
        &self,
        licence: &Licence,
        terms: &Terms,
        running: Option<&Running>,
    ) -> Result<Evaluation, LicenceError> {
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
        Ok(Evaluation {
            // A copy that can never be written must not cost a write at every update.
            must_write: judgement.must_write || (starts && !loaded.is_whole),
            is_grace_over: is_grace_over(&state, &reading),
            reading,
            state,
            judgement,
        })
    }
}

/// What was read, and what it means.
struct Evaluation {
    reading: Reading,
    state: State,
    judgement: Judgement,
    must_write: bool,
    is_grace_over: bool,
}

/// Counts from the last write in this boot, or from the boot: a restart of the program renews
/// nothing.
fn is_grace_over(state: &State, reading: &Reading) -> bool {
    let timeline = &state.timeline;
    let since = if timeline.is_of_boot(reading) {
        timeline.boot_seconds
    } else {
        0
    };
    reading.boot_seconds.saturating_sub(since) >= WRITE_GRACE_SECONDS
}

/// A trial that runs.
pub(crate) struct TrialWatch {
    device: Device,
    licence: Licence,
    terms: Terms,
    /// The second of this boot at which to read the state again.
    next_check: AtomicU64,
    is_over: AtomicBool,
    running: Mutex<Option<Running>>,
}

impl TrialWatch {
    /// Watches a trial from its first update on.
    pub(crate) fn new(
        device: Device,
        licence: Licence,
        terms: Terms,
        running: Option<Running>,
    ) -> Self {
        let checked_at = running.map_or(0, |running| running.marked_at);
        Self {
            terms,
            device,
            licence,
            next_check: AtomicU64::new(checked_at.saturating_add(CHECK_SECONDS)),
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
        if now >= self.next_check.load(Ordering::Acquire) {
            return self.check_now();
        }
        if self.is_over.load(Ordering::Acquire) {
            return Err(self.over());
        }
        Ok(())
    }

    pub(crate) fn check_now(&self) -> Result<(), LicenceError> {
        // A panic in an update leaves the value of the last one, which is never half written.
        let mut running: MutexGuard<'_, Option<Running>> =
            self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let status = self
            .device
            .update_trial(&self.licence, &self.terms, &mut running)?;
        let is_over = status.judgement.is_over(&self.terms);
        self.is_over.store(is_over, Ordering::Release);
        let checked_at = status.judgement.timeline.boot_seconds;
        let next = checked_at.saturating_add(CHECK_SECONDS);
        self.next_check.store(next, Ordering::Release);
        if is_over { Err(self.over()) } else { Ok(()) }
    }

    /// Seconds until the trial is over, as seen now.
    pub(crate) fn seconds_left(&self) -> Result<u64, LicenceError> {
        let mut running: MutexGuard<'_, Option<Running>> =
            self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let status = self
            .device
            .update_trial(&self.licence, &self.terms, &mut running)?;
        Ok(status.judgement.seconds_left(&self.terms))
    }

    fn over(&self) -> LicenceError {
        LicenceError::Expired {
            at: self.terms.expires_at,
        }
    }
}
