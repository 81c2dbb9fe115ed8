//! What networks of liveness have in common: one picture in, one logit of a living face out.

use crate::frame::RgbImage;
use crate::model::PackNetwork;
use vultus_nn::{NetworkError, Runner, sigmoid};

/// The network's probability of a living face; `None` where it answers with no number. `image` is as
/// [`PixelInput::fill`](crate::model::PixelInput::fill) takes it.
pub(super) fn living(
    network: &PackNetwork,
    runner: &mut dyn Runner,
    image: &RgbImage,
) -> Result<Option<f32>, NetworkError> {
    network.input().fill(image, runner.input_mut());
    runner.run()?;
    let logit = runner.output(0).iter().copied().next();
    Ok(logit.filter(|v| v.is_finite()).map(sigmoid))
}
