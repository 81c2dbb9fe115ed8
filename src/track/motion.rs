//! Where a face will be: a Kalman filter of constant velocity for the centre and the sides of its rectangle.
//!
//! The four values are filtered apart, each with its speed. The model is the textbook's (Bar-Shalom, Li, Kirubarajan: Estimation
//! with Applications to Tracking and Navigation, 2001, section 6.2.3): white noise acceleration, discrete steps. Noise is measured
//! in sides of the face, so that a near face may move by more pixels than a far one.

use crate::geom::{Point, Rect};

/// Standard deviation of a detector's rectangle, in sides of the face.
const MEASURED: f64 = 0.05;

/// Standard deviation of a head's acceleration, in sides of the face per s²: a walker who stops.
const ACCELERATED: f64 = 6.0;

/// The same for the sides of the rectangle, which change slowly.
const GROWN: f64 = 2.0;

/// Standard deviation of the speed of a face that was seen once, in sides per s.
const FIRST_SPEED: f64 = 4.0;

/// No side is predicted below this many pixels.
const LEAST_SIDE: f64 = 1.0;

/// A value, its speed per second, and the covariance of both.
#[derive(Clone, Copy, Debug)]
struct Axis {
    value: f64,
    speed: f64,
    variance: [f64; 3],
}

impl Axis {
    fn first(value: f64, side: f64) -> Self {
        Self {
            value,
            speed: 0.0,
            variance: [(MEASURED * side).powi(2), 0.0, (FIRST_SPEED * side).powi(2)],
        }
    }

    /// After `dt` seconds; `acceleration` is a standard deviation in the value's unit per s².
    fn after(self, dt: f64, acceleration: f64) -> Self {
        let [vv, vs, ss] = self.variance;
        let noise = acceleration * acceleration;
        Self {
            value: self.value + self.speed * dt,
            speed: self.speed,
            variance: [
                vv + 2.0 * dt * vs + dt * dt * ss + noise * dt.powi(4) / 4.0,
                vs + dt * ss + noise * dt.powi(3) / 2.0,
                ss + noise * dt * dt,
            ],
        }
    }

    /// Having measured `value`, whose standard deviation is `deviation`.
    fn corrected(self, value: f64, deviation: f64) -> Self {
        let [vv, vs, ss] = self.variance;
        let total = vv + deviation * deviation;
        let (gain, speed_gain) = (vv / total, vs / total);
        let surprise = value - self.value;
        Self {
            value: self.value + gain * surprise,
            speed: self.speed + speed_gain * surprise,
            variance: [(1.0 - gain) * vv, (1.0 - gain) * vs, ss - speed_gain * vs],
        }
    }
}

/// Where a face is and how it moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Motion {
    /// Centre x, centre y, width, height.
    axes: [Axis; 4],
    at_us: u64,
}

impl Motion {
    /// Of a face that was seen once.
    pub(super) fn first(rect: &Rect, at_us: u64) -> Self {
        let side = side_of(rect);
        Self {
            axes: values_of(rect).map(|value| Axis::first(value, side)),
            at_us,
        }
    }

    /// At a later time, without looking.
    pub(super) fn at(&self, at_us: u64) -> Self {
        let dt = at_us.saturating_sub(self.at_us) as f64 / 1e6;
        let side = self.side();
        let mut axes = self.axes;
        for (index, axis) in axes.iter_mut().enumerate() {
            let noise = if index < 2 { ACCELERATED } else { GROWN };
            *axis = axis.after(dt, noise * side);
        }
        Self { axes, at_us }
    }

    /// Having seen the face there, at the time that this one is of.
    pub(super) fn seen(&self, rect: &Rect) -> Self {
        let deviation = MEASURED * side_of(rect);
        let mut axes = self.axes;
        for (axis, value) in axes.iter_mut().zip(values_of(rect)) {
            *axis = axis.corrected(value, deviation);
        }
        Self {
            axes,
            at_us: self.at_us,
        }
    }

