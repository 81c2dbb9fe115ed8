//! What kernels work on: 64 rows of int8 codes, a nibble at a time, a probe in int8 codes, and the
//! cutoff that a row has to reach.

/// Rows of a block: those that one call computes.
pub(in super::super) const BLOCK: usize = 64;

/// Values come in groups of this, so that no kernel has a tail: the nibbles of a group fill
/// [`WIDTH`] bytes.
pub(in super::super) const GROUP: usize = 128;

/// Bytes of a group of nibbles: one AVX-512 register, one line of the cache. Byte `i` holds the
/// nibble of value `i` in its lower bits and that of value `i + WIDTH` in its upper ones, which
/// takes a mask and a shift to undo and no shuffle.
pub(in super::super) const WIDTH: usize = GROUP / 2;

/// A nibble `n` stands for the odd number `2n - 15`: `-15..=15`, even about 0, while
/// the instructions get an unsigned factor that is too small for any of their sums to saturate.
pub(in super::super) const NIBBLE_ZERO: i32 = 15;

/// A probe's int8 codes, `-127..=127`, padded with zeros to a multiple of [`GROUP`].
#[derive(Clone, Debug)]
pub(in super::super) struct ProbeCodes {
    pub(super) codes: Vec<i8>,
    /// What [`NIBBLE_ZERO`] takes from each product.
    pub(super) offset: i32,
}

impl ProbeCodes {
    /// Pads `codes` with zeros.
    pub(in super::super) fn new(mut codes: Vec<i8>) -> Self {
        codes.resize(codes.len().next_multiple_of(GROUP), 0);
        let sum: i32 = codes.iter().map(|&code| i32::from(code)).sum();
        Self {
            offset: sum * NIBBLE_ZERO,
            codes,
        }
    }

    /// Bytes of one row of nibbles.
    pub(in super::super) fn stride(&self) -> usize {
        self.codes.len() / 2
    }
}

/// A row that reaches it may be among the best: `scale · gain · product + length · high_residual` has
/// to be at least `least`. A row whose scale is NaN never is.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Cutoff {
    pub(in super::super) gain: f32,
    pub(in super::super) length: f32,
    pub(in super::super) least: f32,
}

impl Cutoff {
    /// Whether a row reaches it.
    pub(in super::super) fn is_reached(self, scale: f32, high_residual: f32, product: i32) -> bool {
        scale * (self.gain * product as f32) + self.length * high_residual >= self.least
    }
}

/// What a cutoff needs of a block's rows.
#[derive(Clone, Debug)]
pub(in super::super) struct RowScales {
    /// NaN where the row is vacant, which no comparison passes.
    pub(in super::super) scales: [f32; BLOCK],
    pub(in super::super) high_residuals: [f32; BLOCK],
}

/// Products of one block's rows with a probe.
pub(in super::super) type Products = [i32; BLOCK];

/// One row of a block.
pub(super) fn row<'a>(rows: &'a [u8], probe: &ProbeCodes, position: usize) -> &'a [u8] {
    &rows[position * probe.stride()..][..probe.stride()]
}

/// The set bits, lowest first.
pub(in super::super) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            bit
        })
    })
}

/// The bits of a word by fours, the last one again where they end.
#[cfg(target_arch = "x86_64")]
pub(super) fn fours(word: u64) -> impl Iterator<Item = [usize; 4]> {
    let mut bits = ones(word);
    std::iter::from_fn(move || {
        let first = bits.next()?;
        let mut four = [first; 4];
        for at in 1..4 {
            four[at] = bits.next().unwrap_or(four[at - 1]);
        }
        Some(four)
    })
}
