//! Where the rows of a tensor lie in a buffer.

use std::ops::Range;

/// Rows of pixels of channels. A buffer may keep fewer rows than the picture has: row `y` lies where
/// row `y - ring` lay. A row may have pixels of zeros before and after it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Layout {
    /// Rows of the picture.
    pub(crate) height: usize,
    /// Pixels of a row.
    pub(crate) width: usize,
    /// Values of a pixel that mean something.
    pub(crate) channels: usize,
    /// Values from one pixel to the next.
    pub(crate) pixel: usize,
    /// Pixels before the first of a row.
    pub(crate) left: usize,
    /// Pixels after the last of a row.
    pub(crate) right: usize,
    /// Rows that the buffer keeps.
    pub(crate) ring: usize,
}

impl Layout {
    /// A whole picture without margins whose pixels take whole vectors.
    pub(crate) fn whole(height: usize, width: usize, channels: usize, lanes: usize) -> Self {
        Self {
            height,
            width,
            channels,
            pixel: channels.next_multiple_of(lanes),
            left: 0,
            right: 0,
            ring: height,
        }
    }

    /// Values from one row to the next.
    pub(crate) fn row(&self) -> usize {
        (self.left + self.width + self.right) * self.pixel
    }

    /// Values of the whole buffer.
    pub(crate) fn len(&self) -> usize {
        self.ring * self.row()
    }

    /// Where row `y` starts, its left margin included.
    pub(crate) fn start(&self, y: usize) -> usize {
        debug_assert!(y < self.height);
        (y % self.ring) * self.row()
    }

    /// The row after `y` that starts the buffer again.
    pub(crate) fn wrap(&self, y: usize) -> usize {
        y - y % self.ring + self.ring
    }

    fn check(&self, buffer: usize) {
        assert!(
            self.ring > 0 && self.channels <= self.pixel && self.len() == buffer,
            "a view {self:?} of {buffer} values"
        );
    }
}

/// Rows to read.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    layout: Layout,
    values: &'a [f32],
}

impl<'a> Rows<'a> {
    /// # Panics
    /// When `values` is not exactly as long as the layout says.
    pub(crate) fn new(layout: Layout, values: &'a [f32]) -> Self {
        layout.check(values.len());
        Self { layout, values }
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Row `y` with its margins.
    pub(crate) fn row(&self, y: usize) -> &'a [f32] {
        let start = self.layout.start(y);
        &self.values[start..start + self.layout.row()]
    }

    /// Row `y` and all that lies behind it in the buffer.
    pub(crate) fn from(&self, y: usize) -> &'a [f32] {
        &self.values[self.layout.start(y)..]
    }

    /// Rows that do not wrap around the ring.
    pub(crate) fn rows(&self, rows: &Range<usize>) -> &'a [f32] {
        let start = self.layout.start(rows.start);
        &self.values[start..start + rows.len() * self.layout.row()]
    }

    /// All that the buffer keeps.
    pub(crate) fn kept(&self) -> &'a [f32] {
        self.values
    }

    /// All rows, where the buffer keeps the whole picture.
    pub(crate) fn whole(&self) -> &'a [f32] {
        assert_eq!(self.layout.ring, self.layout.height, "a ring is no picture");
        self.values
    }
}

/// Rows to write: all that a buffer keeps, or a run of them.
pub(crate) struct RowsMut<'a> {
    layout: Layout,
    /// Where `values` starts in the buffer.
    first: usize,
    values: &'a mut [f32],
}

impl<'a> RowsMut<'a> {
    /// # Panics
    /// When `values` is not exactly as long as the layout says.
    pub(crate) fn new(layout: Layout, values: &'a mut [f32]) -> Self {
        layout.check(values.len());
        Self {
            layout,
            first: 0,
            values,
        }
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What lies before row `y` in the buffer, and the row with all that lies behind it. Asking either for a row of the
    /// other panics.
    pub(crate) fn split(self, y: usize) -> [Self; 2] {
        let at = self.layout.start(y);
        let (before, behind) = self.values.split_at_mut(at - self.first);
        let part = |first, values| Self {
            layout: self.layout,
            first,
            values,
        };
        [part(self.first, before), part(at, behind)]
    }

    /// Row `y` with its margins.
    pub(crate) fn row(&mut self, y: usize) -> &mut [f32] {
        self.rows(y, y + 1)
    }

    /// Rows `from..to`, which must not wrap around the ring.
    pub(crate) fn rows(&mut self, from: usize, to: usize) -> &mut [f32] {
        let start = self.layout.start(from) - self.first;
        &mut self.values[start..start + (to - from) * self.layout.row()]
    }
}
