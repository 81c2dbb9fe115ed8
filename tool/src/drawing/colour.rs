//! Colours of marks.

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Colour {
    /// Share of red, 255 the most.
    pub red: u8,
    /// Share of green.
    pub green: u8,
    /// Share of blue.
    pub blue: u8,
}

impl Colour {
    /// A face without a verdict.
    pub const FACE: Self = Self::new(80, 200, 255);
    /// A person with a name.
    pub const ACCEPTED: Self = Self::new(70, 220, 90);
    /// A person without one.
    pub const UNKNOWN: Self = Self::new(255, 170, 60);

    /// Of its shares.
    #[must_use]
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Of points of quality: red at 40 and below, yellow at 70, green at 100.
    #[must_use]
    pub fn of_quality(points: f32) -> Self {
        let share = ((points - 40.0) / 60.0).clamp(0.0, 1.0);
        let channel = |value: f32| (value.clamp(0.0, 1.0) * 220.0) as u8;
        Self::new(channel(2.0 - 2.0 * share), channel(2.0 * share), 40)
    }
}
