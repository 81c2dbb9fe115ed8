//! How many frames have to agree.

use crate::config::OutOfRange;

/// How many frames have to agree, of how many, within what time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecisionRules {
    pub(super) needed: usize,
    pub(super) of: usize,
    pub(super) within_us: u64,
}

impl DecisionRules {
    /// `needed` of the newest `of` frames (1 to 32), of which it has to be more than half, so that frames cannot agree on
    /// both; all of them within `within_us` microseconds (0.1 to 10 s).
    ///
    /// # Errors
    /// [`OutOfRange`] with the offending value.
    pub fn new(needed: usize, of: usize, within_us: u64) -> Result<Self, OutOfRange> {
        let refuse = |name, value, range| Err(OutOfRange { name, value, range });
        if !(1..=32).contains(&of) {
            return refuse("frames of a decision", of as f64, "1 to 32");
        }
        if needed <= of / 2 || needed > of {
            let range = "more than half of the frames, and no more than all";
            return refuse("frames that have to agree", needed as f64, range);
        }
        if !(100_000..=10_000_000).contains(&within_us) {
            return refuse(
                "time of a decision",
                within_us as f64,
                "100000 to 10000000 us",
            );
        }
        Ok(Self {
            needed,
            of,
            within_us,
        })
    }
}

impl Default for DecisionRules {
    /// 3 of 5 within 1.5 s.
    fn default() -> Self {
        Self {
            needed: 3,
            of: 5,
            within_us: 1_500_000,
        }
    }
}
