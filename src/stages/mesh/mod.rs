//! Refines a detection to the 468 points of the MediaPipe face mesh.

use crate::frame::{Frame, RgbImage};
use crate::geom::{Landmarks5, Point, Rect, Similarity2};
use crate::model::{MESH_POINTS, MeshSpec, PackError, PackNetwork};
use vultus_nn::{NetworkError, Runner};

/// Mesh indices whose mean is an eye's centre: its corners and the middles of its lids.
const LEFT_EYE: [usize; 4] = [33, 133, 159, 145];
const RIGHT_EYE: [usize; 4] = [263, 362, 386, 374];
const NOSE_TIP: usize = 1;
const MOUTH_CORNERS: [usize; 2] = [61, 291];

/// A face as 468 points.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceMesh {
    /// Where the points lie in the frame, in stored pixels.
    pub points: Vec<Point>,
    /// Depth of each point in stored pixels, relative to the centre of the head; smaller is
    /// nearer to the camera.
    pub depth: Vec<f32>,
    /// How sure the network is that there is a face, `0..=1`.
    pub score: f32,
}

impl FaceMesh {
    /// The five alignment points.
    #[must_use]
    pub fn landmarks(&self) -> Landmarks5 {
        let mean = |indices: [usize; 4]| {
            let [a, b, c, d] = indices.map(|i| self.points[i]);
            a.midpoint(b).midpoint(c.midpoint(d))
        };
        let [mouth_left, mouth_right] = MOUTH_CORNERS.map(|i| self.points[i]);
        Landmarks5 {
            left_eye: mean(LEFT_EYE),
            right_eye: mean(RIGHT_EYE),
            nose: self.points[NOSE_TIP],
            mouth_left,
            mouth_right,
        }
    }
}

/// The mesh network of a pack.
#[derive(Debug)]
pub struct Mesher {
    network: PackNetwork,
    spec: MeshSpec,
    side: u32,
}

impl Mesher {
    /// Checks that the network is a 468-point mesh with a square input.
    ///
    /// # Errors
    /// [`PackError::Manifest`] naming the network.
    pub fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec();
        let invalid = |cause: &str| PackError::manifest(format!("network {}: {cause}", spec.name));
        let mesh = spec
            .mesh
            .clone()
            .ok_or_else(|| invalid("it has no [network.mesh]"))?;
        let values: Vec<usize> = spec
            .outputs
            .iter()
            .map(|o| o.shape.iter().product())
            .collect();
        if values != [MESH_POINTS * 3, 1] {
            return Err(invalid(
                "a mesh has two outputs: 1404 coordinates and a face score",
            ));
        }
        let (side, height) = spec.input.side();
        if side != height {
            return Err(invalid("a mesh has a square input"));
        }
        Ok(Self {
            network: network.clone(),
            spec: mesh,
            side,
        })
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Refines a face given by its rectangle and eye centres in stored pixels. `None` when the
    /// network sees no face there.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    pub fn refine(
        &self,
        runner: &mut dyn Runner,
        chip: &mut RgbImage,
        frame: &Frame<'_>,
        rect: &Rect,
        eyes: [Point; 2],
    ) -> Result<Option<FaceMesh>, NetworkError> {
        let to_upright = frame.stored_to_upright();
        let eyes = eyes.map(|eye| to_upright.apply(eye));
        let to_stored = frame.upright_to_stored().after(
            &self
                .chip_to_upright(to_upright.apply(rect.centre()), rect.long_side(), eyes)
                .to_affine(),
        );
        frame.warp(&to_stored, self.side, chip);
        self.network.input().fill(chip, runner.input_mut());
        runner.run()?;

        let score = vultus_nn::sigmoid(
            runner
                .output(1)
                .iter()
                .copied()
                .next()
                .unwrap_or(f32::NEG_INFINITY),
        );
        let values = runner.output(0);
        let usable = score.is_finite() && values.iter().all(|v| v.is_finite());
        if !usable || score < self.spec.score_threshold {
            return Ok(None);
        }
        let scale = to_stored.scale();
        let flat: Vec<f32> = values.iter().copied().collect();
        let triples = flat.as_chunks::<3>().0;
        Ok(Some(FaceMesh {
            points: triples
                .iter()
                .map(|t| to_stored.apply(Point::new(t[0], t[1])))
                .collect(),
            depth: triples.iter().map(|t| t[2] * scale).collect(),
            score,
        }))
    }

    /// The square around the face, turned so that the eyes are level.
    fn chip_to_upright(&self, centre: Point, long_side: f32, eyes: [Point; 2]) -> Similarity2 {
        let radians = (eyes[1].y - eyes[0].y).atan2(eyes[1].x - eyes[0].x);
        let scale = long_side * self.spec.roi_scale / self.side as f32;
        let middle = self.side as f32 / 2.0;
        let moved =
            Similarity2::new(scale, radians, Point::default()).apply(Point::new(middle, middle));
        Similarity2::new(
            scale,
            radians,
            Point::new(centre.x - moved.x, centre.y - moved.y),
        )
    }
}
