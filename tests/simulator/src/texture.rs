//! What is painted on a surface, as reflectances by place.

use crate::space::mix;

/// Reflectances by place in millimetres; beyond the border the border goes on.
#[derive(Clone, Debug)]
pub(crate) struct Texture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Place of the top left corner; y runs up.
    pub(crate) corner: [f32; 2],
    /// Texels a millimetre.
    pub(crate) density: f32,
    /// Red, green, blue, near-infrared, each `0..=1`.
    pub(crate) texels: Vec<[f32; 4]>,
}

impl Texture {
    /// Painted texel by texel.
    pub(crate) fn paint(
        corner: [f32; 2],
        size: [f32; 2],
        density: f32,
        mut at: impl FnMut(f32, f32) -> [f32; 4],
    ) -> Self {
        let [width, height] = size.map(|s| (s * density) as usize);
        let mut texels = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                let x = corner[0] + (column as f32 + 0.5) / density;
                let y = corner[1] - (row as f32 + 0.5) / density;
                texels.push(at(x, y));
            }
        }
        Self {
            width,
            height,
            corner,
            density,
            texels,
        }
    }

    /// Between the four nearest texels.
    pub(crate) fn sample(&self, [x, y]: [f32; 2]) -> [f32; 4] {
        let along = |value: f32, count: usize| {
            let at = (value * self.density - 0.5).clamp(0.0, count as f32 - 1.001);
            (at as usize, at - libm::floorf(at))
        };
        let (column, right) = along(x - self.corner[0], self.width);
        let (row, below) = along(self.corner[1] - y, self.height);
        let at = |row: usize, column: usize| self.texels[row * self.width + column];
        let (a, b) = (at(row, column), at(row, column + 1));
        let (c, d) = (at(row + 1, column), at(row + 1, column + 1));
        [0, 1, 2, 3].map(|i| mix(mix(a[i], b[i], right), mix(c[i], d[i], right), below))
    }
}
