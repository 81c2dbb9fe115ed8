//! How the pixels of a depth or infrared frame lie to those of the colour frame.

use super::sensor::check_intrinsics;
use super::{DepthFrame, SensorError, View};
use crate::error::{Coded, Status};
use crate::geom::{Affine2, Intrinsics, Landmarks5, Point, Point3, RigidMotion};
use std::fmt;

/// Sizes of a sensor's pixel over a colour pixel that an affine map may have.
const SCALES: [f32; 2] = [0.05, 20.0];

/// How far two cameras of one device may be turned against each other, in degrees.
const MAX_TURN: f32 = 20.0;

/// Distances of two cameras of one device in millimetres, where they are not the same camera.
/// Below the least, metres were passed.
const DISTANCES_MM: [f32; 2] = [1.0, 500.0];

/// Rounds in which a landmark's distance is looked up where that distance puts it.
const ROUNDS: usize = 8;

/// Change of the distance at which a landmark has been found, in millimetres.
const SETTLED_MM: f32 = 1.0;

/// From stored pixels of the colour frame to stored pixels of another sensor's frame.
///
/// Made once, for frames of one size and orientation; both are compared with each frame. A map
/// that turns or mirrors other than the orientations say is refused: one of them is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    colour: View,
    sensor: View,
    way: Way,
}

#[derive(Clone, Debug, PartialEq)]
enum Way {
    Affine(Affine2),
    Cameras {
        colour: Intrinsics,
        sensor: Intrinsics,
        motion: RigidMotion,
    },
}

/// A registration that is refused, or that does not belong to a frame.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RegistrationError {
    /// The map enlarges by this factor; allowed is 0.05 to 20.
    Scale {
        /// The root of the area factor; 0 where the map flattens the plane, no number where it
        /// holds none.
        value: f32,
    },
    /// The map mirrors although the orientations do not, or the other way round.
    Mirror,
    /// The cameras are turned against each other by more than 20 degrees once both pictures are
    /// upright.
    Turn {
        /// By how many degrees.
        degrees: f32,
    },
    /// The rotation of the extrinsics is none.
    NotARotation,
    /// The cameras are implausibly far apart, or so near that metres were passed for millimetres.
    Distance {
        /// In millimetres.
        mm: f32,
    },
    /// Intrinsics that a picture of this size cannot have.
    Intrinsics(SensorError),
    /// A frame of another size or orientation than the registration was made for.
    OtherView {
        /// What it was made for.
        expected: View,
        /// The frame's.
        actual: View,
    },
}

impl fmt::Display for RegistrationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scale { value } => {
                write!(f, "the map enlarges by {value}, allowed is 0.05 to 20")
            }
            Self::Mirror => f.write_str(
                "map and orientations contradict each other: one of them mirrors and the other does not",
            ),
            Self::Turn { degrees } => write!(
                f,
                "the upright pictures are turned by {degrees:.0} degrees, allowed is {MAX_TURN}"
            ),
            Self::NotARotation => f.write_str("the rotation matrix is not orthonormal"),
            Self::Distance { mm } => write!(
                f,
                "the cameras are {mm} mm apart, allowed is 0 and {} to {}",
                DISTANCES_MM[0], DISTANCES_MM[1]
            ),
            Self::Intrinsics(error) => error.fmt(f),
            Self::OtherView { expected, actual } => write!(
                f,
                "the registration is of frames {expected:?}, this one is {actual:?}"
            ),
        }
    }
}

impl std::error::Error for RegistrationError {}

impl Coded for RegistrationError {
    fn status(&self) -> Status {
        Status::RegistrationInvalid
    }
}

impl Registration {
    /// Frames that share their pixels: a sensor whose driver has aligned it to the colour camera.
    #[must_use]
    pub fn same(view: View) -> Self {
        Self {
            colour: view,
            sensor: view,
            way: Way::Affine(Affine2::IDENTITY),
        }
    }

    /// One map for all distances, measured at the working distance: for cameras close together.
    ///
    /// # Errors
    /// [`RegistrationError`] where the map is implausible for these views.
    pub fn affine(map: Affine2, colour: View, sensor: View) -> Result<Self, RegistrationError> {
        let rows = map.rows();
        let scale = map.scale();
        if !rows.iter().flatten().all(|v| v.is_finite())
            || !(SCALES[0]..=SCALES[1]).contains(&scale)
        {
            return Err(RegistrationError::Scale { value: scale });
        }
        let upright = sensor
            .stored_to_upright()
            .after(&map)
            .after(&colour.upright_to_stored());
        let [[a, b, _], [c, d, _]] = upright.rows();
        if a * d - b * c <= 0.0 {
            return Err(RegistrationError::Mirror);
        }
        let degrees = (c - b).atan2(a + d).to_degrees().abs();
        if degrees > MAX_TURN {
            return Err(RegistrationError::Turn { degrees });
        }
        Ok(Self {
            colour,
            sensor,
            way: Way::Affine(map),
        })
    }

