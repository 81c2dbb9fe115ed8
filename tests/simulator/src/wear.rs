//! A head with its skin, hair, ears, shoulders, glasses and masks.

use crate::conditions::Detail;
use crate::head::Head;
use crate::mesh::{Material, Mesh, Paint, Part};
use crate::person::Expression;
use crate::rng::Rng;
use crate::skin;
use crate::space::{V3, bell, smooth};
use std::sync::Arc;

/// A person with nothing on: the face first, then ears and shoulders, then hair.
pub(crate) fn person(head: &Head<'_>, expression: Expression, detail: Detail) -> Vec<Part> {
    let mesh = head.mesh();
    let hair = hair(head, &mesh);
    let mut parts = vec![(mesh, face_material(head, expression, detail))];
    parts.extend(body(head));
    parts.extend(hair);
    parts
}

/// The skin of the face, painted where that is asked for.
fn face_material(head: &Head<'_>, expression: Expression, detail: Detail) -> Material {
    let skin = skin(head);
    match detail {
        Detail::Shape => skin,
        Detail::Full => Material {
            paint: Paint::Texture(Arc::new(skin::face(head, expression))),
            ..skin
        },
    }
}

/// Skin without a texture: ears and neck.
fn skin(head: &Head<'_>) -> Material {
    let person = head.person;
    Material {
        scatter: 0.18,
        gloss: 0.08,
        shininess: 12,
        ..Material::matte(skin::colour(person.tone), person.nir_skin, 1.0)
    }
}

/// Ears and shoulders.
pub(crate) fn body(head: &Head<'_>) -> Vec<Part> {
    let mut rng = Rng::new(head.person.seed, "clothes");
    let side = head.half_width(-5.0);
    let ear = |sign: f32| Mesh::ellipsoid([sign * side, -10.0, -88.0], [9.0, 30.0, 15.0]);
    let shoulders = Mesh::ellipsoid([0.0, -262.0, -95.0], [215.0, 88.0, 85.0]);
    let colour = [0, 1, 2].map(|_| rng.uniform(0.04, 0.6));
    let cloth = Material::matte(colour, rng.uniform(0.2, 0.7), 0.97);
    vec![
        (ear(-1.0), skin(head)),
        (ear(1.0), skin(head)),
        (shoulders, cloth),
    ]
}

/// A cap of hair: the head's mesh a little larger, rough, from the hairline up.
fn hair(head: &Head<'_>, mesh: &Mesh) -> Option<Part> {
    let length = head.person.hair_length?;
    let mut rng = Rng::new(head.person.seed, "hair");
    let (volume, line) = (rng.uniform(7.0, 20.0), rng.uniform(58.0, 80.0));
    let waves = [0, 1, 2, 3].map(|_| {
        [
            rng.uniform(0.04, 0.2),
            rng.uniform(0.02, 0.12),
            rng.uniform(0.0, 6.3),
        ]
    });
    let centre: V3 = [0.0, 15.0, -88.0];
    let above = move |p: V3| {
        // At the temples the line runs down to the ears; behind them it ends at the length.
        let aside = smooth(38.0, 64.0, p[0].abs());
        let behind = smooth(-62.0, -88.0, p[2]);
        let front = line - 48.0 * aside;
        p[1] > front + (-length - front) * behind
    };
    let mut kept = mesh.clone();
    for point in &mut kept.points {
        let p = *point;
        let rough: f32 = waves
            .iter()
            .map(|[a, b, c]| libm::sinf(p[0] * a * 2.0 + p[1] * b + p[2] * a + c))
            .sum();
        let grow = 1.0 + (volume + 1.6 * rough) / 105.0;
        for i in 0..3 {
            point[i] = centre[i] + (p[i] - centre[i]) * grow;
        }
    }
    kept.faces
        .retain(|face| face.iter().all(|&i| above(mesh.points[i as usize])));
    let material = Material {
        gloss: 0.12,
        shininess: 20,
        ..Material::matte(head.person.hair, rng.uniform(0.06, 0.25), 0.55)
    };
    Some((kept, material))
}

