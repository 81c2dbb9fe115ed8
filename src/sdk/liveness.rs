//! What judges liveness: made once for a camera or sensor, and given to a session with each face.

use super::Sdk;
use crate::error::Result;
use crate::stages::liveness::colour::ColourLiveness;
use crate::stages::liveness::depth::{DepthLiveness, SensorClass};
use crate::stages::liveness::infrared::InfraredLiveness;

impl Sdk {
    /// What judges colour frames with the pack's networks and the rules that the SDK comes with, for
    /// [`Session::liveness_colour`](crate::Session::liveness_colour).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without monocular liveness,
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial;
    /// [`NetworkMissing`](crate::liveness::NetworkMissing) for a pack without networks for it, such as `lite`.
    pub fn liveness_colour(&self) -> Result<ColourLiveness> {
        let stages = &self.stages;
        stages.check_liveness(stages.live_monocular.as_ref())?;
        stages.judge(())
    }

    /// What judges infrared frames with the pack's network, the rules that the SDK comes with, and colour and infrared
    /// frames at most 50 ms apart, for [`Session::liveness_infrared`](crate::Session::liveness_infrared).
    ///
    /// With a pack whose network is not the one that these rules were fitted to, judging is refused until
    /// [`with_rules`](InfraredLiveness::with_rules) brings its own; [`check_rules`](InfraredLiveness::check_rules) tells.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by infrared,
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial;
    /// [`NetworkMissing`](crate::liveness::NetworkMissing) for a pack without a network for it.
    pub fn liveness_infrared(&self) -> Result<InfraredLiveness> {
        let stages = &self.stages;
        stages.check_liveness(stages.live_infrared.as_ref())?;
        stages.judge(())
    }

    /// What judges the depth frames of a sensor of this class, with the pack's network where it has one, the rules that
    /// the SDK comes with, for adults, and frames at most 50 ms apart, for
    /// [`Session::liveness_depth`](crate::Session::liveness_depth). Rules and network: as for
    /// [`liveness_infrared`](Self::liveness_infrared).
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by structured
    /// light, [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial.
    pub fn liveness_depth(&self, class: SensorClass) -> Result<DepthLiveness> {
        let stages = &self.stages;
        stages.check_liveness(stages.live_structured_light.as_ref())?;
        stages.judge(class)
    }
}
