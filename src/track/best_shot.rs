//! The best frames of a track: good ones that differ.

use crate::config::OutOfRange;

/// Shots closer in time than this, with the head turned alike, count as one look.
const ALIKE_US: u64 = 300_000;

/// Heads turned by less than this many degrees count as turned alike.
const ALIKE_DEGREES: f32 = 8.0;

/// How a frame shows a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Capture time in microseconds.
    pub at_us: u64,
    /// The pack's quality, `0..=100`; more is better.
    pub quality: f32,
    /// How far the head is turned to the side, in degrees.
    pub yaw: f32,
    /// How far the head is raised, in degrees.
    pub pitch: f32,
}

impl View {
    /// Whether both show about the same.
    fn is_like(&self, other: &Self) -> bool {
        self.at_us.abs_diff(other.at_us) < ALIKE_US
            && (self.yaw - other.yaw).abs() < ALIKE_DEGREES
            && (self.pitch - other.pitch).abs() < ALIKE_DEGREES
    }

    fn is_valid(&self) -> bool {
        self.quality.is_finite() && self.yaw.is_finite() && self.pitch.is_finite()
    }
}

/// A frame that is kept, with what was taken from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot<T> {
    /// How it shows the face.
    pub view: View,
    /// What was taken from it, such as the straightened face.
    pub kept: T,
}

/// The best frames of a track, best first. The best frame of all is always among them; of frames that show about the same
/// (0.3 s and 8° apart at most) only the better one is kept.
#[derive(Clone, Debug)]
pub struct BestShots<T> {
    most: usize,
    shots: Vec<Shot<T>>,
}

impl<T> BestShots<T> {
    /// Keeps `most` frames, 1 to 5.
    ///
    /// # Errors
    /// [`OutOfRange`] outside 1 to 5.
    pub fn new(most: usize) -> Result<Self, OutOfRange> {
        if !(1..=5).contains(&most) {
            return Err(OutOfRange {
                name: "best shots of a track",
                value: most as f64,
                range: "1 to 5",
            });
        }
        Ok(Self {
            most,
            shots: Vec::with_capacity(most),
        })
    }

    /// Whether [`offer`](Self::offer) would keep a frame that shows the face so; for what costs something to take.
    #[must_use]
    pub fn wants(&self, view: &View) -> bool {
        if !view.is_valid() {
            return false;
        }
        let worse = |shot: &Shot<T>| shot.view.quality < view.quality;
        let mut alike = self.shots.iter().filter(|shot| shot.view.is_like(view));
        match alike.next() {
            Some(first) => worse(first) && alike.all(worse),
            None => self.shots.len() < self.most || self.shots.last().is_some_and(worse),
        }
    }

    /// Keeps the frame if it is better than what it replaces: every frame that shows about the same, or else the worst one
    /// where there is no place left. Says whether it did; a view with a number that is not finite is never kept.
    pub fn offer(&mut self, view: View, take: impl FnOnce() -> T) -> bool {
        if !self.wants(&view) {
            return false;
        }
        self.shots.retain(|shot| !shot.view.is_like(&view));
        self.shots.truncate(self.most - 1);
        let at = self
            .shots
            .partition_point(|shot| shot.view.quality >= view.quality);
        let kept = take();
        self.shots.insert(at, Shot { view, kept });
        true
    }

    /// What is kept, best first.
    #[must_use]
    pub fn shots(&self) -> &[Shot<T>] {
        &self.shots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn view(at_ms: u64, quality: f32, yaw: f32) -> View {
        View {
            at_us: at_ms * 1000,
            quality,
            yaw,
            pitch: 0.0,
        }
    }

    fn kept(shots: &BestShots<u32>) -> Vec<u32> {
        shots.shots().iter().map(|shot| shot.kept).collect()
    }

    #[test]
    fn so_many_shots_are_allowed_and_no_others() {
        assert!(BestShots::<()>::new(0).is_err());
        assert!(BestShots::<()>::new(1).is_ok());
        assert!(BestShots::<()>::new(5).is_ok());
        assert!(BestShots::<()>::new(6).is_err());
    }

    #[test]
    fn of_frames_that_show_the_same_the_better_one_is_kept() {
        let mut shots = BestShots::new(3).expect("3 shots");
        assert!(shots.offer(view(0, 60.0, 0.0), || 1));
        assert!(!shots.offer(view(100, 55.0, 2.0), || 2));
        assert!(
            !shots.offer(view(100, 60.0, 2.0), || 3),
            "no better than it"
        );
        assert!(shots.offer(view(200, 70.0, 2.0), || 4));
        assert_eq!(kept(&shots), [4]);
        assert!(shots.offer(view(250, 50.0, 20.0), || 5), "turned away");
        assert!(shots.offer(view(600, 40.0, 2.0), || 6), "later");
        assert_eq!(kept(&shots), [4, 5, 6]);
        assert!(
            !shots.offer(view(2000, 40.0, 0.0), || 7),
            "the worst is as good"
        );
        assert!(shots.offer(view(2000, 41.0, 0.0), || 8));
        assert_eq!(kept(&shots), [4, 5, 8]);
    }

    #[test]
    fn what_is_not_a_number_is_not_kept() {
        let mut shots = BestShots::new(1).expect("1 shot");
        assert!(!shots.offer(view(0, f32::NAN, 0.0), || 1));
        assert!(!shots.offer(view(0, 50.0, f32::INFINITY), || 2));
        assert!(shots.shots().is_empty());
    }

    proptest! {
        #[test]
        fn the_best_frame_is_kept_and_kept_ones_differ(
            most in 1_usize..=5,
            frames in prop::collection::vec((0_f32..100.0, -40_f32..40.0), 1..60),
        ) {
            let mut shots = BestShots::new(most).expect("1 to 5");
            for (n, (quality, yaw)) in frames.iter().enumerate() {
                shots.offer(view(40 * n as u64, *quality, *yaw), || n as u32);
            }
            let best = frames.iter().map(|f| f.0).fold(0.0, f32::max);
            prop_assert!(shots.shots().len() <= most);
            prop_assert_eq!(shots.shots()[0].view.quality, best);
            prop_assert!(shots.shots().is_sorted_by(|a, b| a.view.quality >= b.view.quality));
            for (n, shot) in shots.shots().iter().enumerate() {
                prop_assert!(shots.shots()[..n].iter().all(|other| !other.view.is_like(&shot.view)));
            }
        }
    }
}
