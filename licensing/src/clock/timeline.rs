//! The time that a trial believes in: never back, forward only by what can be trusted.
//!
//! Pure arithmetic on readings; reading, locking and writing are done elsewhere. The latest certain
//! time is the *mark*. It moves with the monotonic clock while the device is on, and with the wall
//! clock when that is at most [`AHEAD_SECONDS`] ahead. Between two writes at most
//! [`RESERVE_SECONDS`] pass, and every write charges that much in advance: a power cut loses time,
//! it never gains any.

use super::{BootId, Reading};
use crate::policy::TRIAL_SECONDS;
use crate::time::UnixSeconds;

/// A wall clock further ahead of the mark than this decides, but is not believed at once: 7 days.
pub const AHEAD_SECONDS: u64 = 7 * 86_400;
/// Running time between two writes of the mark, charged in advance.
pub const RESERVE_SECONDS: u64 = 600;
/// A wall clock further behind the mark than this keeps a trial from starting: one day.
pub const ROLLBACK_SECONDS: u64 = 86_400;

/// A jump ahead is believed after this much running time in one boot ...
const BELIEF_SECONDS: u64 = 3600;
/// ... or in this many boots.
const BELIEF_BOOTS: u8 = 3;
/// A process that cannot take the lock may be overtaken by one that writes: by no more than this.
const OVERTAKEN_SECONDS: u64 = 60;
/// The mark is written this long before its reserve is used up.
const WRITE_EARLY_SECONDS: u64 = 60;

/// What a licence says about time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) issued_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) without_rtc: bool,
    /// The release of this SDK: no clock is right before it.
    pub(crate) released: UnixSeconds,
}

impl Terms {
    /// The earliest time that it can be.
    pub(crate) fn floor(&self) -> UnixSeconds {
        self.issued_at.max(self.released)
    }
}

/// A wall clock that jumped ahead and is not believed yet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ahead {
    /// Where it stood when the jump was first seen.
    pub(crate) wall: UnixSeconds,
    /// The boot in which it was last seen, and its first second there.
    pub(crate) boot: BootId,
    pub(crate) boot_seconds: u64,
    /// How many boots have seen it.
    pub(crate) boots: u8,
}

/// What a process that runs a trial knows by itself, whatever becomes of the state's files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    /// The second of this boot from which on it has run without being accounted.
    pub(crate) unaccounted_from: u64,
    /// The latest certain time that it has seen, and the second of this boot at which.
    pub(crate) mark: UnixSeconds,
    pub(crate) marked_at: u64,
}

impl Running {
    fn certain(&self, reading: &Reading) -> UnixSeconds {
        let since = reading.boot_seconds.saturating_sub(self.marked_at);
        self.mark.plus(since)
    }
}

/// The part of a trial's state that is about time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Timeline {
    /// The latest time that is certain.
    pub(crate) mark: UnixSeconds,
    /// The boot in which it was taken, and the second there.
    pub(crate) boot: BootId,
    pub(crate) boot_seconds: u64,
    /// Charged when the next boot finds the mark; 0 before the first write.
    pub(crate) reserve: u64,
    /// Seconds that the trial has run.
    pub(crate) run_seconds: u64,
    pub(crate) ahead: Option<Ahead>,
}

/// What a reading means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judgement {
    /// The state to write, when it is time to.
    pub(crate) timeline: Timeline,
    /// The time that decides.
    pub(crate) now: UnixSeconds,
    /// How far the wall clock is behind the mark, in seconds.
    pub(crate) behind_seconds: u64,
    /// Writing cannot wait.
    pub(crate) must_write: bool,
}

impl Timeline {
    /// Before the first reading: nothing is known but that it is later than `floor`.
    pub(crate) fn new(floor: UnixSeconds) -> Self {
        Self {
            mark: floor,
            boot: BootId::default(),
            boot_seconds: 0,
            reserve: 0,
            run_seconds: 0,
            ahead: None,
        }
    }

    /// Whether the mark was taken in the boot of this reading. A monotonic clock that went back
    /// belongs to another boot, whatever the boot's number says.
    pub(crate) fn is_of_boot(&self, reading: &Reading) -> bool {
        let earliest = self.boot_seconds.saturating_sub(OVERTAKEN_SECONDS);
        reading.boot == Some(self.boot) && reading.boot_seconds >= earliest
    }

