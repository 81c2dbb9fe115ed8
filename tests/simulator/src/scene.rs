//! A person or an artefact before a camera.

use crate::artefact::{self, Artefact, Bend, Ink, Print};
use crate::camera::Camera;
use crate::head::Head;
use crate::mesh::{Material, Mesh, Paint};
use crate::person::{Expression, Person, Wear};
use crate::rng::Rng;
use crate::space::{Place, V3};
use crate::wear;
use std::sync::Arc;

/// What is presented.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Species {
    /// A living adult.
    Live,
    /// A living child of about seven.
    Child,
    /// A flat print.
    Flat,
    /// A print bent around an upright axis.
    CurvedUpright,
    /// A print bent around an axis across.
    CurvedAcross,
    /// A print folded once, mostly along the nose.
    Folded,
    /// A crumpled print, smoothed out.
    Crumpled,
    /// A crumpled print, bent.
    BentCrumpled,
    /// A print worn as a mask, the eyes cut out.
    CutEyes,
    /// The same with the nose cut out too.
    CutEyesNose,
    /// A telephone's screen.
    Phone,
    /// A tablet's screen.
    Tablet,
    /// A monitor.
    Monitor,
    /// A print with dye on plain paper, flat or bent.
    Inkjet,
    /// A print with toner, flat or bent.
    Laser,
    /// A print on photographic paper, flat or bent.
    PhotoPaper,
    /// A print on vinyl, flat or bent.
    Vinyl,
    /// A print of an infrared picture, the light of a face baked in, flat or bent.
    NirReprint,
    /// A hood of printed cloth.
    Fabric,
    /// A rigid mask of a face.
    RigidMask,
}

impl Species {
    /// Every attack.
    pub const ATTACKS: [Self; 18] = [
        Self::Flat,
        Self::CurvedUpright,
        Self::CurvedAcross,
        Self::Folded,
        Self::Crumpled,
        Self::BentCrumpled,
        Self::CutEyes,
        Self::CutEyesNose,
        Self::Phone,
        Self::Tablet,
        Self::Monitor,
        Self::Inkjet,
        Self::Laser,
        Self::PhotoPaper,
        Self::Vinyl,
        Self::NirReprint,
        Self::Fabric,
        Self::RigidMask,
    ];

    /// Its name in files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Child => "child",
            Self::Flat => "flat",
            Self::CurvedUpright => "curved-upright",
            Self::CurvedAcross => "curved-across",
            Self::Folded => "folded",
            Self::Crumpled => "crumpled",
            Self::BentCrumpled => "bent-crumpled",
            Self::CutEyes => "cut-eyes",
            Self::CutEyesNose => "cut-eyes-nose",
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Monitor => "monitor",
            Self::Inkjet => "inkjet",
            Self::Laser => "laser",
            Self::PhotoPaper => "photo-paper",
            Self::Vinyl => "vinyl",
            Self::NirReprint => "nir-reprint",
            Self::Fabric => "fabric",
            Self::RigidMask => "rigid-mask",
        }
    }

    /// Whether it is a living person.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::Child)
    }

    /// Whether it is a printed sheet, held or worn.
    #[must_use]
    pub const fn is_paper(self) -> bool {
        !matches!(
            self,
            Self::Live
                | Self::Child
                | Self::Phone
                | Self::Tablet
                | Self::Monitor
                | Self::Fabric
                | Self::RigidMask
        )
    }

    /// Whether it is a sheet between two hands, which bend it.
    #[must_use]
    pub const fn is_held_sheet(self) -> bool {
        self.is_paper() && !matches!(self, Self::CutEyes | Self::CutEyesNose)
    }

    const fn ink(self) -> Option<Ink> {
        match self {
            Self::Inkjet => Some(Ink::Inkjet),
            Self::Laser => Some(Ink::Laser),
            Self::PhotoPaper => Some(Ink::Photo),
            Self::Vinyl => Some(Ink::Vinyl),
            Self::NirReprint => Some(Ink::NirReprint),
            _ => None,
        }
    }
}

