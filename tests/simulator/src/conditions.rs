//! Where a presentation is, and how much is made of it.

use crate::person::{Expression, Wear};
use crate::rng::Rng;

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
