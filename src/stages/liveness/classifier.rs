//! Networks that tell a living face from an artefact.

use super::runners::Runners;
use crate::error::{Coded, Result, Status};
use crate::frame::RgbImage;
use crate::model::{PackError, PackNetwork};
use std::fmt;
use vultus_nn::{Runner, sigmoid};

/// A network of a pack, and how its input is made of a face: `L`.
#[derive(Clone, Debug)]
pub struct Classifier<L> {
    network: PackNetwork,
    layout: L,
}

impl<L> Classifier<L> {
    pub(super) fn with_layout(network: &PackNetwork, layout: L) -> Self {
        Self {
            network: network.clone(),
            layout,
        }
    }

    /// How its input is made.
    #[must_use]
    pub fn layout(&self) -> &L {
        &self.layout
    }

    /// SHA-256 of the ONNX file, in lower-case hexadecimal: what thresholds belong to.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.network.spec().sha256
    }

    /// Runs it; the runner holds the answer. `image` is as [`PixelInput::fill`](crate::model::PixelInput::fill) takes it.
    pub(super) fn run<'r>(
        &self,
        runners: &'r mut Runners,
        image: &RgbImage,
    ) -> Result<&'r mut dyn Runner, PackError> {
        let runner = runners.of(&self.network)?;
        self.network.input().fill(image, runner.input_mut());
        runner.run()?;
        Ok(runner)
    }

    /// The probability of a living face, `0..=1`, by a network that answers with its logit.
    ///
    /// # Errors
    /// [`PackError`] when the network fails, [`NoNumber`] when its answer is none.
    pub fn living(&self, runners: &mut Runners, image: &RgbImage) -> Result<f32> {
        let runner = self.run(runners, image)?;
        let logit = runner.output(0).iter().copied().next();
        let logit = logit.filter(|v| v.is_finite()).ok_or_else(|| NoNumber {
            network: self.network.spec().name.clone(),
        })?;
        Ok(sigmoid(logit))
    }
}

/// A network answered with something that is no number.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoNumber {
    /// Its name in the pack.
    pub network: String,
}

impl fmt::Display for NoNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "network {} answers with no number", self.network)
    }
}

impl std::error::Error for NoNumber {}

impl Coded for NoNumber {
    fn status(&self) -> Status {
        Status::ModelNetworkInvalid
    }
}
