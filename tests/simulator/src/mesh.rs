//! Triangles and what they are made of.

use crate::space::{Place, V3};
use crate::texture::Texture;
use std::sync::Arc;

/// What a surface looks like to each sensor.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    pub(crate) paint: Paint,
    /// Light that enters and leaves elsewhere: how far behind the terminator it still shines, `0..1`.
    pub(crate) scatter: f32,
    /// Strength and exponent of the highlight.
    pub(crate) gloss: f32,
    pub(crate) shininess: u32,
    /// Share of a projected pattern that comes back to be matched, `0..=1`.
    pub(crate) pattern: f32,
    /// Shines by itself to a colour camera and hardly reflects.
    pub(crate) emits: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Paint {
    /// Reflectance of red, green and blue, and of near-infrared.
    Even([f32; 3], f32),
    Texture(Arc<Texture>),
}

impl Material {
    /// A dull surface of one colour.
    pub(crate) fn matte(rgb: [f32; 3], nir: f32, pattern: f32) -> Self {
        Self {
            paint: Paint::Even(rgb, nir),
            scatter: 0.0,
            gloss: 0.02,
            shininess: 8,
            pattern,
            emits: false,
        }
    }
}

/// A surface and its material: a part of what is before the camera.
pub(crate) type Part = (Mesh, Material);

/// A surface of triangles; `uv` are coordinates of its texture in millimetres.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mesh {
    pub(crate) points: Vec<V3>,
    pub(crate) uv: Vec<[f32; 2]>,
    pub(crate) faces: Vec<[u32; 3]>,
}

impl Mesh {
    /// A surface over a grid of parameters.
    pub(crate) fn grid(
        columns: usize,
        rows: usize,
        mut at: impl FnMut(usize, usize) -> (V3, [f32; 2]),
    ) -> Self {
        let mut mesh = Self::default();
        for row in 0..rows {
            for column in 0..columns {
                let (point, uv) = at(column, row);
                mesh.points.push(point);
                mesh.uv.push(uv);
            }
        }
        for row in 1..rows {
            for column in 1..columns {
                let d = (row * columns + column) as u32;
                let (a, b, c) = (d - columns as u32 - 1, d - columns as u32, d - 1);
                mesh.faces.push([a, c, b]);
                mesh.faces.push([b, c, d]);
            }
        }
        mesh
    }

    /// A ball stretched along its axes.
    pub(crate) fn ellipsoid(centre: V3, radii: V3) -> Self {
        use std::f32::consts::{PI, TAU};
        let (columns, rows) = (25, 17);
        Self::grid(columns, rows, |column, row| {
            let (longitude, latitude) = (
                column as f32 / (columns - 1) as f32 * TAU,
                row as f32 / (rows - 1) as f32 * PI,
            );
            let direction = [
                -libm::sinf(latitude) * libm::cosf(longitude),
                libm::cosf(latitude),
                libm::sinf(latitude) * libm::sinf(longitude),
            ];
            let point = [0, 1, 2].map(|i| centre[i] + radii[i] * direction[i]);
            (point, [point[0], point[1]])
        })
    }

    /// A tube around a line through points.
    pub(crate) fn tube(line: &[V3], radius: f32) -> Self {
        use crate::space::{add, cross, sub, times, unit};
        let around = 7;
        Self::grid(around, line.len(), |column, row| {
            let before = line[row.saturating_sub(1)];
            let after = line[(row + 1).min(line.len() - 1)];
            let along = unit(sub(after, before));
            let helper = if along[2].abs() < 0.9 {
                [0.0, 0.0, 1.0]
            } else {
                [1.0, 0.0, 0.0]
            };
            let side = unit(cross(along, helper));
            let other = cross(along, side);
            let angle = column as f32 / (around - 1) as f32 * std::f32::consts::TAU;
            let out = add(
                times(side, libm::cosf(angle)),
                times(other, -libm::sinf(angle)),
            );
            (add(line[row], times(out, radius)), [0.0, 0.0])
        })
    }

    /// Without the triangles whose middle a rule takes out.
    pub(crate) fn without(mut self, out: impl Fn([f32; 2]) -> bool) -> Self {
        let uv = &self.uv;
        self.faces.retain(|face| {
            let sum = face.iter().fold([0.0, 0.0], |sum, &i| {
                let [u, v] = uv[i as usize];
                [sum[0] + u, sum[1] + v]
            });
            !out(sum.map(|s| s / 3.0))
        });
        self
    }

    /// In the axes of the camera.
    pub(crate) fn placed(mut self, place: &Place) -> Self {
        for point in &mut self.points {
            *point = place.apply(*point);
        }
        self
    }
}
