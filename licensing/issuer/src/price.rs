//! The price list, in fen: whole numbers, never floating point.
//!
//! Upper bounds are inclusive: 1000 is the first step, 5000 the second, 10 000 the third; from
//! 10 001 on the vendor quotes. The whole quantity is charged at the step reached, so 1001 cost
//! less than 1000. That is the published rule and stays as it is.
//!
//! Ledgers are replayed under these rules. A new list is added beside this one, with the time from
//! which it holds; this one is never edited.

use crate::refusal::Refusal;
use vultus_licensing::licence::Tier;

/// Smallest order.
pub const QUANTITY_MIN: u32 = 50;
/// Largest order that the list prices.
pub const LISTED_MAX: u32 = 10_000;
/// Largest order at all.
pub const QUANTITY_MAX: u32 = 1_000_000;
/// Largest agreed total: a thousand yuan for each of the largest order's seats.
pub const TOTAL_FEN_MAX: u64 = 100_000 * QUANTITY_MAX as u64;

/// Last quantity of each step.
const STEPS: [u32; 3] = [1_000, 5_000, LISTED_MAX];

/// Fen a seat, in the order of [`STEPS`].
const fn unit_prices(tier: Tier) -> [u64; 3] {
    match tier {
        Tier::Detect => [6_800, 5_800, 4_800],
        Tier::Liveness => [8_800, 7_800, 6_800],
        Tier::Recognise => [11_800, 9_500, 8_800],
    }
}

/// How an order's total came about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Total {
    /// From the list.
    Listed {
        /// Fen.
        fen: u64,
        /// Fen a seat.
        unit_fen: u64,
    },
    /// Agreed in a quote.
    Quoted {
        /// Fen.
        fen: u64,
    },
}

impl Total {
    /// The total in fen.
    #[must_use]
    pub const fn fen(self) -> u64 {
        match self {
            Self::Listed { fen, .. } | Self::Quoted { fen } => fen,
        }
    }
}

/// The total of an order. `agreed` is the quote's total in fen, 1 to [`TOTAL_FEN_MAX`]: needed
/// above [`LISTED_MAX`] seats and refused up to there.
///
/// # Errors
/// [`Refusal::LedgerMinimum`], [`Refusal::LedgerMaximum`], [`Refusal::QuoteNeeded`],
/// [`Refusal::PriceFixed`], [`Refusal::QuoteRange`].
pub fn total(tier: Tier, quantity: u32, agreed: Option<u64>) -> Result<Total, Refusal> {
    if quantity < QUANTITY_MIN {
        return Err(Refusal::LedgerMinimum { quantity });
    }
    if quantity > QUANTITY_MAX {
        return Err(Refusal::LedgerMaximum { quantity });
    }
    let step = STEPS.iter().position(|&last| quantity <= last);
    match (step, agreed) {
        (Some(step), None) => {
            let unit_fen = unit_prices(tier)[step];
            Ok(Total::Listed {
                fen: u64::from(quantity) * unit_fen,
                unit_fen,
            })
        }
        (Some(_), Some(_)) => Err(Refusal::PriceFixed { quantity }),
        (None, None) => Err(Refusal::QuoteNeeded { quantity }),
        (None, Some(fen @ 1..=TOTAL_FEN_MAX)) => Ok(Total::Quoted { fen }),
        (None, Some(fen)) => Err(Refusal::QuoteRange { fen }),
    }
}

/// An amount in yuan, such as `118000.00`.
#[must_use]
pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
