use super::{Affine2, Point};

/// A clockwise quarter-turn count.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Rotation {
    /// As stored.
    #[default]
    None,
    /// 90 degrees clockwise.
    Cw90,
    /// 180 degrees.
    Cw180,
    /// 270 degrees clockwise.
    Cw270,
}

impl Rotation {
    /// All four, in rising angle.
    pub const ALL: [Self; 4] = [Self::None, Self::Cw90, Self::Cw180, Self::Cw270];

    /// From degrees clockwise; only 0, 90, 180 and 270 exist.
    #[must_use]
    pub const fn from_degrees(degrees: u32) -> Option<Self> {
        match degrees {
            0 => Some(Self::None),
            90 => Some(Self::Cw90),
            180 => Some(Self::Cw180),
            270 => Some(Self::Cw270),
            _ => None,
        }
    }

    /// Degrees clockwise.
    #[must_use]
    pub const fn degrees(self) -> u32 {
        self.quarters() as u32 * 90
    }

    /// Whether width and height change places.
    #[must_use]
    pub const fn swaps_sides(self) -> bool {
        matches!(self, Self::Cw90 | Self::Cw270)
    }

    /// This turn followed by `other`.
    #[must_use]
    pub const fn then(self, other: Self) -> Self {
        Self::from_quarters(self.quarters() + other.quarters())
    }

    /// The turn that undoes this one.
    #[must_use]
    pub const fn inverse(self) -> Self {
        Self::from_quarters(4 - self.quarters())
    }

    const fn quarters(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Cw90 => 1,
            Self::Cw180 => 2,
            Self::Cw270 => 3,
        }
    }

    const fn from_quarters(quarters: u8) -> Self {
        match quarters % 4 {
            0 => Self::None,
            1 => Self::Cw90,
            2 => Self::Cw180,
            _ => Self::Cw270,
        }
    }
}

/// How stored pixels become the upright picture: first turned clockwise by `rotation`, then, when
/// `mirror` is set, flipped left to right.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Orientation {
    /// Clockwise turn applied to the stored pixels.
    pub rotation: Rotation,
    /// Left-to-right flip applied after the turn.
    pub mirror: bool,
}

impl Orientation {
    /// Width and height of the upright picture.
    #[must_use]
    pub const fn upright_size(self, stored: (u32, u32)) -> (u32, u32) {
        if self.rotation.swaps_sides() {
            (stored.1, stored.0)
        } else {
            stored
        }
    }

    /// This orientation with one more clockwise turn of the upright picture.
    #[must_use]
    pub const fn turned(self, more: Rotation) -> Self {
        // A turn after a flip is the opposite turn before it.
        let more = if self.mirror { more.inverse() } else { more };
        Self {
            rotation: self.rotation.then(more),
            mirror: self.mirror,
        }
    }

    /// Map from upright coordinates to stored ones; `stored` is the stored width and height.
    #[must_use]
    pub fn upright_to_stored(self, stored: (u32, u32)) -> Affine2 {
        let (width, height) = (stored.0 as f32, stored.1 as f32);
        let turn = match self.rotation {
            Rotation::None => Affine2::IDENTITY,
            Rotation::Cw90 => Affine2::from_rows([0.0, 1.0, 0.0], [-1.0, 0.0, height]),
            Rotation::Cw180 => Affine2::from_rows([-1.0, 0.0, width], [0.0, -1.0, height]),
            Rotation::Cw270 => Affine2::from_rows([0.0, -1.0, width], [1.0, 0.0, 0.0]),
        };
        if !self.mirror {
            return turn;
        }
        let upright_width = self.upright_size(stored).0 as f32;
        let flip = Affine2::from_rows([-1.0, 0.0, upright_width], [0.0, 1.0, 0.0]);
        turn.after(&flip)
    }

    /// Map one upright point to stored coordinates.
    #[must_use]
    pub fn point_to_stored(self, point: Point, stored: (u32, u32)) -> Point {
        self.upright_to_stored(stored).apply(point)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: (u32, u32) = (40, 30);

    fn to_stored(rotation: Rotation, mirror: bool, x: f32, y: f32) -> (f32, f32) {
        let orientation = Orientation { rotation, mirror };
        let p = orientation.point_to_stored(Point::new(x, y), STORED);
        (p.x, p.y)
    }

    #[test]
    fn upright_corner_is_the_stored_corner_that_turns_there() {
        // Turning clockwise by 90 brings the stored bottom left corner to the top left.
        assert_eq!(to_stored(Rotation::None, false, 0.0, 0.0), (0.0, 0.0));
        assert_eq!(to_stored(Rotation::Cw90, false, 0.0, 0.0), (0.0, 30.0));
        assert_eq!(to_stored(Rotation::Cw180, false, 0.0, 0.0), (40.0, 30.0));
        assert_eq!(to_stored(Rotation::Cw270, false, 0.0, 0.0), (40.0, 0.0));
        // Mirrored, the upright left edge is the stored right edge.
        assert_eq!(to_stored(Rotation::None, true, 0.0, 5.0), (40.0, 5.0));
        assert_eq!(to_stored(Rotation::Cw90, true, 0.0, 0.0), (0.0, 0.0));
    }

    #[test]
    fn turning_the_upright_picture_equals_turning_in_two_steps() {
        for rotation in Rotation::ALL {
            for mirror in [false, true] {
                for more in Rotation::ALL {
                    let first = Orientation { rotation, mirror };
                    let second = Orientation {
                        rotation: more,
                        mirror: false,
                    };
                    let upright = first.upright_size(STORED);
                    let point = Point::new(3.0, 7.0);
                    let in_two =
                        first.point_to_stored(second.point_to_stored(point, upright), STORED);
                    assert_eq!(first.turned(more).point_to_stored(point, STORED), in_two);
                }
            }
        }
    }

    #[test]
    fn degrees_round_trip() {
        for rotation in Rotation::ALL {
            assert_eq!(Rotation::from_degrees(rotation.degrees()), Some(rotation));
            assert_eq!(rotation.then(rotation.inverse()), Rotation::None);
        }
        assert_eq!(Rotation::from_degrees(45), None);
    }
}
