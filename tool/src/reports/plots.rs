//! Plots of comparisons as SVG.

use super::svg::svg;
use crate::evaluation::error_versus_reject::{REJECTED, RejectCurve};
use crate::failure::Result;
use plotters::prelude::*;

const MATED: RGBColor = RGBColor(40, 150, 70);
const IMPOSTOR: RGBColor = RGBColor(200, 70, 50);
const FONT: (&str, u32) = ("sans-serif", 15);

/// How the cosines of mated and impostor pairs are spread.
pub(super) fn histogram(mated: &[f64], impostors: &[f64]) -> Result<String> {
    const BINS: usize = 80;
    let all = || mated.iter().chain(impostors);
    // From the next lower twentieth, so that a narrow spread fills the picture.
    let least = all().copied().fold(0.9, f64::min);
    let low = (least * 20.0).floor() / 20.0;
    let width = (1.0 - low) / BINS as f64;
    let shares = |cosines: &[f64]| -> Vec<(f64, f64)> {
        let mut counts = [0_usize; BINS];
        for cosine in cosines {
            counts[(((cosine - low) / width) as usize).min(BINS - 1)] += 1;
        }
        let total = cosines.len().max(1) as f64;
        let bin =
            |(i, count): (usize, &usize)| (low + (i as f64 + 0.5) * width, *count as f64 / total);
        counts.iter().enumerate().map(bin).collect()
    };
    let series = [
        ("mated", MATED, shares(mated)),
        ("impostor", IMPOSTOR, shares(impostors)),
    ];
    let top = series
        .iter()
        .flat_map(|s| &s.2)
        .map(|p| p.1)
        .fold(0.0, f64::max)
        * 1.05;
    svg(|area| {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(low..1.0, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc("cosine")
            .y_desc("share of pairs")
            .label_style(FONT)
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (name, colour, points) in series {
            chart
                .draw_series(AreaSeries::new(points, 0.0, colour.mix(0.3)).border_style(colour))?
                .label(name)
                .legend(move |(x, y)| {
                    Rectangle::new([(x, y - 5), (x + 15, y + 5)], colour.filled())
                });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE)
            .label_font(FONT)
            .draw()?;
        Ok(())
    })
}

/// FNMR over the share of comparisons left out, one line a component; the total is thick.
pub(super) fn error_versus_reject(curves: &[RejectCurve]) -> Result<String> {
    let rates = || {
        curves
            .iter()
            .flat_map(|c| c.fnmr.iter().map(|rate| rate.value))
    };
    let top = (rates().fold(0.0, f64::max) * 1.1).max(1e-4);
    let last = REJECTED[REJECTED.len() - 1];
    svg(|area| {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..last * 1.4, 0.0..top)?;
        chart
            .configure_mesh()
            .x_desc("share left out")
            .y_desc("FNMR")
            .label_style(FONT)
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (number, curve) in curves.iter().enumerate() {
            let hue = number as f64 / curves.len() as f64;
            let colour = HSLColor(hue, 0.7, 0.42);
            let thick = if curve.name == "total" { 4 } else { 1 };
            let points = REJECTED
                .iter()
                .zip(&curve.fnmr)
                .map(|(&x, rate)| (x, rate.value));
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(thick)))?
                .label(curve.name)
                .legend(move |(x, y)| {
                    Rectangle::new([(x, y - 4), (x + 12, y + 4)], colour.filled())
                });
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperRight)
            .background_style(WHITE)
            .label_font(("sans-serif", 11))
            .draw()?;
        Ok(())
    })
}

/// Share of mated pairs accepted over the share of impostors accepted, the latter logarithmic.
///
/// `totals` are the numbers of mated and impostor pairs with those that have no cosine, for want of a
/// face: they count as rejected, as in the table.
pub(super) fn roc(mated: &[f64], impostors: &[f64], totals: (usize, usize)) -> Result<String> {
    let points = roc_points(mated, impostors, totals);
    let least = points.iter().map(|p| p.1).fold(1.0, f64::min);
    let floor = ((least - 0.01) * 50.0).floor().max(0.0) / 50.0;
    let left = 0.5 / totals.1.max(1) as f64;
    svg(|area| {
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(area)
            .margin(10)
            .x_label_area_size(40)
            .y_label_area_size(60)
            .build_cartesian_2d((left..1.0).log_scale(), floor..1.0)?;
        chart
            .configure_mesh()
            .x_desc("FMR")
            .y_desc("TAR")
            .label_style(FONT)
            .light_line_style(TRANSPARENT)
            .x_label_formatter(&|v| format!("{v:.0e}"))
            .draw()?;
        chart.draw_series(LineSeries::new(points, MATED.stroke_width(2)))?;
        Ok(())
    })
}

/// `(FMR, TAR)` just above every impostor, falling: the same thresholds as in the table. The first
/// accepts no impostor and is drawn at half a false match, as there is no zero on a logarithmic axis.
fn roc_points(mated: &[f64], impostors: &[f64], totals: (usize, usize)) -> Vec<(f64, f64)> {
    let mut mated = mated.to_vec();
    let mut impostors = impostors.to_vec();
    mated.sort_by(f64::total_cmp);
    impostors.sort_by(|a, b| b.total_cmp(a));
    let (m, n) = (totals.0.max(1) as f64, totals.1.max(1) as f64);
    let point = |(i, cosine): (usize, &f64)| {
        let accepted = mated.len() - mated.partition_point(|c| c <= cosine);
        ((i as f64).max(0.5) / n, accepted as f64 / m)
    };
    impostors.iter().enumerate().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roc_rises_with_the_share_of_impostors() {
        let points = roc_points(&[0.9, 0.8, 0.3], &[0.5, 0.2, 0.1, 0.0], (4, 4));
        assert_eq!(points[0], (0.125, 0.5));
        assert_eq!(points[1], (0.25, 0.75));
    }

    #[test]
    fn plots_are_pictures_even_of_little_data() {
        for (mated, impostors) in [
            (vec![0.9], vec![0.1]),
            (vec![], vec![]),
            (vec![1.0; 9], vec![-0.4; 3]),
        ] {
            for picture in [
                histogram(&mated, &impostors),
                roc(&mated, &impostors, (mated.len(), impostors.len())),
            ] {
                assert!(picture.expect("drawn").starts_with("<svg"));
            }
        }
    }
}
