//! The detection error trade-off as SVG (Martin et al., Eurospeech 1997): both axes by the normal deviate.

use crate::evaluation::pad::TradeOff;
use crate::failure::Result;
use crate::reports::svg::svg;
use crate::statistics::normal_deviate;
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
        let [low, high] = ENDS.map(normal_deviate);
        let share = (normal_deviate(value.clamp(ENDS[0], ENDS[1])) - low) / (high - low);
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

/// The curve, and the point at which the thresholds of the rules work.
pub(super) fn det(curve: &TradeOff, in_use: [f64; 2]) -> Result<String> {
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
        let mark = Circle::new((in_use[0], in_use[1]), 5, BLACK.filled());
        chart.draw_series(std::iter::once(mark))?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let curve = TradeOff {
            points: vec![[0.0, 1.0]],
        };
        let drawn = det(&curve, [0.2, 0.1]).expect("drawn");
        assert!(drawn.starts_with("<svg") && drawn.contains("people who stay outside"));
    }
}
