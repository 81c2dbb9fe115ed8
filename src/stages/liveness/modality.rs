//! The kinds of sensor that liveness is judged by.

use crate::model::Role;

/// A kind of sensor that liveness is judged by.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Modality {
    /// A colour camera alone.
    Colour,
    /// A near-infrared camera with a lamp, beside a colour camera.
    Infrared,
    /// A depth sensor of structured light.
    Depth,
}

impl Modality {
    /// What its networks are for, in a pack.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Colour => Role::LivenessColour,
            Self::Infrared => Role::LivenessInfrared,
            Self::Depth => Role::LivenessDepth,
        }
    }
}
