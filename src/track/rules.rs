//! When a face counts as the one of the last frame, as new, and as gone.

use crate::config::OutOfRange;

/// When a face counts as the one of the last frame, as new, and as gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackRules {
    pub(super) strong_score: f32,
    pub(super) sightings_to_enter: u32,
    pub(super) gone_after_us: u64,
    pub(super) least_likeness: f32,
}

impl TrackRules {
    /// Detections of `score` (0 to 1) or more may begin a track; weaker ones only go on with one.
    ///
    /// # Errors
    /// [`OutOfRange`] outside 0 to 1.
    pub fn with_strong_score(mut self, score: f32) -> Result<Self, OutOfRange> {
        if !(0.0..=1.0).contains(&score) {
            return refuse("score that begins a track", f64::from(score), "0 to 1");
        }
        self.strong_score = score;
        Ok(self)
    }

    /// A face enters when it was seen in so many frames without a gap, 1 to 10.
    ///
    /// # Errors
    /// [`OutOfRange`] outside 1 to 10.
    pub fn with_sightings_to_enter(mut self, frames: u32) -> Result<Self, OutOfRange> {
        if !(1..=10).contains(&frames) {
            return refuse("sightings to enter", f64::from(frames), "1 to 10");
        }
        self.sightings_to_enter = frames;
        Ok(self)
    }

    /// A face has left when it was not seen for so long, 0.1 to 10 s, in microseconds.
    ///
    /// # Errors
    /// [`OutOfRange`] outside 100,000 to 10,000,000.
    pub fn with_gone_after_us(mut self, micros: u64) -> Result<Self, OutOfRange> {
        if !(100_000..=10_000_000).contains(&micros) {
            return refuse(
                "time after which a face is gone",
                micros as f64,
                "100000 to 10000000 us",
            );
        }
        self.gone_after_us = micros;
        Ok(self)
    }

    /// Faces that were apart are one person from this likeness on, in the unit of [`Appearance`](super::Appearance), -1 to 1.
    ///
    /// # Errors
    /// [`OutOfRange`] outside -1 to 1.
    pub fn with_least_likeness(mut self, likeness: f32) -> Result<Self, OutOfRange> {
        if !(-1.0..=1.0).contains(&likeness) {
            return refuse("least likeness", f64::from(likeness), "-1 to 1");
        }
        self.least_likeness = likeness;
        Ok(self)
    }
}

fn refuse<T>(name: &'static str, value: f64, range: &'static str) -> Result<T, OutOfRange> {
    Err(OutOfRange { name, value, range })
}

impl Default for TrackRules {
    /// Score 0.6, 2 sightings, gone after 3 s, likeness 0.5.
    fn default() -> Self {
        Self {
            strong_score: 0.6,
            sightings_to_enter: 2,
            gone_after_us: 3_000_000,
            least_likeness: 0.5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_their_range_are_refused_and_named() {
        let rules = TrackRules::default();
        for (made, name) in [
            (rules.with_strong_score(1.01), "score that begins a track"),
            (
                rules.with_strong_score(f32::NAN),
                "score that begins a track",
            ),
            (rules.with_sightings_to_enter(0), "sightings to enter"),
            (rules.with_sightings_to_enter(11), "sightings to enter"),
            (
                rules.with_gone_after_us(99_999),
                "time after which a face is gone",
            ),
            (
                rules.with_gone_after_us(10_000_001),
                "time after which a face is gone",
            ),
            (rules.with_least_likeness(-1.1), "least likeness"),
            (rules.with_least_likeness(f32::NAN), "least likeness"),
        ] {
            assert_eq!(made.expect_err(name).name, name);
        }
        assert!(rules.with_strong_score(1.0).is_ok());
        assert!(rules.with_sightings_to_enter(10).is_ok());
        assert!(rules.with_gone_after_us(100_000).is_ok());
        assert!(rules.with_least_likeness(-1.0).is_ok());
    }
}
