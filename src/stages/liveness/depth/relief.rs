//! Heights over the plane of eyes and mouth, on a grid in millimetres.

use super::fit::Sample;
use crate::frame::DepthFrame;
use crate::geom::{Point, Point3};
use crate::stages::liveness::face::FaceEllipse;

/// Cells of a relief; the middle of the face is in the middle.
#[derive(Clone, Copy)]
pub(super) struct Grid {
    /// Side of a cell in millimetres.
    pub(super) cell_mm: f32,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Grid {
    /// What is measured in: a cell has a few pixels at every distance that is judged.
    pub(super) const MEASURES: Self = Self {
        cell_mm: 4.0,
        columns: 32,
        rows: 44,
    };

    fn cell_at(&self, across: f32, down: f32) -> Option<usize> {
        let index = |mm: f32, count: usize| {
            let at = (mm / self.cell_mm + count as f32 / 2.0).floor();
            (at >= 0.0 && at < count as f32).then_some(at as usize)
        };
        Some(index(down, self.rows)? * self.columns + index(across, self.columns)?)
    }

    /// Across and down of a cell's middle.
    fn middle(&self, cell: usize) -> [f32; 2] {
        let place = |at: usize, count: usize| (at as f32 + 0.5 - count as f32 / 2.0) * self.cell_mm;
        [
            place(cell % self.columns, self.columns),
            place(cell / self.columns, self.rows),
        ]
    }
}

/// The axes of a face: across from the left to the right eye, down from the eyes to the mouth, and up
/// towards the camera.
pub(super) struct FaceAxes {
    origin: Point3,
    across: [f32; 3],
    down: [f32; 3],
    up: [f32; 3],
}

impl FaceAxes {
    /// From the eyes and the corners of the mouth, in the order of `Landmarks5` without the nose. The plane's
    /// normal is that of its two diagonals. `None` when the points do not span it.
    pub(super) fn new([left, right, mouth_left, mouth_right]: [Point3; 4]) -> Option<Self> {
        let mean = |a: Point3, b: Point3| {
            Point3::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0, (a.z + b.z) / 2.0)
        };
        let (eyes, mouth) = (mean(left, right), mean(mouth_left, mouth_right));
        let normal = cross(minus(mouth_right, left), minus(mouth_left, right));
        let mut up = unit(normal)?;
        // The camera is at the origin, so what points towards it has a negative product.
        let origin = mean(eyes, mouth);
        if dot(up, [origin.x, origin.y, origin.z]) > 0.0 {
            up = up.map(|v| -v);
        }
        let line = minus(mouth, eyes);
        let rise = dot(line, up);
        let down = unit([0, 1, 2].map(|i| line[i] - rise * up[i]))?;
        let mut across = cross(down, up);
        if dot(across, minus(right, left)) < 0.0 {
            across = across.map(|v| -v);
        }
        Some(Self {
            origin,
            across,
            down,
            up,
        })
    }

    /// Across, down and height of a point, in millimetres.
    pub(super) fn of(&self, p: Point3) -> Sample {
        let from = minus(p, self.origin);
        [self.across, self.down, self.up].map(|axis| dot(axis, from))
    }
}

fn minus(a: Point3, b: Point3) -> [f32; 3] {
    [a.x - b.x, a.y - b.y, a.z - b.z]
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn unit(a: [f32; 3]) -> Option<[f32; 3]> {
    let length = dot(a, a).sqrt();
    (length.is_normal()).then(|| a.map(|v| v / length))
}

/// Mean heights of cells.
pub(super) struct Relief {
    grid: Grid,
    /// Sum of heights and their count.
    cells: Vec<(f32, f32)>,
}

impl Relief {
    /// Of all pixels of the ellipse whose height over the plane lies within `reach` millimetres.
    pub(super) fn new(
        frame: &DepthFrame<'_>,
        ellipse: &FaceEllipse,
        axes: &FaceAxes,
        reach: f32,
        grid: Grid,
    ) -> Self {
        let mut cells = vec![(0.0, 0.0); grid.columns * grid.rows];
        let [columns, rows] = ellipse.bounds();
        for y in rows {
            for x in columns.clone() {
                let (Ok(column), Ok(row)) = (u32::try_from(x), u32::try_from(y)) else {
                    continue;
                };
                let Some(mm) = frame.mm(column, row).filter(|_| ellipse.contains(x, y)) else {
                    continue;
                };
                let seen = Point::new(x as f32 + 0.5, y as f32 + 0.5);
                let [across, down, height] = axes.of(frame.point(seen, mm));
                if let Some(cell) = grid.cell_at(across, down)
                    && height.abs() <= reach
                {
                    cells[cell].0 += height;
                    cells[cell].1 += 1.0;
                }
            }
        }
        Self { grid, cells }
    }

    /// The cells that have a height, in millimetres.
    pub(super) fn samples(&self) -> Vec<Sample> {
        self.filled().map(|(_, sample)| sample).collect()
    }

    /// The same, each with the number of its cell, row by row.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, Sample)> {
        let filled = self.cells.iter().enumerate();
        let filled = filled.filter(|(_, cell)| cell.1 > 0.0);
        filled.map(|(i, (sum, count))| {
            let [across, down] = self.grid.middle(i);
            (i, [across, down, sum / count])
        })
    }

    /// Height around a place: the mean of the pixels of its cell and its eight neighbours; `None` where nothing was
    /// measured.
    pub(super) fn height(&self, across: f32, down: f32) -> Option<f32> {
        let (mut sum, mut count) = (0.0, 0.0);
        let step = self.grid.cell_mm;
        for dy in [-step, 0.0, step] {
            for dx in [-step, 0.0, step] {
                if let Some(cell) = self.grid.cell_at(across + dx, down + dy) {
                    sum += self.cells[cell].0;
                    count += self.cells[cell].1;
                }
            }
        }
        (count > 0.0).then(|| sum / count)
    }
}