/// How much is made of a scene.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Detail {
    /// The shape alone: enough for depth.
    Shape,
    /// With everything that light shows.
    Full,
}

/// Where a presentation is, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Distance of the middle between the eyes along the optical axis.
    pub distance_mm: f32,
    /// Yaw, pitch and roll in degrees, with the signs of `vultus::geom::Pose`.
    pub pose: [f32; 3],
    /// Shift to the right and up.
    pub aside_mm: [f32; 2],
    /// What a living person wears.
    pub wear: Wear,
    /// What the face does.
    pub expression: Expression,
    /// Distance of the wall behind.
    pub wall_mm: f32,
    /// How far hands bend a sheet beyond its own shape: one over the radius around an upright axis, in 1/mm, outwards
    /// positive. Nothing else bends.
    pub flex_per_mm: f32,
}

impl Default for Conditions {
    /// Half a metre away, straight, neutral.
    fn default() -> Self {
        Self {
            distance_mm: 500.0,
            pose: [0.0; 3],
            aside_mm: [0.0; 2],
            wear: Wear::default(),
            expression: Expression::default(),
            wall_mm: 1300.0,
            flex_per_mm: 0.0,
        }
    }
}

impl Conditions {
    /// Drawn: yaw within 20 degrees, pitch within 15, roll within 10, somewhere near the middle.
    #[must_use]
    pub fn draw(distance_mm: f32, seed: u64) -> Self {
        let mut rng = Rng::new(seed, "conditions");
        let pose = [20.0, 15.0, 10.0].map(|most| rng.uniform(-most, most));
        let room = distance_mm / 580.0;
        Self {
            distance_mm,
            pose,
            aside_mm: [
                rng.uniform(-70.0, 70.0) * room,
                rng.uniform(-30.0, 40.0) * room,
            ],
            wear: Wear {
                glasses: rng.chance(0.3),
                mask: false,
            },
            expression: Expression::draw(&mut rng),
            wall_mm: distance_mm + rng.uniform(350.0, 1800.0),
            flex_per_mm: 0.0,
        }
    }
}

/// A presentation in the axes of the camera.
pub struct Scene {
    pub(crate) parts: Vec<(Mesh, Material)>,
    /// The eyes, the tip of the nose, the corners of the mouth.
    pub(crate) landmarks: [V3; 5],
    pub(crate) wall: f32,
    pub(crate) wet_eyes: bool,
    pub(crate) lenses: bool,
    pub(crate) seed: u64,
}

impl Scene {
    /// Draws who is shown, by whom and with what, from a seed.
    #[must_use]
    pub fn draw(species: Species, conditions: &Conditions, seed: u64, detail: Detail) -> Self {
        match species {
            Species::Live => Self::live(&Person::adult(seed), conditions, seed, detail),
            Species::Child => Self::live(&Person::child(seed), conditions, seed, detail),
            _ => Self::attack(species, species.ink(), conditions, seed, detail),
        }
    }

    /// A print of one species' ink, bent or worn as another species of paper is.
    ///
    /// # Panics
    /// Where the first has no ink, or the second is not of paper.
    #[must_use]
    pub fn print(
        ink: Species,
        shape: Species,
        conditions: &Conditions,
        seed: u64,
        detail: Detail,
    ) -> Self {
        assert!(shape.is_paper(), "{} is not of paper", shape.name());
        let ink = ink.ink().expect("a species of print");
        Self::attack(shape, Some(ink), conditions, seed, detail)
    }

    /// A living person.
    #[must_use]
    pub fn live(person: &Person, conditions: &Conditions, seed: u64, detail: Detail) -> Self {
        let head = Head::new(person, conditions.expression);
        let mesh = head.mesh();
        let hair = wear::hair(&head, &mesh);
        let mut parts = vec![(mesh, face_material(&head, conditions.expression, detail))];
        parts.extend(wear::body(&head));
        parts.extend(hair);
        if conditions.wear.glasses {
            parts.push(wear::glasses(&head));
        }
        if conditions.wear.mask {
            parts.push(wear::mask(&head));
        }
        let artefact = Artefact {
            parts,
            landmarks: head.landmarks(),
            wet_eyes: true,
        };
        Self {
            lenses: conditions.wear.glasses,
            ..Self::place(artefact, conditions, seed)
        }
    }

