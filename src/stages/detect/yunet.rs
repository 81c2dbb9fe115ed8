//! YuNet (Wu, Peng, Yu, 2023): anchor-free, one cell a row.
//!
//! For each stride: class score, objectness, box `(dx, dy, log w, log h)` and five points, all in
//! cells; the score is the root of class score times objectness.

use super::decode::Decode;
use super::detection::Detection;
use super::grid::Levels;
use crate::geom::Rect;
use crate::model::DecodeSpec;
use vultus_nn::Runner;

/// Columns of class score, objectness, box and points.
const COLUMNS: [usize; 4] = [1, 1, 4, 10];

pub(super) struct YuNet {
    levels: Levels<4>,
    score_threshold: f32,
}

impl YuNet {
    pub(super) fn new(
        spec: &DecodeSpec,
        side: (u32, u32),
        outputs: &[&[usize]],
    ) -> Result<Self, String> {
        if spec.anchors_per_cell != 1 {
            return Err("YuNet has one anchor a cell".to_owned());
        }
        Ok(Self {
            levels: Levels::new(spec, side, outputs, COLUMNS)?,
            score_threshold: spec.score_threshold,
        })
    }
}

impl Decode for YuNet {
    fn decode(&self, outputs: &dyn Runner) -> Vec<Detection> {
        let mut faces = Vec::new();
        for (level, [class, object, boxes, points]) in self.levels.read(outputs) {
            let share = |value: f32| value.clamp(0.0, 1.0);
            for row in 0..level.rows {
                let score = (share(class[[row, 0]]) * share(object[[row, 0]])).sqrt();
                if score < self.score_threshold {
                    continue;
                }
                let b = boxes.row(row);
                let (width, height) = (b[2].exp() * level.stride, b[3].exp() * level.stride);
                let landmarks = level.landmarks(row, points.row(row));
                faces.push(Detection {
                    rect: Rect::centred(level.point(row, b[0], b[1]), width, height),
                    score,
                    eyes: [landmarks.left_eye, landmarks.right_eye],
                    landmarks: Some(landmarks),
                });
            }
        }
        faces
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::FakeRun;
    use super::*;
    use crate::geom::Point;
    use crate::model::DecodeKind;

    const SHAPES: [&[usize]; 8] = [
        &[1, 16, 1],
        &[1, 4, 1],
        &[1, 16, 1],
        &[1, 4, 1],
        &[1, 16, 4],
        &[1, 4, 4],
        &[1, 16, 10],
        &[1, 4, 10],
    ];

    fn decoder(shapes: &[&[usize]]) -> Result<YuNet, String> {
        let spec = DecodeSpec {
            kind: DecodeKind::Yunet,
            strides: vec![8, 16],
            anchors_per_cell: 1,
            score_threshold: 0.6,
            min_face_px: None,
        };
        YuNet::new(&spec, (32, 32), shapes)
    }

    #[test]
    fn decodes_one_cell_of_the_second_level() {
        let mut run = FakeRun::zeros(&SHAPES);
        run.0[1][[0, 3, 0]] = 0.81;
        run.0[3][[0, 3, 0]] = 1.0;
        run.0[5][[0, 3, 0]] = 0.5;
        run.0[5][[0, 3, 2]] = 2.0_f32.ln();
        run.0[7][[0, 3, 1]] = -0.25;
        let faces = decoder(&SHAPES).expect("shapes fit").decode(&run);
        assert_eq!(faces.len(), 1);
        let face = &faces[0];
        assert!((face.score - 0.9).abs() < 1e-6);
        assert_eq!(face.rect.centre(), Point::new(24.0, 16.0));
        assert!((face.rect.width - 32.0).abs() < 1e-4 && (face.rect.height - 16.0).abs() < 1e-4);
        let landmarks = face.landmarks.expect("five points");
        assert_eq!(landmarks.left_eye, Point::new(16.0, 12.0));
        assert_eq!(landmarks.nose, Point::new(16.0, 16.0));
    }

    #[test]
    fn refuses_other_shapes() {
        let mut shapes = SHAPES;
        shapes[5] = &[1, 4, 5];
        assert!(decoder(&shapes).is_err());
        assert!(decoder(&SHAPES[..7]).is_err());
    }
}