    /// The rectangle.
    pub(super) fn rect(&self) -> Rect {
        let [x, y, width, height] = self.axes.map(|axis| axis.value);
        let centre = Point::new(x as f32, y as f32);
        Rect::centred(
            centre,
            width.max(LEAST_SIDE) as f32,
            height.max(LEAST_SIDE) as f32,
        )
    }

    /// Standard deviation of the centre, in sides of the face: how unsure the place is.
    pub(super) fn doubt(&self) -> f32 {
        let variance = self.axes[0].variance[0] + self.axes[1].variance[0];
        ((variance / 2.0).sqrt() / self.side()) as f32
    }

    fn side(&self) -> f64 {
        (self.axes[2].value * self.axes[3].value)
            .max(LEAST_SIDE * LEAST_SIDE)
            .sqrt()
    }
}

fn side_of(rect: &Rect) -> f64 {
    f64::from(rect.area()).sqrt().max(LEAST_SIDE)
}

fn values_of(rect: &Rect) -> [f64; 4] {
    let centre = rect.centre();
    [centre.x, centre.y, rect.width, rect.height].map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME_US: u64 = 40_000;

    fn face(x: f32, side: f32) -> Rect {
        Rect::centred(Point::new(x, 200.0), side, side)
    }

    /// A face that is seen in each frame, moving by `step` pixels a frame.
    fn walked(step: f32, frames: u64) -> Motion {
        let mut motion = Motion::first(&face(100.0, 80.0), 0);
        for n in 1..frames {
            let rect = face(100.0 + step * n as f32, 80.0);
            motion = motion.at(n * FRAME_US).seen(&rect);
        }
        motion
    }

    #[test]
    fn a_face_at_rest_is_expected_where_it_was() {
        let expected = walked(0.0, 10).at(11 * FRAME_US).rect();
        assert!((expected.centre().x - 100.0).abs() < 0.01);
        assert!((expected.width - 80.0).abs() < 0.01);
    }

    #[test]
    fn a_walker_is_expected_one_step_ahead() {
        let expected = walked(12.0, 12).at(12 * FRAME_US).rect();
        assert!((expected.centre().x - (100.0 + 12.0 * 12.0)).abs() < 2.0);
    }

    #[test]
    fn doubt_grows_while_nobody_looks_and_shrinks_with_each_look() {
        let motion = walked(3.0, 10);
        let later: Vec<f32> = (1..10)
            .map(|n| motion.at((9 + n) * FRAME_US).doubt())
            .collect();
        assert!(later.is_sorted() && later[0] < later[8]);
        let again = motion.at(18 * FRAME_US).seen(&face(160.0, 80.0));
        assert!(again.doubt() < later[8]);
    }

    #[test]
    fn doubt_is_in_sides_of_the_face() {
        let near = Motion::first(&face(100.0, 200.0), 0).at(FRAME_US).doubt();
        let far = Motion::first(&face(100.0, 20.0), 0).at(FRAME_US).doubt();
        assert!((near - far).abs() < 1e-4);
    }

    /// One step of the filter, computed by hand: gain = p / (p + r).
    #[test]
    fn one_step_is_the_textbooks() {
        let axis = Axis {
            value: 10.0,
            speed: 2.0,
            variance: [4.0, 1.0, 9.0],
        };
        let later = axis.after(0.5, 2.0);
        assert_eq!(later.value, 11.0);
        assert_eq!(later.variance[0], 4.0 + 1.0 + 2.25 + 4.0 * 0.0625 / 4.0);
        assert_eq!(later.variance[1], 1.0 + 4.5 + 4.0 * 0.125 / 2.0);
        assert_eq!(later.variance[2], 9.0 + 1.0);
        let corrected = axis.corrected(18.0, 2.0);
        assert_eq!(corrected.value, 14.0);
        assert_eq!(corrected.speed, 2.0 + 8.0 / 8.0);
        assert_eq!(corrected.variance, [2.0, 0.5, 9.0 - 1.0 / 8.0]);
    }
}
