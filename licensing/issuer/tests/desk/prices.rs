//! The price list at every border, and the two places where more seats cost less.

use vultus_issuer::price::{LISTED_MAX, QUANTITY_MAX, TOTAL_FEN_MAX, Total, total, yuan};
use vultus_licensing::licence::Tier;

fn fen(tier: Tier, quantity: u32) -> u64 {
    total(tier, quantity, None).unwrap().fen()
}

fn refused(tier: Tier, quantity: u32, agreed: Option<u64>) -> &'static str {
    total(tier, quantity, agreed).unwrap_err().name()
}

#[test]
fn the_steps_include_their_last_quantity() {
    let steps = [(50, 1_000), (1_001, 5_000), (5_001, 10_000)];
    let prices = [
        (Tier::Detect, [68, 58, 48]),
        (Tier::Liveness, [88, 78, 68]),
        (Tier::Recognise, [118, 95, 88]),
    ];
    for (tier, yuan_a_seat) in prices {
        for ((first, last), unit) in steps.into_iter().zip(yuan_a_seat) {
            for quantity in [first, first + 1, last - 1, last] {
                assert_eq!(fen(tier, quantity), u64::from(quantity) * unit * 100);
            }
        }
    }
}

#[test]
fn a_thousand_and_one_recognise_seats_cost_less_than_a_thousand() {
    assert_eq!(yuan(fen(Tier::Recognise, 1_000)), "118000.00");
    assert_eq!(yuan(fen(Tier::Recognise, 1_001)), "95095.00");
}

#[test]
fn five_thousand_and_one_liveness_seats_cost_less_than_five_thousand() {
    assert_eq!(yuan(fen(Tier::Liveness, 5_000)), "390000.00");
    assert_eq!(yuan(fen(Tier::Liveness, 5_001)), "340068.00");
}

#[test]
fn an_order_of_49_is_refused_and_one_of_50_is_not() {
    for tier in Tier::ALL {
        for quantity in [0, 1, 49] {
            assert_eq!(refused(tier, quantity, None), "LedgerMinimum");
            assert_eq!(refused(tier, quantity, Some(1)), "LedgerMinimum");
        }
        assert!(total(tier, 50, None).is_ok());
    }
}

#[test]
fn above_ten_thousand_a_quote_is_needed_and_up_to_there_refused() {
    for tier in Tier::ALL {
        assert!(matches!(
            total(tier, LISTED_MAX, None),
            Ok(Total::Listed { .. })
        ));
        assert_eq!(refused(tier, LISTED_MAX, Some(1)), "PriceFixed");
        assert_eq!(refused(tier, LISTED_MAX + 1, None), "QuoteNeeded");
        let quoted = total(tier, LISTED_MAX + 1, Some(7)).unwrap();
        assert_eq!(quoted, Total::Quoted { fen: 7 });
    }
}

#[test]
fn quotes_and_quantities_have_bounds() {
    let quoted = |quantity, fen| total(Tier::Detect, quantity, Some(fen));
    assert!(quoted(QUANTITY_MAX, TOTAL_FEN_MAX).is_ok());
    assert!(quoted(QUANTITY_MAX, 1).is_ok());
    assert_eq!(refused(Tier::Detect, QUANTITY_MAX, Some(0)), "QuoteRange");
    let above = Some(TOTAL_FEN_MAX + 1);
    assert_eq!(refused(Tier::Detect, QUANTITY_MAX, above), "QuoteRange");
    assert_eq!(
        refused(Tier::Detect, QUANTITY_MAX + 1, Some(1)),
        "LedgerMaximum"
    );
    assert_eq!(refused(Tier::Detect, u32::MAX, Some(1)), "LedgerMaximum");
}

#[test]
fn amounts_have_two_digits_behind_the_point() {
    assert_eq!(yuan(0), "0.00");
    assert_eq!(yuan(5), "0.05");
    assert_eq!(yuan(11_800_000), "118000.00");
    assert_eq!(yuan(u64::MAX), "184467440737095516.15");
}