    fn attack(
        species: Species,
        ink: Option<Ink>,
        conditions: &Conditions,
        seed: u64,
        detail: Detail,
    ) -> Self {
        let mut rng = Rng::new(seed, "artefact");
        let shown = Person::adult(seed);
        let wearer = Person::adult(rng.next_u64());
        let ink = ink.unwrap_or_else(|| Ink::ALL[rng.below(4)]);
        let scale = rng.uniform(0.92, 1.1);
        let paper = |rng: &mut Rng| Print::new(&shown, ink, scale, detail, rng);
        let sheets = [[210.0, 297.0], [297.0, 420.0], [180.0, 240.0]];
        let size = sheets[rng.below(3)];
        let artefact = match species {
            Species::CutEyes | Species::CutEyesNose => {
                let print = paper(&mut rng);
                let nose = species == Species::CutEyesNose;
                artefact::cut_mask(print, &wearer, nose, detail, &mut rng)
            }
            Species::Fabric => artefact::fabric(&shown, &wearer, detail, &mut rng),
            Species::RigidMask => artefact::rigid_mask(&shown, &wearer, detail, &mut rng),
            Species::Phone | Species::Tablet | Species::Monitor => {
                let (size, border, scale) = match species {
                    Species::Phone => ([68.0, 146.0], 3.0, rng.uniform(0.4, 0.65)),
                    Species::Tablet => ([160.0, 228.0], 9.0, rng.uniform(0.8, 1.0)),
                    _ => ([530.0, 298.0], 12.0, rng.uniform(0.9, 1.1)),
                };
                let print = Print::on_screen(&shown, scale, detail, &mut rng);
                artefact::screen(print, size, border, &mut rng)
            }
            _ => {
                let print = paper(&mut rng);
                let shape = bend(species, &mut rng).flexed(conditions.flex_per_mm);
                artefact::sheet(print, &shape, size, &mut rng)
            }
        };
        Self::place(artefact, conditions, seed)
    }

    pub(crate) fn place(artefact: Artefact, conditions: &Conditions, seed: u64) -> Self {
        let [right, up] = conditions.aside_mm;
        // The camera looks at the middle between the eyes, wherever that is on an artefact.
        let [left, other, ..] = artefact.landmarks;
        let turned = Place::new(conditions.pose, [0.0; 3]);
        let middle = turned.apply([0, 1, 2].map(|i| (left[i] + other[i]) / 2.0));
        let shift = [
            right - middle[0],
            -up - middle[1],
            conditions.distance_mm - middle[2],
        ];
        let place = Place::new(conditions.pose, shift);
        Self {
            parts: artefact
                .parts
                .into_iter()
                .map(|(mesh, material)| (mesh.placed(&place), material))
                .collect(),
            landmarks: artefact.landmarks.map(|p| place.apply(p)),
            wall: conditions.wall_mm,
            wet_eyes: artefact.wet_eyes,
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

fn bend(species: Species, rng: &mut Rng) -> Bend {
    match species {
        Species::CurvedUpright => Bend::Upright(Bend::radius(rng)),
        Species::CurvedAcross => Bend::Across(Bend::radius(rng)),
        Species::Folded => Bend::fold(rng),
        Species::Crumpled => Bend::Crumple(Bend::ridges(rng)),
        Species::BentCrumpled => {
            let radius = Bend::radius(rng);
            Bend::Both(radius, Bend::ridges(rng))
        }
        Species::Flat => Bend::Flat,
        _ if rng.chance(0.5) => Bend::Upright(Bend::radius(rng)),
        _ => Bend::Flat,
    }
}

pub(crate) fn face_material(head: &Head<'_>, expression: Expression, detail: Detail) -> Material {
    let skin = wear::skin(head);
    match detail {
        Detail::Shape => skin,
        Detail::Full => Material {
            paint: Paint::Texture(Arc::new(crate::texture::face(head, expression))),
            ..skin
        },
    }
}