    /// Two calibrated cameras. `motion` brings points of the colour camera to the sensor's, in
    /// millimetres, both along the axes of their *upright* pictures (x to the right, y down, z
    /// away); intrinsics are of stored pixels.
    ///
    /// # Errors
    /// [`RegistrationError`] with what is implausible.
    pub fn cameras(
        colour: (View, Intrinsics),
        sensor: (View, Intrinsics),
        motion: RigidMotion,
    ) -> Result<Self, RegistrationError> {
        for (view, intrinsics) in [colour, sensor] {
            check_intrinsics(&intrinsics, view.size).map_err(RegistrationError::Intrinsics)?;
        }
        check_rotation(&motion.rotation)?;
        let [x, y, z] = motion.shift_mm;
        let mm = (x * x + y * y + z * z).sqrt();
        if mm != 0.0 && !(DISTANCES_MM[0]..=DISTANCES_MM[1]).contains(&mm) {
            return Err(RegistrationError::Distance { mm });
        }
        Ok(Self {
            colour: colour.0,
            sensor: sensor.0,
            way: Way::Cameras {
                colour: colour.1,
                sensor: sensor.1,
                motion,
            },
        })
    }

    /// Compares a pair of frames with what the registration was made for.
    ///
    /// # Errors
    /// [`RegistrationError::OtherView`].
    pub fn check(&self, colour: View, sensor: View) -> Result<(), RegistrationError> {
        for (expected, actual) in [(self.colour, colour), (self.sensor, sensor)] {
            if expected != actual {
                return Err(RegistrationError::OtherView { expected, actual });
            }
        }
        Ok(())
    }

    /// Where a stored pixel of the colour frame lies in the sensor's stored pixels, `mm` away along the
    /// colour camera's axis. `None` where it lies behind the sensor. An affine map does not ask for
    /// the distance.
    #[must_use]
    pub fn locate(&self, p: Point, mm: f32) -> Option<Point> {
        match &self.way {
            Way::Affine(map) => Some(map.apply(p)),
            Way::Cameras {
                colour,
                sensor,
                motion,
            } => {
                let upright = turned(&self.colour.stored_to_upright(), colour.unproject(p, mm));
                let there = motion.apply(upright);
                sensor.project(turned(&self.sensor.upright_to_stored(), there))
            }
        }
    }

    /// Landmarks of the colour frame in the stored pixels of a depth frame of the same moment.
    ///
    /// Between two cameras a landmark's place depends on its distance, which the depth frame knows
    /// only at that place: it is looked up again until it stays. `None` where nothing is measured
    /// at a landmark, or none stays.
    ///
    /// # Errors
    /// [`RegistrationError::OtherView`] for a frame of another size or orientation.
    pub fn landmarks_in_depth(
        &self,
        landmarks: &Landmarks5,
        colour: View,
        depth: &DepthFrame<'_>,
    ) -> Result<Option<Landmarks5>, RegistrationError> {
        self.check(colour, depth.view())?;
        let found = landmarks.to_array().map(|p| self.find(p, depth));
        let all: Option<Vec<Point>> = found.into_iter().collect();
        Ok(all.and_then(|all| Some(Landmarks5::from_array(all.try_into().ok()?))))
    }

    fn find(&self, p: Point, depth: &DepthFrame<'_>) -> Option<Point> {
        let Way::Cameras { sensor, motion, .. } = &self.way else {
            return self.locate(p, 0.0);
        };
        let back = motion.inverse();
        // The middle of the distances at which faces are judged.
        let mut mm = 500.0;
        for _ in 0..ROUNDS {
            let there = self.locate(p, mm)?;
            let seen = sensor.unproject(there, depth.median_mm(there, 3)?);
            let upright = turned(&self.sensor.stored_to_upright(), seen);
            let next = back.apply(upright).z;
            if (next - mm).abs() < SETTLED_MM {
                return self.locate(p, next);
            }
            mm = next;
        }
        None
    }
}

/// A point along other axes: a map's turn and flip without its shift, in the picture's plane.
fn turned(map: &Affine2, p: Point3) -> Point3 {
    let [[a, b, _], [c, d, _]] = map.rows();
    Point3::new(a * p.x + b * p.y, c * p.x + d * p.y, p.z)
}

fn check_rotation(r: &[[f32; 3]; 3]) -> Result<(), RegistrationError> {
    let dot = |i: usize, j: usize| (0..3).map(|k| r[i][k] * r[j][k]).sum::<f32>();
    for i in 0..3 {
        for j in 0..3 {
            let expected = if i == j { 1.0 } else { 0.0 };
            let off = (dot(i, j) - expected).abs();
            if off.is_nan() || off > 1e-3 {
                return Err(RegistrationError::NotARotation);
            }
        }
    }
    let [a, b, c] = r;
    let det = a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
        + a[2] * (b[0] * c[1] - b[1] * c[0]);
    if det < 0.0 {
        return Err(RegistrationError::NotARotation);
    }
    let degrees = ((a[0] + b[1] + c[2] - 1.0) / 2.0)
        .clamp(-1.0, 1.0)
        .acos()
        .to_degrees();
    if degrees > MAX_TURN {
        return Err(RegistrationError::Turn { degrees });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
