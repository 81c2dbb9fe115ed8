//! CPU time of this process.

use rustix::time::{ClockId, clock_gettime};

/// Milliseconds of CPU time that `work` took.
pub(crate) fn cpu_ms(work: impl FnOnce()) -> f64 {
    let before = now_ms();
    work();
    now_ms() - before
}

/// Milliseconds of CPU time since the process began.
pub(crate) fn now_ms() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 * 1e3 + now.tv_nsec as f64 / 1e6
}
