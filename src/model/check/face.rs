//! Tables of networks that look at one face.

use super::super::manifest::{
    EyesSpec, InputSpec, LivenessColourSpec, LivenessDepthSpec, LivenessInfraredSpec, MaskSpec,
    MeshSpec, QualitySpec,
};
use super::{between, square, unit, usable_template};
use crate::geom::Point;

/// Most pairs of lid points of an eye network.
const MAX_LIDS: usize = 32;

impl QualitySpec {
    pub(super) fn check(&self, input: &InputSpec) -> Result<(), String> {
        square(input)?;
        let points = self.template.map(|[x, y]| Point::new(x, y));
        usable_template("quality.template", &points, input.side().0 as f32)?;
        if self.low.is_finite() && self.high.is_finite() && self.low < self.high {
            Ok(())
        } else {
            Err(format!(
                "quality.low is {}, allowed is any number below quality.high, {}",
                self.low, self.high
            ))
        }
    }
}

impl EyesSpec {
    pub(super) fn check(&self, input: &InputSpec) -> Result<(), String> {
        square(input)?;
        between("eyes.roi_scale", self.roi_scale, 1.0, 8.0)?;
        if (1..=MAX_LIDS).contains(&self.lids.len()) {
            Ok(())
        } else {
            Err(format!(
                "eyes.lids has {} pairs, allowed is 1 to {MAX_LIDS}",
                self.lids.len()
            ))
        }
    }
}

impl MaskSpec {
    pub(super) fn check(&self, input: &InputSpec) -> Result<(), String> {
        square(input)?;
        between("mask.roi_scale", self.roi_scale, 1.0, 8.0)?;
        if self.mask_class > 1 {
            return Err(format!(
                "mask.mask_class is {}, allowed is 0 or 1",
                self.mask_class
            ));
        }
        Ok(())
    }
}

impl LivenessColourSpec {
    pub(super) fn check(&self, input: &InputSpec) -> Result<(), String> {
        square(input)?;
        between("liveness_colour.scale", self.scale as f32, 1.0, 8.0)?;
        if self.live_class > 15 {
            return Err(format!(
                "liveness_colour.live_class is {}, allowed is 0 to 15",
                self.live_class
            ));
        }
        Ok(())
    }
}

impl LivenessInfraredSpec {
    pub(super) fn check(&self, input: &InputSpec) -> Result<(), String> {
        square(input)?;
        let points = self.template.map(|[x, y]| Point::new(x, y));
        usable_template("liveness_infrared.template", &points, input.side().0 as f32)
    }
}

impl LivenessDepthSpec {
    pub(super) fn check(&self, input: &InputSpec) -> Result<(), String> {
        square(input)?;
        between("liveness_depth.cell_mm", self.cell_mm, 0.5, 10.0)
    }
}

impl MeshSpec {
    pub(super) fn check(&self) -> Result<(), String> {
        unit("mesh.score_threshold", self.score_threshold)?;
        between("mesh.roi_scale", self.roi_scale, 1.0, 4.0)
    }
}
