//! The total: one number from all components.

use super::report::QualityReport;

/// The total of a report, `0..=100`.
pub(super) fn of(report: &QualityReport) -> f32 {
    let base = report.learned.unwrap_or(100.0);
    base * factors(report).iter().product::<f32>()
}

fn factors(report: &QualityReport) -> [f32; 1] {
    [report.measured.sharpness / 100.0]
}