/// Two rims, a bridge and temples. Lenses let both light and pattern through; what they throw back is drawn
/// by the sensors.
pub(crate) fn glasses(head: &Head<'_>) -> Part {
    let mut rng = Rng::new(head.person.seed, "glasses");
    let (half, high) = (rng.uniform(21.0, 26.0), rng.uniform(14.0, 20.0));
    let radius = rng.uniform(1.2, 2.4);
    let eyes = head.landmarks();
    let front = head.front(0.0, -4.0)[2] + 5.0;
    let mut mesh = Mesh::default();
    let mut join = |other: Mesh| {
        let base = mesh.points.len() as u32;
        mesh.points.extend(other.points);
        mesh.uv.extend(other.uv);
        mesh.faces
            .extend(other.faces.iter().map(|f| f.map(|i| i + base)));
    };
    for (side, eye) in [(-1.0, eyes[0]), (1.0, eyes[1])] {
        let centre = eye[0] + side * 1.5;
        let rim: Vec<V3> = (0..=40)
            .map(|i| {
                let angle = i as f32 / 40.0 * std::f32::consts::TAU;
                // Between an ellipse and a rectangle.
                let squared = |v: f32| libm::powf(v.abs(), 0.7).copysign(v);
                let (x, y) = (squared(libm::cosf(angle)), squared(libm::sinf(angle)));
                [
                    centre + half * x,
                    -3.0 + high * y,
                    front - (x * side).max(0.0) * 5.0,
                ]
            })
            .collect();
        join(Mesh::tube(&rim, radius));
        let hinge = [centre + side * half, 4.0, front - 5.0];
        let ear = [side * (head.half_width(0.0) + 2.0), 2.0, -85.0];
        let middle =
            [0, 1, 2].map(|i| (hinge[i] * 0.35 + ear[i] * 0.65) + [side * 4.0, 0.0, 0.0][i]);
        join(Mesh::tube(&[hinge, middle, ear], radius));
    }
    let bridge: Vec<V3> = (0..=8)
        .map(|i| {
            let t = i as f32 / 4.0 - 1.0;
            let inner = eyes[1][0] + 1.5 - half;
            [inner * t, 2.0 - 3.0 * t * t, front + 1.0]
        })
        .collect();
    join(Mesh::tube(&bridge, radius));
    let material = Material {
        gloss: 0.5,
        shininess: 40,
        ..Material::matte([0.03; 3], rng.uniform(0.03, 0.3), 0.5)
    };
    (mesh, material)
}

/// A surgical mask from the bridge of the nose to below the chin, stretched over the nose like a tent.
pub(crate) fn mask(head: &Head<'_>) -> Part {
    let mut rng = Rng::new(head.person.seed, "mask");
    let [_, _, tip, ..] = head.landmarks();
    let (top, bottom) = (-17.0, -116.0 * head.person.length);
    let folds = rng.uniform(0.25, 0.4);
    let (columns, rows) = (70, 60);
    let mesh = Mesh::grid(columns, rows, |column, row| {
        let across = column as f32 / (columns - 1) as f32 * 2.0 - 1.0;
        let down = row as f32 / (rows - 1) as f32;
        let y = top + (bottom - top) * down + 6.0 * across * across * (1.0 - 2.0 * down);
        let x = across * (head.half_width(y) * 0.93).min(64.0);
        let under = head.front(x, y);
        let base = head.front(x.signum() * x.abs().max(38.0), y)[2].min(under[2]);
        let tent = (tip[2] + 2.0 - base) * bell(x / 24.0, (y - tip[1]) / 34.0);
        let pleat = 0.7 * libm::sinf(y * folds) * smooth(0.1, 0.3, down);
        let z = (base + tent).max(under[2] + 1.2) + pleat;
        ([x, y, z], [x, y])
    });
    let material = Material {
        paint: Paint::Even([0.52, 0.66, 0.74], rng.uniform(0.6, 0.8)),
        ..Material::matte([0.5; 3], 0.7, 0.97)
    };
    (mesh, material)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::{Expression, Person};

    #[test]
    fn a_mask_covers_nose_and_mouth_and_is_symmetric() {
        for seed in 0..10 {
            let person = Person::adult(seed);
            let head = Head::new(&person, Expression::default());
            let (mesh, _) = mask(&head);
            for (row, points) in mesh.points.chunks_exact(70).enumerate() {
                for (left, right) in points.iter().zip(points.iter().rev()) {
                    assert!(
                        (left[2] - right[2]).abs() < 0.01,
                        "{row}: {left:?} {right:?}"
                    );
                    assert!(left[2] > head.front(left[0], left[1])[2] + 0.4);
                }
            }
            let [_, _, tip, left, _] = head.landmarks();
            let over = |p: V3| {
                mesh.points
                    .iter()
                    .any(|q| (q[0] - p[0]).abs() < 2.0 && (q[1] - p[1]).abs() < 2.0)
            };
            assert!(over(tip) && over(left));
        }
    }

    #[test]
    fn hair_lies_over_the_head_and_leaves_the_face_free() {
        for seed in 0..20 {
            let person = Person::adult(seed);
            let head = Head::new(&person, Expression::default());
            let skull = head.mesh();
            let Some((mesh, _)) = hair(&head, &skull) else {
                assert!(person.hair_length.is_none());
                continue;
            };
            let used: Vec<V3> = mesh
                .faces
                .iter()
                .map(|f| mesh.points[f[0] as usize])
                .collect();
            assert!(used.len() > 500, "{seed}");
            assert!(
                !used
                    .iter()
                    .any(|p| p[2] > 0.0 && p[0].abs() < 25.0 && p[1] < 45.0)
            );
        }
    }
}