    /// Seconds of this boot since the mark was taken. Another process may have taken it a moment
    /// after this reading.
    fn since_mark(&self, reading: &Reading) -> u64 {
        reading.boot_seconds.saturating_sub(self.boot_seconds)
    }

    /// The certain time by the mark alone: the monotonic clock in the same boot, the reserve after.
    fn derived(&self, reading: &Reading) -> UnixSeconds {
        self.mark.plus(if self.is_of_boot(reading) {
            self.since_mark(reading)
        } else {
            self.reserve
        })
    }

    /// What a reading means. `running` is what this process knows already; `None` when it only
    /// starts.
    pub(crate) fn judge(
        &self,
        reading: &Reading,
        terms: &Terms,
        running: Option<&Running>,
    ) -> Judgement {
        let derived = self.derived(reading);
        let mut certain = derived.max(terms.floor());
        if let Some(running) = running {
            certain = certain.max(running.certain(reading));
        }
        if let Some(seen) = reading.confirmed_evidence
            && seen <= certain.plus(AHEAD_SECONDS)
        {
            certain = certain.max(seen);
        }
        let behind_seconds = certain.since(reading.wall);
        let mut now = certain;
        let mut ahead = None;
        if reading.wall < UnixSeconds::IMPLAUSIBLE {
            now = certain.max(reading.wall);
            if reading.wall > certain.plus(AHEAD_SECONDS) {
                ahead = self.ahead_after(reading);
            }
            // Close enough to be believed, or believed by now.
            if ahead.is_none() {
                certain = now;
            }
        }
        let timeline = Self {
            mark: certain,
            boot: reading.boot.unwrap_or_default(),
            boot_seconds: reading.boot_seconds,
            reserve: RESERVE_SECONDS,
            run_seconds: self
                .run_seconds
                .saturating_add(self.unaccounted(reading, running)),
            ahead,
        };
        Judgement {
            must_write: self.is_due(reading, derived, &timeline),
            timeline,
            now,
            behind_seconds,
        }
    }

    /// The jump as seen so far, this reading included; `None` once it is believed.
    fn ahead_after(&self, reading: &Reading) -> Option<Ahead> {
        let boot = reading.boot.unwrap_or_default();
        let first = Ahead {
            wall: reading.wall,
            boot,
            boot_seconds: reading.boot_seconds,
            boots: 1,
        };
        // A clock that went back meanwhile does not agree with itself.
        let Some(seen) = self.ahead.filter(|seen| reading.wall >= seen.wall) else {
            return Some(first);
        };
        if seen.boot != boot {
            let boots = seen.boots.saturating_add(u8::from(reading.boot.is_some()));
            return (boots < BELIEF_BOOTS).then_some(Ahead {
                boots,
                wall: seen.wall,
                ..first
            });
        }
        let agreed = reading.boot_seconds.saturating_sub(seen.boot_seconds);
        (agreed < BELIEF_SECONDS).then_some(seen)
    }

    /// Seconds that this process has run since the state was last written, by any process.
    fn unaccounted(&self, reading: &Reading, running: Option<&Running>) -> u64 {
        let Some(mut since) = running.map(|running| running.unaccounted_from) else {
            return 0;
        };
        if self.is_of_boot(reading) {
            since = since.max(self.boot_seconds);
        }
        reading.boot_seconds.saturating_sub(since)
    }

    fn is_due(&self, reading: &Reading, derived: UnixSeconds, next: &Self) -> bool {
        !self.is_of_boot(reading)
            || self.reserve < RESERVE_SECONDS
            || self.since_mark(reading) >= RESERVE_SECONDS - WRITE_EARLY_SECONDS
            || next.mark > derived.plus(WRITE_EARLY_SECONDS)
            || next.ahead != self.ahead
    }
}

impl Judgement {
    /// Whether the trial is over.
    pub(crate) fn is_over(&self, terms: &Terms) -> bool {
        self.now >= terms.expires_at || self.timeline.run_seconds >= TRIAL_SECONDS
    }

    /// Seconds until it is over: by the date, or by the time it may run, whichever comes first.
    pub(crate) fn seconds_left(&self, terms: &Terms) -> u64 {
        let by_date = terms.expires_at.since(self.now);
        by_date.min(TRIAL_SECONDS.saturating_sub(self.timeline.run_seconds))
    }

    /// Whether the clock was set back too far for a trial to start.
    pub(crate) fn bars_start(&self, terms: &Terms) -> bool {
        !terms.without_rtc && self.behind_seconds > ROLLBACK_SECONDS
    }
}
