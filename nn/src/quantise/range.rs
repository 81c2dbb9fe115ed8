//! The range of a tensor that is quantised.

use super::observe::{BINS, Tensor};

/// Ends of a range that are tried on each side.
const ENDS: usize = 80;

/// The range whose 256 steps have the least expected square error: rounding inside it, a
/// twelfth of a squared step; the squared distance to its end outside.
pub(super) fn best(tensor: &Tensor) -> (f32, f32) {
    let sums = Sums::of(tensor);
    let ends = |end: f32| {
        let count = if end == 0.0 { 1 } else { ENDS };
        (0..count).map(move |step| end * (1.0 - step as f32 / ENDS as f32))
    };
    let error = |low: f32, high: f32| {
        let step = f64::from(high - low) / 255.0;
        let inside = sums.all - sums.above(high)[0] - sums.below(low)[0];
        inside * step * step / 12.0 + sums.distance(high, true) + sums.distance(low, false)
    };
    let mut best = (tensor.low, tensor.high);
    let mut least = error(best.0, best.1);
    for low in ends(tensor.low) {
        for high in ends(tensor.high) {
            let error = error(low, high);
            if error < least {
                (best, least) = ((low, high), error);
            }
        }
    }
    best
}

/// Number, sum and sum of squares of the values up to each bin.
struct Sums {
    low: f64,
    width: f64,
    until: Vec<[f64; 3]>,
    all: f64,
}

impl Sums {
    fn of(tensor: &Tensor) -> Self {
        let low = f64::from(tensor.low);
        let width = (f64::from(tensor.high) - low) / BINS as f64;
        let mut until = vec![[0.0; 3]];
        for (bin, &count) in tensor.bins.iter().enumerate() {
            let (count, value) = (count as f64, low + (bin as f64 + 0.5) * width);
            let [n, sum, squares] = until[bin];
            until.push([
                n + count,
                sum + count * value,
                squares + count * value * value,
            ]);
        }
        Self {
            low,
            width,
            all: until[BINS][0],
            until,
        }
    }

    /// Of the bins that lie below a value.
    fn below(&self, value: f32) -> [f64; 3] {
        let bin = (f64::from(value) - self.low) / self.width.max(f64::MIN_POSITIVE);
        self.until[(bin.round() as usize).min(BINS)]
    }

    fn above(&self, value: f32) -> [f64; 3] {
        let (below, all) = (self.below(value), self.until[BINS]);
        [0, 1, 2].map(|i| all[i] - below[i])
    }

    /// Sum of squared distances of all values beyond an end.
    fn distance(&self, end: f32, above: bool) -> f64 {
        let [n, sum, squares] = if above {
            self.above(end)
        } else {
            self.below(end)
        };
        let end = f64::from(end);
        (squares - 2.0 * end * sum + n * end * end).max(0.0)
    }
}
