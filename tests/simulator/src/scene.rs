//! A person or an artefact before a camera.

use crate::camera::Camera;
use crate::conditions::{Conditions, Detail};
use crate::head::Head;
use crate::mesh::Part;
use crate::person::Person;
use crate::rng::Rng;
use crate::space::{Place, V3};
use crate::subject::Subject;
use crate::wear;

/// A presentation in the axes of the camera.
pub struct Scene {
    pub(crate) parts: Vec<Part>,
    /// The eyes, the tip of the nose, the corners of the mouth.
    pub(crate) landmarks: [V3; 5],
    pub(crate) wall: f32,
    pub(crate) wet_eyes: bool,
    pub(crate) lenses: bool,
    pub(crate) seed: u64,
}

impl Scene {
    /// A living person.
    #[must_use]
    pub fn live(person: &Person, conditions: &Conditions, seed: u64, detail: Detail) -> Self {
        let head = Head::new(person, conditions.expression);
        let mut parts = wear::person(&head, conditions.expression, detail);
        if conditions.wear.glasses {
            parts.push(wear::glasses(&head));
        }
        if conditions.wear.mask {
            parts.push(wear::mask(&head));
        }
        let subject = Subject {
            parts,
            landmarks: head.landmarks(),
            wet_eyes: true,
        };
        Self {
            lenses: conditions.wear.glasses,
            ..Self::place(subject, conditions, seed)
        }
    }

    pub(crate) fn place(subject: Subject, conditions: &Conditions, seed: u64) -> Self {
        let [right, up] = conditions.aside_mm;
        // The camera looks at the middle between the eyes, wherever that is on an artefact.
        let [left, other, ..] = subject.landmarks;
        let turned = Place::new(conditions.pose, [0.0; 3]);
        let middle = turned.apply([0, 1, 2].map(|i| (left[i] + other[i]) / 2.0));
        let shift = [
            right - middle[0],
            -up - middle[1],
            conditions.distance_mm - middle[2],
        ];
        let place = Place::new(conditions.pose, shift);
        Self {
            parts: subject
                .parts
                .into_iter()
                .map(|(mesh, material)| (mesh.placed(&place), material))
                .collect(),
            landmarks: subject.landmarks.map(|p| place.apply(p)),
            wall: conditions.wall_mm,
            wet_eyes: subject.wet_eyes,
            lenses: false,
            seed,
        }
    }

    /// The eyes, the tip of the nose and the corners of the mouth in the axes of the camera, in millimetres.
    #[must_use]
    pub fn landmarks_mm(&self) -> [[f32; 3]; 5] {
        self.landmarks
    }

    /// Where the eyes, the tip of the nose and the corners of the mouth are seen, in pixels.
    #[must_use]
    pub fn seen_landmarks(&self, camera: &Camera) -> [[f32; 2]; 5] {
        self.landmarks.map(|p| camera.project(p))
    }

    /// The same with the error of a landmark network and of the registration of two cameras: 2 % of the
    /// eye distance each (standard deviation along each axis), the second one shared by all points.
    #[must_use]
    pub fn found_landmarks(&self, camera: &Camera, seed: u64) -> [[f32; 2]; 5] {
        let mut rng = Rng::new(seed, "landmarks");
        let seen = self.seen_landmarks(camera);
        let [x, y] = [0, 1].map(|i| seen[1][i] - seen[0][i]);
        let error = 0.02 * libm::sqrtf(x * x + y * y);
        let shared = [rng.normal(0.0, error), rng.normal(0.0, error)];
        seen.map(|p| [0, 1].map(|i| p[i] + shared[i] + rng.normal(0.0, error)))
    }
}
