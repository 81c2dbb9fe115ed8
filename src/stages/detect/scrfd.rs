//! SCRFD with key points (Guo et al., 2021), for packs that users bring.
//!
//! For each stride and anchor: a score, the distances from the cell's corner to the four sides of
//! the box, and five point offsets, all in cells.

use super::decode::Decode;
use super::detection::Detection;
use super::grid::Levels;
use crate::geom::Rect;
use crate::model::DecodeSpec;
use vultus_nn::Runner;

/// Columns of score, box distances and point offsets.
const COLUMNS: [usize; 3] = [1, 4, 10];

pub(super) struct Scrfd {
    levels: Levels<3>,
    score_threshold: f32,
}

impl Scrfd {
    pub(super) fn new(
        spec: &DecodeSpec,
        side: (u32, u32),
        outputs: &[&[usize]],
    ) -> Result<Self, String> {
        Ok(Self {
            levels: Levels::new(spec, side, outputs, COLUMNS)?,
            score_threshold: spec.score_threshold,
        })
    }
}

impl Decode for Scrfd {
    fn decode(&self, outputs: &dyn Runner) -> Vec<Detection> {
        let mut faces = Vec::new();
        for (level, [scores, boxes, points]) in self.levels.read(outputs) {
            let confident = |row: &usize| scores[[*row, 0]] >= self.score_threshold;
            for row in (0..level.rows).filter(confident) {
                let b = boxes.row(row);
                let (top_left, bottom_right) =
                    (level.point(row, -b[0], -b[1]), level.point(row, b[2], b[3]));
                let landmarks = level.landmarks(row, points.row(row));
                faces.push(Detection {
                    rect: Rect::from_corners(top_left, bottom_right),
                    score: scores[[row, 0]].min(1.0),
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

    #[test]
    fn decodes_the_second_anchor_of_a_cell_without_batch_dimension() {
        let spec = DecodeSpec {
            kind: DecodeKind::Scrfd,
            strides: vec![16],
            anchors_per_cell: 2,
            score_threshold: 0.5,
            min_face_px: None,
        };
        let shapes: [&[usize]; 3] = [&[8, 1], &[8, 4], &[8, 10]];
        let decoder = Scrfd::new(&spec, (32, 32), &shapes).expect("shapes fit");
        let mut run = FakeRun::zeros(&shapes);
        run.0[0][[3, 0]] = 0.7;
        for (i, value) in [0.5, 0.25, 1.0, 2.0].into_iter().enumerate() {
            run.0[1][[3, i]] = value;
        }
        run.0[2][[3, 2]] = 0.5;
        let faces = decoder.decode(&run);
        assert_eq!(faces.len(), 1);
        assert_eq!(
            faces[0].rect,
            Rect {
                x: 8.0,
                y: -4.0,
                width: 24.0,
                height: 36.0
            }
        );
        assert_eq!(faces[0].eyes[1], Point::new(24.0, 0.0));
        assert_eq!(faces[0].score, 0.7);
        assert!(Scrfd::new(&spec, (64, 32), &shapes).is_err());
    }
}
