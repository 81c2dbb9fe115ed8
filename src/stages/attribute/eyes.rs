use super::{invalid, output_sizes};
use crate::frame::{Frame, RgbImage};
use crate::geom::{Point, Similarity2};
use crate::model::{EyesSpec, PackError, PackNetwork};
use vultus_nn::{NetworkError, Runner};

/// The eye network of a pack. It was made for eyes whose outer corner lies on the left of the
/// crop; the other eye is shown to it mirrored.
#[derive(Debug)]
pub struct EyeReader {
    network: PackNetwork,
    spec: EyesSpec,
}

impl EyeReader {
    /// Checks that the contour has all points that the manifest names.
    ///
    /// # Errors
    /// [`PackError::Manifest`] naming the network.
    pub fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec().eyes.clone();
        let spec = spec.ok_or_else(|| invalid(network, "it has no [network.eyes]"))?;
        let points = match output_sizes(network)[..] {
            [values] if values % 3 == 0 => values / 3,
            _ => {
                return Err(invalid(network, "eyes have one output of x, y, z triples"));
            }
        };
        let most = spec.lids.iter().flatten().chain(&spec.corners).max();
        if most.is_none_or(|&index| index >= points) {
            return Err(invalid(
                network,
                &format!("eyes.corners and eyes.lids must be below {points}"),
            ));
        }
        Ok(Self {
            network: network.clone(),
            spec,
        })
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Aperture of an eye: mean distance of the lids over the distance of the corners, at least
    /// 0. `corners` are its outer and inner corner in stored pixels. `None` when they coincide or
    /// the answer is no number.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    pub fn aperture(
        &self,
        runner: &mut dyn Runner,
        chip: &mut RgbImage,
        frame: &Frame<'_>,
        corners: [Point; 2],
    ) -> Result<Option<f32>, NetworkError> {
        let to_upright = frame.stored_to_upright();
        let [outer, inner] = corners.map(|p| to_upright.apply(p));
        let width = outer.distance(inner);
        if !width.is_normal() {
            return Ok(None);
        }
        let side = self.network.spec().input.side().0;
        // The crop is level with the eye; the other eye's outer corner lies on the right.
        let mirrored = outer.x > inner.x;
        let (left, right) = if mirrored {
            (inner, outer)
        } else {
            (outer, inner)
        };
        let radians = (right.y - left.y).atan2(right.x - left.x);
        let scale = width * self.spec.roi_scale / side as f32;
        let middle = Point::new(side as f32 / 2.0, side as f32 / 2.0);
        let moved = Similarity2::new(scale, radians, Point::default()).apply(middle);
        let centre = outer.midpoint(inner);
        let shift = Point::new(centre.x - moved.x, centre.y - moved.y);
        let to_upright = Similarity2::new(scale, radians, shift).to_affine();
        frame.warp(&frame.upright_to_stored().after(&to_upright), side, chip);
        if mirrored {
            self.network.input().fill_mirrored(chip, runner.input_mut());
        } else {
            self.network.input().fill(chip, runner.input_mut());
        }
        runner.run()?;
        let values: Vec<f32> = runner.output(0).iter().copied().collect();
        let triples = values.as_chunks::<3>().0;
        let point = |index: usize| Point::new(triples[index][0], triples[index][1]);
        let [a, b] = self.spec.corners.map(point);
        let gaps = self.spec.lids.iter().map(|&[upper, lower]| {
            // Signed: lids that cross are closed, not open.
            (point(lower).y - point(upper).y).max(0.0)
        });
        let aperture = gaps.sum::<f32>() / self.spec.lids.len() as f32 / a.distance(b);
        Ok(aperture.is_finite().then_some(aperture))
    }
}
