/// How a head is turned in the upright picture, in degrees.
///
/// The axes are those of ISO/IEC 39794-5: x to the right of the picture, y up, z towards the
/// camera; turns are right-handed, and a head that looks straight into the camera has three
/// zeros. Starting from there the head is first rolled, then pitched, then yawed:
/// `R = Ry(yaw) · Rx(pitch) · Rz(roll)`. `docs/quality.md` has a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pose {
    /// Turn about the vertical axis, `-180..=180`; positive when the face looks to the right of
    /// the picture, which is the person's left.
    pub yaw: f32,
    /// Turn about the axis through the ears, `-90..=90`; positive when the face looks down.
    pub pitch: f32,
    /// Turn in the picture, `-180..=180`; positive counter-clockwise, when the head leans to the
    /// left of the picture.
    pub roll: f32,
}

impl Pose {
    /// From a rotation matrix in the axes above, row by row.
    #[must_use]
    pub fn from_matrix(r: &[[f64; 3]; 3]) -> Self {
        Self {
            yaw: r[0][2].atan2(r[2][2]).to_degrees() as f32,
            pitch: (-r[1][2]).clamp(-1.0, 1.0).asin().to_degrees() as f32,
            roll: r[1][0].atan2(r[1][1]).to_degrees() as f32,
        }
    }

    /// The rotation matrix in the axes above, row by row.
    #[must_use]
    pub fn matrix(&self) -> [[f64; 3]; 3] {
        let [(sy, cy), (sp, cp), (sr, cr)] =
            [self.yaw, self.pitch, self.roll].map(|a| f64::from(a).to_radians().sin_cos());
        [
            [cy * cr + sy * sp * sr, sy * sp * cr - cy * sr, sy * cp],
            [cp * sr, cp * cr, -sp],
            [cy * sp * sr - sy * cr, sy * sr + cy * sp * cr, cy * cp],
        ]
    }

    /// How far the face looks away from the camera, in degrees, `0..=180`: the angle between its
    /// forward direction and the z axis. Roll does not count.
    #[must_use]
    pub fn off_axis(&self) -> f32 {
        self.matrix()[2][2].clamp(-1.0, 1.0).acos().to_degrees() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_survive_the_matrix() {
        for yaw in [-80.0, -20.0, 0.0, 35.0, 120.0] {
            for pitch in [-60.0, 0.0, 15.0] {
                for roll in [-170.0, -10.0, 0.0, 90.0] {
                    let pose = Pose { yaw, pitch, roll };
                    let back = Pose::from_matrix(&pose.matrix());
                    for (a, b) in [(back.yaw, yaw), (back.pitch, pitch), (back.roll, roll)] {
                        assert!((a - b).abs() < 1e-3, "{pose:?} {back:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn signs_are_the_documented_ones() {
        // Where a point goes that lies in front of the face, and one above the head.
        let turned = |pose: Pose, p: [f64; 3]| -> [f64; 3] {
            pose.matrix()
                .map(|row| row.iter().zip(p).map(|(a, b)| a * b).sum())
        };
        let nose = [0.0, 0.0, 1.0];
        let pose = |yaw, pitch, roll| Pose { yaw, pitch, roll };
        assert!(turned(pose(10.0, 0.0, 0.0), nose)[0] > 0.0, "to the right");
        assert!(turned(pose(0.0, 10.0, 0.0), nose)[1] < 0.0, "down");
        assert!(
            turned(pose(0.0, 0.0, 10.0), [0.0, 1.0, 0.0])[0] < 0.0,
            "leans to the left"
        );
        assert!((pose(30.0, 0.0, 50.0).off_axis() - 30.0).abs() < 1e-3);
    }
}
