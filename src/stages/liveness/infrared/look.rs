//! The network.

use super::picture::{Cut, FacePicture};
use super::{InfraredError, InfraredRulesError};
use crate::geom::Point;
use crate::model::{PackError, PackNetwork};
use crate::stages::liveness::score;
use vultus_nn::Runner;

/// A pack's network and how it wants faces.
#[derive(Clone)]
pub(super) struct Look {
    network: PackNetwork,
    cut: Cut,
}

impl Look {
    pub(super) fn new(network: &PackNetwork) -> Result<Self, InfraredRulesError> {
        let spec = network.spec();
        let infrared = spec.liveness_infrared.as_ref();
        let infrared = infrared.ok_or_else(|| InfraredRulesError::OtherRole {
            network: spec.name.clone(),
        })?;
        Ok(Self {
            cut: Cut {
                side: spec.input.side().0,
                template: infrared.template.map(|[x, y]| Point::new(x, y)),
            },
            network: network.clone(),
        })
    }

    pub(super) fn cut(&self) -> &Cut {
        &self.cut
    }

    pub(super) fn sha256(&self) -> &str {
        &self.network.spec().sha256
    }

    pub(super) fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Probability of a living face.
    pub(super) fn score(
        &self,
        runner: &mut dyn Runner,
        picture: &FacePicture,
    ) -> Result<f32, InfraredError> {
        let living = score::living(&self.network, runner, picture.image())?;
        living.ok_or_else(|| InfraredError::NoNumber {
            network: self.network.spec().name.clone(),
        })
    }
}
