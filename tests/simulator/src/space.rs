//! Vectors in millimetres and small smooth functions.

pub(crate) type V3 = [f32; 3];

pub(crate) fn add(a: V3, b: V3) -> V3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(crate) fn sub(a: V3, b: V3) -> V3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

pub(crate) fn times(a: V3, k: f32) -> V3 {
    a.map(|v| v * k)
}

pub(crate) fn dot(a: V3, b: V3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: V3, b: V3) -> V3 {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

pub(crate) fn length(a: V3) -> f32 {
    libm::sqrtf(dot(a, a))
}

/// Of length 1; the zero vector stays.
pub(crate) fn unit(a: V3) -> V3 {
    let length = length(a);
    if length > 0.0 {
        times(a, 1.0 / length)
    } else {
        a
    }
}

/// `exp(-(x² + y²) / 2)`; 0 far out, where it does not matter.
pub(crate) fn bell(x: f32, y: f32) -> f32 {
    let square = x * x + y * y;
    if square > 20.0 {
        0.0
    } else {
        libm::expf(-0.5 * square)
    }
}

/// From 0 at `low` to 1 at `high`, smooth at both ends.
pub(crate) fn smooth(low: f32, high: f32, value: f32) -> f32 {
    let t = ((value - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

pub(crate) fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// The value at `at` of a curve through knots with falling first coordinates (Catmull and Rom).
pub(crate) fn curve(knots: &[[f32; 2]], at: f32) -> f32 {
    let last = knots.len() - 1;
    if at >= knots[0][0] {
        return knots[0][1];
    }
    if at <= knots[last][0] {
        return knots[last][1];
    }
    let i = (1..=last).find(|&i| at >= knots[i][0]).unwrap_or(last);
    let (a, b) = (knots[i - 1], knots[i]);
    let slope = |i: usize| {
        if i == 0 || i == last {
            return 0.0;
        }
        let (a, b) = (knots[i - 1], knots[i + 1]);
        (b[1] - a[1]) / (b[0] - a[0])
    };
    let width = b[0] - a[0];
    let t = (at - a[0]) / width;
    let (t2, t3) = (t * t, t * t * t);
    (2.0 * t3 - 3.0 * t2 + 1.0) * a[1]
        + (t3 - 2.0 * t2 + t) * width * slope(i - 1)
        + (3.0 * t2 - 2.0 * t3) * b[1]
        + (t3 - t2) * width * slope(i)
}

/// A turn and a shift from the axes of an object (y up, z to the camera) to those of the camera.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    rotation: [V3; 3],
    shift: V3,
}

impl Place {
    /// An object whose origin is seen at `shift`, turned as `vultus::geom::Pose` says, in degrees:
    /// `Ry(yaw) · Rx(pitch) · Rz(roll)`.
    pub(crate) fn new([yaw, pitch, roll]: V3, shift: V3) -> Self {
        let sin_cos = |degrees: f32| {
            let radians = degrees * (std::f32::consts::PI / 180.0);
            (libm::sinf(radians), libm::cosf(radians))
        };
        let ((sy, cy), (sp, cp), (sr, cr)) = (sin_cos(yaw), sin_cos(pitch), sin_cos(roll));
        let rows = [
            [cy * cr + sy * sp * sr, sy * sp * cr - cy * sr, sy * cp],
            [cp * sr, cp * cr, -sp],
            [cy * sp * sr - sy * cr, sy * sr + cy * sp * cr, cy * cp],
        ];
        // The camera's y and z point the other way.
        let rotation = [rows[0], times(rows[1], -1.0), times(rows[2], -1.0)];
        Self { rotation, shift }
    }

    pub(crate) fn apply(&self, p: V3) -> V3 {
        add(self.rotation.map(|row| dot(row, p)), self.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_goes_through_its_knots_and_stays_between() {
        let knots = [[10.0, 1.0], [5.0, 3.0], [0.0, 2.0], [-5.0, 2.0]];
        for [x, y] in knots {
            assert!((curve(&knots, x) - y).abs() < 1e-5);
        }
        assert_eq!((curve(&knots, 20.0), curve(&knots, -20.0)), (1.0, 2.0));
        assert!((1.0..3.0).contains(&curve(&knots, 7.5)));
    }

    #[test]
    fn a_place_turns_as_documented() {
        let nose = [0.0, 0.0, 1.0];
        let turned = |pose| Place::new(pose, [0.0; 3]).apply(nose);
        assert_eq!(turned([0.0; 3]), [0.0, 0.0, -1.0]);
        assert!(
            turned([10.0, 0.0, 0.0])[0] > 0.1,
            "to the right of the picture"
        );
        assert!(turned([0.0, 10.0, 0.0])[1] > 0.1, "down");
    }
}
