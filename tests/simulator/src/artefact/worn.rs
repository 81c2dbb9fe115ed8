//! Worn before a face: paper with holes, cloth, rigid masks.

use super::print::Print;
use super::sheet::{Bend, bent};
use crate::conditions::Detail;
use crate::head::Head;
use crate::mesh::{Material, Paint};
use crate::person::{Expression, Person};
use crate::rng::Rng;
use crate::skin;
use crate::space::{V3, bell, smooth};
use crate::subject::Subject;
use crate::texture::Texture;
use crate::wear;
use std::sync::Arc;

/// A printed face with the eyes cut out, and with `nose` the nose too, bent around the wearer's head.
pub(crate) fn cut_mask(
    print: Print,
    wearer: &Person,
    nose: bool,
    detail: Detail,
    rng: &mut Rng,
) -> Subject {
    let expression = Expression::default();
    let head = Head::new(wearer, expression);
    let own = head.landmarks();
    let [left, right, tip, ..] = print.landmarks;
    let middle = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0];
    let eye = [rng.uniform(12.0, 17.0), rng.uniform(6.0, 10.0)];
    let nostrils = [rng.uniform(13.0, 19.0), rng.uniform(22.0, 28.0)];
    let hole = move |[u, v]: [f32; 2]| {
        let ellipse = |centre: [f32; 2], radii: [f32; 2]| {
            let (x, y) = ((u - centre[0]) / radii[0], (v - centre[1]) / radii[1]);
            x * x + y * y < 1.0
        };
        let eyes = ellipse(left, eye) || ellipse(right, eye);
        eyes || (nose && ellipse([tip[0], tip[1] + 8.0], nostrils))
    };
    let trimmed = rng.chance(0.5);
    let outside = move |[u, v]: [f32; 2]| {
        let (x, y) = (u / 82.0, (v - middle[1] + 25.0) / 112.0);
        trimmed && x * x + y * y > 1.0
    };
    let bend = Bend::Upright(rng.uniform(70.0, 120.0));
    // Where the nose is not cut out it pushes the paper forward.
    let tent = if nose { 0.0 } else { rng.uniform(8.0, 18.0) };
    let place = |[u, v]: [f32; 2]| -> V3 {
        let [x, y, z] = bend.apply([u, v]);
        let down = smooth(middle[1] + 10.0, tip[1], v) * smooth(tip[1] - 45.0, tip[1] - 4.0, v);
        [
            x,
            y - middle[1],
            z + tent * bell((u - tip[0]) / 15.0, 0.0) * down,
        ]
    };
    let size = [210.0, 297.0];
    // Fine, so that holes have smooth rims.
    let mut mesh = bent(&Bend::Flat, size, 2.0).without(|uv| hole(uv) || outside(uv));
    // Pushed on until it touches the head.
    let mut shift = f32::MIN;
    for uv in &mesh.uv {
        let [x, y, z] = place(*uv);
        if x.abs() < 60.0 && (-105.0..70.0).contains(&y) && !hole(*uv) {
            shift = shift.max(head.front(x, y)[2] - z);
        }
    }
    // Paper gives way a little.
    let shift = shift - rng.uniform(0.0, 2.0);
    let put = |uv: [f32; 2]| {
        let [x, y, z] = place(uv);
        [x, y, z + shift]
    };
    for (point, uv) in mesh.points.iter_mut().zip(&mesh.uv) {
        *point = put(*uv);
    }
    let mut landmarks = print.landmarks.map(put);
    (landmarks[0], landmarks[1]) = (own[0], own[1]);
    if nose {
        landmarks[2] = own[2];
    }
    let mut parts = vec![(mesh, print.material)];
    parts.extend(wear::person(&head, expression, detail));
    Subject {
        parts,
        landmarks,
        wet_eyes: true,
    }
}

/// A hood of printed cloth over the wearer's head: features are softer than those of skin.
pub(crate) fn fabric(printed: &Person, wearer: &Person, detail: Detail, rng: &mut Rng) -> Subject {
    let expression = Expression::default();
    let wearing = Head::with_relief(wearer, expression, rng.uniform(0.55, 0.85));
    let landmarks = wearing.landmarks();
    let nir = rng.uniform(0.4, 0.75);
    let paint = match detail {
        Detail::Shape => Paint::Even([0.5; 3], nir),
        Detail::Full => {
            let other = Head::new(printed, expression);
            let mut texture = skin::face(&other, expression);
            let fade = rng.uniform(0.0, 0.5);
            for texel in &mut texture.texels {
                texel[3] = nir * (1.0 - fade + fade * texel[3] / printed.nir_skin);
            }
            Paint::Texture(Arc::new(texture))
        }
    };
    let cloth = Material {
        paint,
        ..Material::matte([0.5; 3], nir, 0.95)
    };
    let mut parts = vec![(wearing.mesh(), cloth)];
    parts.extend(wear::body(&wearing));
    Subject {
        parts,
        landmarks,
        wet_eyes: false,
    }
}

/// A rigid mask of another person's face, with or without holes for the eyes.
pub(crate) fn rigid_mask(
    shown: &Person,
    wearer: &Person,
    detail: Detail,
    rng: &mut Rng,
) -> Subject {
    let expression = Expression::default();
    let (mask, head) = (Head::new(shown, expression), Head::new(wearer, expression));
    let mut landmarks = mask.landmarks();
    let [left, right, ..] = landmarks;
    let holes = rng.chance(0.5);
    let cut = |[x, y]: [f32; 2]| {
        let oval = {
            let (x, y) = (x / 70.0, (y + 20.0) / 95.0);
            x * x + y * y > 1.0
        };
        let eye = |e: V3| {
            let (x, y) = ((x - e[0]) / 13.0, (y - e[1]) / 7.0);
            x * x + y * y < 1.0
        };
        oval || (holes && (eye(left) || eye(right)))
    };
    let mut mesh = mask.mesh().without(cut);
    mesh.faces
        .retain(|face| face.iter().all(|&i| mesh.points[i as usize][2] > -75.0));
    let mut shift = f32::MIN;
    for [x, y, z] in mesh.faces.iter().map(|face| mesh.points[face[0] as usize]) {
        shift = shift.max(head.front(x, y)[2] - z);
    }
    let shift = shift.clamp(0.0, 14.0) + rng.uniform(1.5, 4.0);
    for point in mesh.points.iter_mut().chain(&mut landmarks) {
        point[2] += shift;
    }
    if holes {
        let own = head.landmarks();
        (landmarks[0][2], landmarks[1][2]) = (own[0][2], own[1][2]);
    }
    let (nir, gloss) = (rng.uniform(0.2, 0.8), rng.uniform(0.05, 0.3));
    let paint = match detail {
        Detail::Shape => Paint::Even([0.5; 3], nir),
        Detail::Full => Paint::Texture(Arc::new(painted(&mask, nir))),
    };
    let resin = Material {
        paint,
        gloss,
        shininess: 30,
        ..Material::matte([0.5; 3], nir, 0.97)
    };
    let mut parts = vec![(mesh, resin)];
    parts.extend(wear::person(&head, expression, detail));
    Subject {
        parts,
        landmarks,
        wet_eyes: holes,
    }
}

/// A face by hand: colours like a face's, in infrared nearly even.
fn painted(mask: &Head<'_>, nir: f32) -> Texture {
    let mut texture = skin::face(mask, Expression::default());
    for texel in &mut texture.texels {
        texel[3] = nir * (0.8 + 0.2 * texel[3] / mask.person.nir_skin);
    }
    texture
}
