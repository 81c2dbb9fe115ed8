//! The report on what quality is worth.

use super::html::{STYLE, escaped};
use super::plots;
use crate::evaluation::error_versus_reject::{ErrorVersusReject, FMR, RESAMPLES, SHOWN};
use crate::failure::Result;

/// The curves, and a table of what leaving out the worst 5 % and 10 % changes.
///
/// # Errors
/// When the plot cannot be drawn.
pub fn error_versus_reject_page(result: &ErrorVersusReject) -> Result<String> {
    let mut rows = String::new();
    for curve in &result.curves {
        rows += &format!("<tr><td>{}</td>", curve.name);
        for at in SHOWN {
            rows += &format!(
                "<td>{}</td><td>{}</td>",
                curve.fnmr[at].percent(),
                curve.change[at].percent()
            );
        }
        rows += "</tr>";
    }
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Quality of {model}</title>\
         <style>{STYLE}</style></head><body><h1>Error versus reject of {model}</h1>\
         <p>{mated} mated comparisons. The threshold is fixed at FMR {FMR:.0e} on all impostor pairs; then the \
         comparisons whose worse face is worst are left out (ISO/IEC 29794-1). Intervals: 95 %, {RESAMPLES} \
         resamplings of the people.</p>{plot}\
         <table><tr><th>by</th><th>FNMR without 5 %</th><th>change</th><th>without 10 %</th><th>change</th></tr>{rows}</table>\
         </body></html>\n",
        model = escaped(&result.model_id),
        mated = result.mated,
        plot = plots::error_versus_reject(&result.curves)?,
    ))
}
