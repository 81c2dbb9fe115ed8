//! Long work in batches of a few seconds, each kept before the next begins.

use std::time::Duration;

/// What a batch should take: long enough that opening and writing the gallery is little beside it, short enough that
/// little is lost.
const TARGET: Duration = Duration::from_millis(2_500);

/// Most photographs of a batch, however fast they are read.
const MOST: usize = 4_096;

/// How many photographs the next batch may have.
#[derive(Debug)]
pub(super) struct Pace {
    next: usize,
}

impl Pace {
    /// Begins with one photograph for each thread.
    pub(super) fn new(threads: usize) -> Self {
        Self {
            next: threads.max(1),
        }
    }

    /// Photographs of the next batch.
    pub(super) fn next(&self) -> usize {
        self.next
    }

    /// So many photographs took so long. The next batch is at most four times as large, because the first photographs
    /// also plan the networks.
    pub(super) fn took(&mut self, photographs: usize, time: Duration) {
        let rate = photographs as f64 / time.as_secs_f64().max(1e-6);
        let fitting = (rate * TARGET.as_secs_f64()) as usize;
        self.next = fitting.clamp(1, self.next.saturating_mul(4).min(MOST));
    }
}

/// How many of the items at the front have so many photographs together: at least one item.
pub(super) fn front<T>(items: &[T], photographs: usize, of: impl Fn(&T) -> usize) -> usize {
    let mut sum = 0;
    let fitting = items.iter().take_while(|item| {
        sum += of(item);
        sum <= photographs
    });
    fitting.count().max(1).min(items.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_takes_two_and_a_half_seconds_at_the_pace_of_the_last_one() {
        let mut pace = Pace::new(8);
        pace.took(8, Duration::from_secs(1));
        assert_eq!(pace.next(), 20);
        pace.took(20, Duration::from_secs(1));
        assert_eq!(pace.next(), 50);
        // Never more than four times as many as before, nor none.
        pace.took(50, Duration::from_micros(1));
        assert_eq!(pace.next(), 200);
        pace.took(1, Duration::from_secs(100));
        assert_eq!(pace.next(), 1);
        pace.took(0, Duration::ZERO);
        assert_eq!(pace.next(), 1);
    }

    #[test]
    fn a_batch_has_whole_items_and_at_least_one() {
        let of = |item: &usize| *item;
        assert_eq!(front(&[2, 2, 2], 4, of), 2);
        assert_eq!(front(&[2, 2, 2], 5, of), 2);
        assert_eq!(front(&[9, 1], 4, of), 1);
        assert_eq!(front(&[1], 4, of), 1);
        assert_eq!(front(&[], 4, of), 0);
    }
}
