//! Areas to draw on.

use crate::failure::{Failure, Result};
use plotters::prelude::*;

/// Width and height in pixels.
const SIZE: (u32, u32) = (640, 400);

type Drawn = Result<(), Box<dyn std::error::Error>>;

/// What is drawn on an area of the usual size, as the text of an SVG.
pub(super) fn svg(
    draw: impl FnOnce(&DrawingArea<SVGBackend<'_>, plotters::coord::Shift>) -> Drawn,
) -> Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        draw(&area)
            .and_then(|()| Ok(area.present()?))
            .map_err(|error| Failure::text(error.to_string()))?;
    }
    Ok(text)
}
