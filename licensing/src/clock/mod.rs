//! Clocks: what a device can say about the time, and what a trial makes of it.
//!
//! A permanent licence never reads one.

mod reading;
#[cfg(any(target_os = "linux", target_os = "android"))]
mod system;
mod timeline;

pub(crate) use reading::Reading;
pub use reading::{BootId, Clock};
#[cfg(any(target_os = "linux", target_os = "android"))]
pub use system::SystemClock;
pub use timeline::{AHEAD_SECONDS, RESERVE_SECONDS, ROLLBACK_SECONDS};
pub(crate) use timeline::{Ahead, Judgement, Running, Terms, Timeline};
