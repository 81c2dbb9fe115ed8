//! What has to be known of a sensor, and of those who come before it.

/// How good a structured-light sensor is. A sensor is of the worst class that describes it: its baseline
/// is shorter, or its disparities are noisier, than the class above allows. Measure the noise on a
/// wall: in millimetres it is `z² / (f · baseline)` times that in pixels.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SensorClass {
    /// Baseline of 75 mm or more, disparity noise up to 0.05 px, at a focal length of 580 px.
    A,
    /// Baseline of 55 mm or more, up to 0.1 px.
    B,
    /// Baseline of 40 mm or more, up to 0.2 px.
    C,
}

impl SensorClass {
    /// All, from the best on.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];
}

/// Who is to be let in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Subjects {
    /// Adults: noses from 18 mm, eyes from 52 mm apart.
    #[default]
    Adults,
    /// Children too, whose noses are as low as an adult's on a strongly folded print: fewer artefacts are
    /// refused.
    AdultsAndChildren,
}
