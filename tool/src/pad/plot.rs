//! The detection error trade-off as SVG (Martin et al., Eurospeech 1997): both axes by the normal deviate.

use super::tally::Curve;
use crate::eval::plots::svg;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use std::ops::Range;

/// Shares that the axes name.
const TICKS: [f64; 9] = [0.001, 0.005, 0.02, 0.1, 0.3, 0.6, 0.9, 0.98, 0.999];

/// The ends of the axes: what lies beyond is drawn at the end.
const ENDS: [f64; 2] = [0.0007, 0.9993];

const LINE: RGBColor = RGBColor(160, 50, 40);

/// An axis on which shares stand by their normal deviates.
#[derive(Clone, Copy)]
struct Deviates;

impl Ranged for Deviates {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let [low, high] = ENDS.map(deviate);
        let share = (deviate(value.clamp(ENDS[0], ENDS[1])) - low) / (high - low);
        first + (f64::from(last - first) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        TICKS.to_vec()
    }

    fn range(&self) -> Range<f64> {
        ENDS[0]..ENDS[1]
    }
}

impl ValueFormatter<f64> for Deviates {
    fn format(value: &f64) -> String {
        let percent = value * 100.0;
        let decimals = usize::from(!(1.0..99.0).contains(&percent));
        format!("{percent:.decimals$} %")
    }
}

/// The normal deviate of a share: Acklam's rational approximation, to 1.2e-9.
fn deviate(share: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    let horner = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, term| sum * x + term);
    let tail = |share: f64| {
        let q = (-2.0 * share.ln()).sqrt();
        horner(&C, q) / (horner(&D, q) * q + 1.0)
    };
    if share < 0.02425 {
        tail(share)
    } else if share > 1.0 - 0.02425 {
        -tail(1.0 - share)
    } else {
        let q = share - 0.5;
        let r = q * q;
        horner(&A, r) * q / (horner(&B, r) * r + 1.0)
    }
}

/// The curve, and the point at which the shipped thresholds work.
pub(super) fn det(curve: &Curve, now: [f64; 2]) -> Result<String, String> {
    svg(|area| {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(45)
            .y_label_area_size(65)
            .build_cartesian_2d(Deviates, Deviates)?;
        chart
            .configure_mesh()
            .x_desc("attacks of the worst species that get in")
            .y_desc("people who stay outside")
            .label_style(("sans-serif", 14))
            .light_line_style(TRANSPARENT)
            .draw()?;
        let points = curve.points.iter().map(|[x, y]| (*x, *y));
        chart.draw_series(LineSeries::new(points, LINE.stroke_width(2)))?;
        let mark = Circle::new((now[0], now[1]), 5, BLACK.filled());
        chart.draw_series(std::iter::once(mark))?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviates_match_the_tables() {
        for (share, expected) in [
            (0.001, -3.090_232),
            (0.025, -1.959_964),
            (0.3, -0.524_401),
            (0.5, 0.0),
            (0.8, 0.841_621),
            (0.999, 3.090_232),
        ] {
            assert!((deviate(share) - expected).abs() < 1e-6, "{share}");
        }
    }

    #[test]
    fn an_axis_keeps_what_it_cannot_show_at_its_ends() {
        assert_eq!(Deviates.map(&0.0, (100, 0)), 100);
        assert_eq!(Deviates.map(&1.0, (100, 0)), 0);
        assert_eq!(Deviates.map(&0.5, (0, 100)), 50);
        assert_eq!(Deviates::format(&0.001), "0.1 %");
        assert_eq!(Deviates::format(&0.3), "30 %");
    }

    #[test]
    fn even_a_curve_of_one_point_is_drawn() {
        let curve = Curve {
            points: vec![[0.0, 1.0]],
        };
        let drawn = det(&curve, [0.2, 0.1]).expect("drawn");
        assert!(drawn.starts_with("<svg") && drawn.contains("people who stay outside"));
    }
}
