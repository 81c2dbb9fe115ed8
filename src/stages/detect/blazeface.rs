//! BlazeFace (Bazarevsky et al., 2019) as MediaPipe publishes it.
//!
//! Each anchor is the centre of a cell and has size 1, so its 16 regressors are offsets in input
//! pixels: box centre and size, then six points: the eye on the picture's left, the other eye,
//! nose tip, mouth centre and the two ears.

use super::decode::Decode;
use super::detection::Detection;
use super::grid::{cells, check_rows, rows};
use crate::geom::{Point, Rect};
use crate::model::DecodeSpec;
use vultus_nn::{Runner, sigmoid};

const REGRESSORS: usize = 16;

pub(super) struct BlazeFace {
    /// Anchor centres in input pixels.
    anchors: Vec<Point>,
    /// The score threshold as a logit, so that only faces pay for the exponential.
    least_logit: f32,
}

impl BlazeFace {
    pub(super) fn new(
        spec: &DecodeSpec,
        side: (u32, u32),
        outputs: &[&[usize]],
    ) -> Result<Self, String> {
        let [regressors, scores] = outputs else {
            return Err(format!(
                "BlazeFace has two outputs, the manifest names {}",
                outputs.len()
            ));
        };
        // Compared before the anchors are made, so that a manifest cannot ask for billions.
        let in_layer = |&stride: &usize| {
            let (columns, lines) = cells(stride, side);
            columns * lines * spec.anchors_per_cell
        };
        let count = spec.strides.iter().map(in_layer).sum();
        check_rows(regressors, count, REGRESSORS)?;
        check_rows(scores, count, 1)?;
        let anchors = anchors(&spec.strides, spec.anchors_per_cell, side);
        let p = spec.score_threshold;
        Ok(Self {
            anchors,
            least_logit: (p / (1.0 - p)).ln(),
        })
    }
}

/// Anchor centres in the order of the network's rows: neighbouring layers of one stride share
/// their cells, so a cell's anchors of all these layers lie side by side.
fn anchors(strides: &[usize], per_cell: usize, side: (u32, u32)) -> Vec<Point> {
    let mut anchors = Vec::new();
    for layers in strides.chunk_by(|a, b| a == b) {
        let stride = layers[0];
        let (columns, lines) = cells(stride, side);
        for line in 0..lines {
            for column in 0..columns {
                let centre = Point::new(
                    (column as f32 + 0.5) * stride as f32,
                    (line as f32 + 0.5) * stride as f32,
                );
                anchors.extend(std::iter::repeat_n(centre, layers.len() * per_cell));
            }
        }
    }
    anchors
}

impl Decode for BlazeFace {
    fn decode(&self, outputs: &dyn Runner) -> Vec<Detection> {
        let regressors = rows(outputs, 0, REGRESSORS);
        let logits = rows(outputs, 1, 1);
        let confident = |&(row, _): &(usize, &Point)| logits[[row, 0]] >= self.least_logit;
        let face = |(row, anchor): (usize, &Point)| {
            let r = regressors.row(row);
            let point = |i: usize| Point::new(anchor.x + r[i], anchor.y + r[i + 1]);
            Detection {
                rect: Rect::centred(point(0), r[2], r[3]),
                score: sigmoid(logits[[row, 0]]),
                eyes: [point(4), point(6)],
                landmarks: None,
            }
        };
        self.anchors
            .iter()
            .enumerate()
            .filter(confident)
            .map(face)
            .collect()
    }

    fn blends(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::FakeRun;
    use super::*;
    use crate::model::DecodeKind;

    fn spec() -> DecodeSpec {
        DecodeSpec {
            kind: DecodeKind::Blazeface,
            strides: vec![8, 16, 16, 16],
            anchors_per_cell: 2,
            score_threshold: 0.5,
            min_face_px: None,
        }
    }

    #[test]
    fn anchors_are_laid_out_as_published() {
        let short = anchors(&[8, 16, 16, 16], 2, (128, 128));
        assert_eq!(short.len(), 896);
        assert_eq!(short[0], Point::new(4.0, 4.0));
        assert_eq!(short[1], short[0]);
        assert_eq!(short[2], Point::new(12.0, 4.0));
        assert_eq!(short[512], Point::new(8.0, 8.0));
        assert_eq!(short[517], short[512]);
        assert_eq!(short[518], Point::new(24.0, 8.0));
        assert_eq!(anchors(&[4], 1, (192, 192)).len(), 2304);
    }

    #[test]
    fn decodes_one_hot_row() {
        let shapes: [&[usize]; 2] = [&[1, 896, 16], &[1, 896, 1]];
        let decoder = BlazeFace::new(&spec(), (128, 128), &shapes).expect("shapes fit");
        let mut run = FakeRun::zeros(&shapes);
        run.0[1].fill(-5.0);
        run.0[1][[0, 518, 0]] = 2.0;
        let row = [1.0, 2.0, 30.0, 40.0, -6.0, -7.0, 6.0, -7.0];
        for (i, value) in row.into_iter().enumerate() {
            run.0[0][[0, 518, i]] = value;
        }
        let faces = decoder.decode(&run);
        assert_eq!(faces.len(), 1);
        assert_eq!(
            faces[0].rect,
            Rect {
                x: 10.0,
                y: -10.0,
                width: 30.0,
                height: 40.0
            }
        );
        assert_eq!(
            faces[0].eyes,
            [Point::new(18.0, 1.0), Point::new(30.0, 1.0)]
        );
        assert!((faces[0].score - 0.880_797).abs() < 1e-5);
    }

    #[test]
    fn refuses_shapes_of_another_network() {
        let error = BlazeFace::new(&spec(), (128, 128), &[&[1, 895, 16], &[1, 896, 1]]).err();
        assert!(error.expect("refused").contains("[1, 895, 16]"));
        assert!(BlazeFace::new(&spec(), (128, 128), &[&[1, 896, 16]]).is_err());
    }
}
