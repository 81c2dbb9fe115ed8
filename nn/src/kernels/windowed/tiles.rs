//! Pixels of a row by tiles in which each input pixel has a pointer: any window, at any place.
#![allow(unsafe_code)]

use super::work::{MAX_CELLS, Windowed, Work};
use crate::ir::PoolKind;
use crate::kernels::{Rows, WindowTile};
use std::ops::Range;

/// Most output pixels of a tile.
const MAX_PIXELS: usize = 16;

impl Windowed {
    /// Most output pixels of one tile.
    pub(super) fn tile_pixels(&self) -> usize {
        ((MAX_CELLS / self.size[0]).saturating_sub(self.size[1]) / self.stride[1] + 1)
            .min(self.tiles.len())
            .min(MAX_PIXELS)
    }

    /// Computes the output pixels `xs` of row `y`, spread evenly over the tiles.
    pub(super) fn tiles(&self, input: Rows, target: &mut [f32], y: usize, xs: Range<usize>) {
        let count = xs.len();
        let tiles = count.div_ceil(self.tile_pixels());
        let mut x = xs.start;
        for tile in 0..tiles {
            let size = count / tiles + usize::from(tile < count % tiles);
            self.tile(input, target, y, x..x + size);
            x += size;
        }
    }

    fn tile(&self, input: Rows, target: &mut [f32], y: usize, xs: Range<usize>) {
        let count = xs.end - xs.start;
        let columns = (count - 1) * self.stride[1] + self.size[1];
        let pixels = self.pixels(input, y, xs.start, columns);
        let mut factors = [0.0_f32; MAX_PIXELS];
        let (mut weights, bias, epilogue) = self.work.tile_arguments();
        if let Work::Pool(kind) = &self.work {
            for (factor, x) in factors.iter_mut().zip(xs.clone()) {
                *factor = 1.0 / self.cells(*kind, y, x) as f32;
            }
            weights = factors.as_ptr();
        }
        let target = &mut target[xs.start * self.output.pixel..xs.end * self.output.pixel];
        let tile = WindowTile {
            pixels: pixels.as_ptr(),
            rows: self.size[0],
            width: self.size[1],
            columns,
            step: self.stride[1],
            vectors: self.output.channels.div_ceil(self.kernels.lanes),
            weights,
            bias,
            output: target.as_mut_ptr(),
            output_step: self.output.pixel,
            epilogue,
        };
        // SAFETY: `pixels` holds rows × columns pointers, each to a pixel inside a row of the view or
        // to a pixel of zeros; weights, bias and slopes were made for whole vectors of all channels;
        // `target` is `count` pixels.
        unsafe { self.tiles[count - 1](&tile) };
    }

    /// Where the pixels lie that a tile sees.
    fn pixels(&self, input: Rows, y: usize, x: usize, columns: usize) -> [*const f32; MAX_CELLS] {
        let mut pixels = [self.zeros.as_ptr(); MAX_CELLS];
        for row in 0..self.size[0] {
            let Some(line) = self.line(y, row) else {
                continue;
            };
            let values = input.row(line);
            let pixels = &mut pixels[row * columns..(row + 1) * columns];
            for (column, pixel) in pixels.iter_mut().enumerate() {
                let at = x * self.stride[1] + column;
                if let Some(at) = self.position(at, self.before[1], self.input.width) {
                    *pixel = values[at * self.input.pixel..][..self.input.pixel].as_ptr();
                }
            }
        }
        pixels
    }

    /// By how many cells the sum of a window is divided.
    fn cells(&self, kind: PoolKind, y: usize, x: usize) -> usize {
        match kind {
            PoolKind::Max => 1,
            PoolKind::Average => {
                self.seen(0, y, self.input.height).len() * self.seen(1, x, self.input.width).len()
            }
            PoolKind::AverageWithBorder => self.size[0] * self.size[1],
        }
    }
}
