//! Heads of somebody else's, in the place of the parametric ones: shapes that nothing here was fitted to.

use crate::conditions::Conditions;
use crate::mesh::{Material, Mesh};
use crate::scene::Scene;
use crate::subject::Subject;

/// A head's surface in the axes of a head, in millimetres.
pub struct HeadMesh {
    /// Its points.
    pub points: Vec<[f32; 3]>,
    /// Its triangles.
    pub faces: Vec<[u32; 3]>,
    /// The eyes, the tip of the nose, the corners of the mouth, those on the left of the picture first.
    pub landmarks: [[f32; 3]; 5],
}

impl Scene {
    /// A living person of this shape, with nothing on and without hair: enough for depth.
    ///
    /// # Panics
    /// Where a triangle names a point that is not there.
    #[must_use]
    pub fn of_head(head: HeadMesh, conditions: &Conditions, seed: u64) -> Self {
        let count = head.points.len();
        let named = head.faces.iter().flatten().all(|&i| (i as usize) < count);
        assert!(named, "a triangle of a point that is not there");
        let mesh = Mesh {
            uv: vec![[0.0; 2]; count],
            points: head.points,
            faces: head.faces,
        };
        let subject = Subject {
            parts: vec![(mesh, Material::matte([0.5; 3], 0.5, 1.0))],
            landmarks: head.landmarks,
            wet_eyes: true,
        };
        Self::place(subject, conditions, seed)
    }
}
