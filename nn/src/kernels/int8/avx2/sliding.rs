//! Depthwise windows of 3 × 3 over neighbouring columns.

/// The kernel over 256 bits: each column is read once and meets the windows of which it is the first, the middle and
/// the last. How eight sums grow by two products each differs, the rest does not.
macro_rules! sliding_kernel {
    ($features:literal, |$sum:ident, $pairs:ident, $weights:ident| $grown:expr) => {
        use $crate::kernels::int8::avx2::halves::{Halves, each_vector, start};

        /// # Safety
        /// As for [`DenseKernel`](crate::kernels::int8::DenseKernel); cells are by columns.
        #[target_feature(enable = $features)]
        unsafe fn sliding(t: &DepthwiseTile) {
            // SAFETY: the caller's promise.
            unsafe { each_vector!(t, slide) };
        }

        /// Hands over the sums of all windows of vector `v`.
        ///
        /// # Safety
        /// As for `sliding`.
        #[inline]
        #[target_feature(enable = $features)]
        unsafe fn slide(t: &DepthwiseTile, v: usize, each: impl Fn(usize, Halves)) {
            // SAFETY: the caller's promise about every field; the last window's last column is the last there is.
            unsafe {
                let start = start(&t.epilogue, v);
                let weights: *const Halves = t.weights.add(v * (t.count / 2)).cast();
                // Of the two upper rows, by column; of the lowest row's second and third column; of its first alone.
                let [first, middle, last, lower_pair, lower_first] =
                    [0, 1, 2, 3, 4].map(|pair| &*weights.add(pair));
                let rows = [0, 1, 9].map(|cell| (*t.cells.add(cell)).add(v * LANES));
                let words = |row: usize, x: usize| {
                    _mm256_cvtepu8_epi16(_mm_loadu_si128(rows[row].add(x * t.step).cast()))
                };
                let pairs = |a, b| [_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b)];
                let grown = |mut sums: Halves, pairs: Halves, weights: &Halves| {
                    for (half, sum) in sums.iter_mut().enumerate() {
                        let ($sum, $pairs, $weights) = (*sum, pairs[half], weights[half]);
                        *sum = $grown;
                    }
                    sums
                };
                // Of the column before, what the lowest row has there.
                let mut before = _mm256_setzero_si256();
                let mut column = |x: usize| {
                    let (upper, lowest) = (pairs(words(0, x), words(1, x)), words(2, x));
                    let lower = pairs(before, lowest);
                    before = lowest;
                    [upper, lower]
                };
                // PoolWindows that lack their last column, and their last two.
                let [upper, lower] = column(0);
                let mut lacks_one = grown(grown(start, upper, first), lower, lower_first);
                let [upper, lower] = column(1);
                lacks_one = grown(lacks_one, upper, middle);
                let mut lacks_two = grown(grown(start, upper, first), lower, lower_first);
                for p in 0..t.pixels {
                    let [upper, lower] = column(p + 2);
                    each(p, grown(grown(lacks_one, upper, last), lower, lower_pair));
                    lacks_one = grown(lacks_two, upper, middle);
                    lacks_two = grown(grown(start, upper, first), lower, lower_first);
                }
            }
        }
    };
}
pub(in crate::kernels::int8) use sliding_kernel;
