//! A z-buffer: what a camera sees in each pixel.

use crate::camera::Camera;
use crate::mesh::{Material, Mesh};
use crate::space::{V3, add, cross, dot, sub, times, unit};

/// No surface but the wall behind everything.
const WALL: u32 = u32::MAX;

/// Surfaces nearer than this are behind the lens.
const NEAREST: f32 = 50.0;

/// What was seen, pixel by pixel.
pub(crate) struct Seen<'a> {
    pub(crate) camera: Camera,
    /// Distance along the optical axis in millimetres.
    pub(crate) z: Vec<f32>,
    /// Number of the triangle over all parts.
    triangle: Vec<u32>,
    parts: &'a [(Mesh, Material)],
    /// Number of the first triangle of each part.
    first: Vec<u32>,
}

/// A point of a surface.
pub(crate) struct Hit<'a> {
    pub(crate) point: V3,
    /// Of length 1, towards the camera.
    pub(crate) normal: V3,
    pub(crate) uv: [f32; 2],
    pub(crate) material: &'a Material,
}

impl<'a> Seen<'a> {
    /// Draws parts before a wall at a distance.
    pub(crate) fn draw(camera: Camera, parts: &'a [(Mesh, Material)], wall: f32) -> Self {
        let pixels = camera.width * camera.height;
        let mut seen = Self {
            camera,
            z: vec![wall; pixels],
            triangle: vec![WALL; pixels],
            parts,
            first: Vec::with_capacity(parts.len()),
        };
        let mut number = 0;
        for (mesh, _) in parts {
            seen.first.push(number);
            let places: Vec<[f32; 2]> = mesh.points.iter().map(|p| camera.project(*p)).collect();
            for face in &mesh.faces {
                seen.fill(mesh, &places, *face, number);
                number += 1;
            }
        }
        seen
    }

    fn fill(&mut self, mesh: &Mesh, places: &[[f32; 2]], face: [u32; 3], number: u32) {
        let corner = face.map(|i| places[i as usize]);
        let inverse = face.map(|i| mesh.points[i as usize][2]);
        if inverse.iter().any(|z| *z < NEAREST) {
            return;
        }
        let inverse = inverse.map(|z| 1.0 / z);
        let [a, b, c] = corner;
        let area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if area == 0.0 {
            return;
        }
        let range = |axis: usize, limit: usize| {
            let low = a[axis].min(b[axis]).min(c[axis]);
            let high = a[axis].max(b[axis]).max(c[axis]);
            // Pixels whose centres may lie inside.
            let first = libm::ceilf(low - 0.5).max(0.0) as usize;
            let end = (libm::floorf(high - 0.5) + 1.0).clamp(0.0, limit as f32) as usize;
            first..end
        };
        let columns = range(0, self.camera.width);
        for y in range(1, self.camera.height) {
            for x in columns.clone() {
                let p = [x as f32 + 0.5, y as f32 + 0.5];
                let weight = |from: [f32; 2], to: [f32; 2]| {
                    ((to[0] - from[0]) * (p[1] - from[1]) - (to[1] - from[1]) * (p[0] - from[0]))
                        / area
                };
                let (wa, wb, wc) = (weight(b, c), weight(c, a), weight(a, b));
                if wa < 0.0 || wb < 0.0 || wc < 0.0 {
                    continue;
                }
                let z = 1.0 / (wa * inverse[0] + wb * inverse[1] + wc * inverse[2]);
                let at = y * self.camera.width + x;
                if z < self.z[at] {
                    self.z[at] = z;
                    self.triangle[at] = number;
                }
            }
        }
    }

    /// Number of the part in a pixel; `None` for the wall.
    fn part(&self, at: usize) -> Option<usize> {
        let number = self.triangle[at];
        (number != WALL).then(|| self.first.partition_point(|first| *first <= number) - 1)
    }

    /// A value of every triangle, from its material and the cosine of the angle under which it is seen.
    pub(crate) fn per_triangle(&self, rule: impl Fn(&Material, f32) -> f32) -> Vec<f32> {
        let mut values = Vec::new();
        for (mesh, material) in self.parts {
            values.extend(mesh.faces.iter().map(|face| {
                let [a, b, c] = face.map(|i| mesh.points[i as usize]);
                let normal = unit(cross(sub(b, a), sub(c, a)));
                rule(material, dot(normal, unit(a)).abs())
            }));
        }
        values
    }

    /// Number of the triangle in a pixel, over all parts; `None` for the wall.
    pub(crate) fn triangle(&self, at: usize) -> Option<usize> {
        let number = self.triangle[at];
        (number != WALL).then_some(number as usize)
    }

    /// Everything about a pixel; `normals` are those of the vertices of each part.
    pub(crate) fn hit(&self, at: usize, normals: &[Vec<V3>]) -> Option<Hit<'a>> {
        let part = self.part(at)?;
        let (mesh, material) = &self.parts[part];
        let face = mesh.faces[(self.triangle[at] - self.first[part]) as usize];
        let (x, y) = (at % self.camera.width, at / self.camera.width);
        let point = self.camera.unproject(x, y, self.z[at]);
        let [a, b, c] = face.map(|i| mesh.points[i as usize]);
        let whole = cross(sub(b, a), sub(c, a));
        let area = dot(whole, whole);
        let share = |p: V3, q: V3| dot(cross(sub(q, p), sub(point, p)), whole) / area;
        let weights = [share(b, c), share(c, a), share(a, b)].map(|w| w.clamp(0.0, 1.0));
        let mut normal = [0.0; 3];
        let mut uv = [0.0; 2];
        for (i, weight) in face.iter().zip(weights) {
            normal = add(normal, times(normals[part][*i as usize], weight));
            let [u, v] = mesh.uv[*i as usize];
            uv = [uv[0] + u * weight, uv[1] + v * weight];
        }
        let mut normal = unit(normal);
        // Paper has two sides.
        if dot(normal, point) > 0.0 {
            normal = times(normal, -1.0);
        }
        Some(Hit {
            point,
            normal,
            uv,
            material,
        })
    }
}

/// Normals of vertices: the mean of their triangles', by area.
pub(crate) fn normals(mesh: &Mesh) -> Vec<V3> {
    let mut normals = vec![[0.0; 3]; mesh.points.len()];
    for face in &mesh.faces {
        let [a, b, c] = face.map(|i| mesh.points[i as usize]);
        let normal = cross(sub(b, a), sub(c, a));
        for i in face {
            normals[*i as usize] = add(normals[*i as usize], normal);
        }
    }
    normals.into_iter().map(unit).collect()
}
