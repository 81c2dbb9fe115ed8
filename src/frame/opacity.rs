//! Where a picture lets something shine through.

use crate::geom::Rect;
use std::fmt;
use std::ops::Range;

/// Sides of a cell in pixels.
const CELL: usize = 8;

/// How many pixels of each cell of a picture are not fully opaque.
pub(super) struct Opacity {
    width: usize,
    height: usize,
    cells: Vec<u8>,
}

impl Opacity {
    /// Puts pixels of red, green, blue and alpha in front of white, as viewers do: red, green and
    /// blue remain. `None` where all of them are opaque.
    pub(super) fn compose(width: u32, height: u32, rgba: &[u8]) -> (Vec<u8>, Option<Self>) {
        let (width, height) = (width as usize, height as usize);
        let across = width.div_ceil(CELL);
        let mut cells = vec![0_u8; across * height.div_ceil(CELL)];
        let mut rgb = vec![0; width * height * 3];
        let rows = rgba.chunks_exact(width * 4);
        for (y, (from, to)) in rows.zip(rgb.chunks_exact_mut(width * 3)).enumerate() {
            let row = &mut cells[y / CELL * across..][..across];
            let pixels = from.as_chunks().0.iter().zip(to.as_chunks_mut().0);
            for (x, (&[red, green, blue, alpha], pixel)) in pixels.enumerate() {
                *pixel = [red, green, blue].map(|part| over_white(part, alpha));
                row[x / CELL] += u8::from(alpha < u8::MAX);
            }
        }
        let opacity = cells.iter().any(|&count| count > 0).then_some(Self {
            width,
            height,
            cells,
        });
        (rgb, opacity)
    }

    /// The share of the pixels in a rectangle that are not fully opaque, 0 to 1, to the nearest
    /// cells. What lies outside the picture does not count.
    pub(super) fn transparent_share(&self, rect: &Rect) -> f32 {
        let across = self.width.div_ceil(CELL);
        let columns = cells_of(rect.x, rect.width, across);
        let side = |cell: usize, all: usize| CELL.min(all - cell * CELL);
        let (mut pixels, mut transparent) = (0, 0);
        for row in cells_of(rect.y, rect.height, self.height.div_ceil(CELL)) {
            for column in columns.clone() {
                pixels += side(column, self.width) * side(row, self.height);
                transparent += usize::from(self.cells[row * across + column]);
            }
        }
        transparent as f32 / pixels.max(1) as f32
    }
}

impl fmt::Debug for Opacity {
    /// Shows the size and not what is where.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opacity")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

/// The cells whose nearer half lies in a stretch of pixels; at least one where it touches any.
fn cells_of(from: f32, length: f32, all: usize) -> Range<usize> {
    // Casts to whole numbers stop at their ends.
    let nearest = |at: f32| ((at / CELL as f32).round() as usize).min(all);
    let (first, last) = (nearest(from), nearest(from + length));
    match first == last && from + length > 0.0 && first < all {
        true => first..first + 1,
        false => first..last,
    }
}

/// A part of a colour in front of white.
fn over_white(part: u8, alpha: u8) -> u8 {
    let (part, alpha) = (u32::from(part), u32::from(alpha));
    ((part * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: f32, y: f32, width: f32, height: f32) -> Rect {
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    /// A picture of 40 × 30 pixels whose left 16 columns have this alpha.
    fn composed(alpha: u8) -> (Vec<u8>, Option<Opacity>) {
        let rgba: Vec<u8> = (0..40 * 30)
            .flat_map(|i| [10, 20, 30, if i % 40 < 16 { alpha } else { 255 }])
            .collect();
        Opacity::compose(40, 30, &rgba)
    }

    #[test]
    fn what_is_transparent_becomes_white_and_what_is_opaque_stays() {
        let (rgb, opacity) = composed(0);
        assert_eq!(
            (&rgb[..3], &rgb[16 * 3..17 * 3]),
            (&[255; 3][..], &[10, 20, 30][..])
        );
        assert!(opacity.is_some());
        let (rgb, opacity) = composed(255);
        assert!(rgb.chunks(3).all(|pixel| pixel == [10, 20, 30]));
        assert!(opacity.is_none());
        let (rgb, opacity) = composed(128);
        assert_eq!(rgb[..3], [132, 137, 142]);
        assert!(opacity.is_some());
        for part in 0..=255 {
            assert_eq!((over_white(part, 255), over_white(part, 0)), (part, 255));
        }
    }

    #[test]
    fn the_share_is_that_of_the_cells_in_the_picture() {
        let opacity = composed(254).1.expect("not opaque");
        let share = |x, y, width, height| opacity.transparent_share(&rect(x, y, width, height));
        assert_eq!(share(0.0, 0.0, 40.0, 30.0), 0.4);
        assert_eq!(share(16.0, 0.0, 24.0, 30.0), 0.0);
        assert_eq!(share(8.0, 8.0, 16.0, 16.0), 0.5);
        assert_eq!(share(-100.0, -100.0, 116.0, 300.0), 1.0);
        assert_eq!(share(17.0, 9.0, 2.0, 2.0), 0.0);
        assert_eq!(share(3.0, 3.0, 2.0, 2.0), 1.0);
        for nowhere in [-50.0, 50.0, f32::NAN, f32::INFINITY] {
            assert_eq!(share(nowhere, nowhere, 8.0, 8.0), 0.0, "{nowhere}");
        }
    }
}
