//! What judges liveness with the pack's networks.

use super::Sdk;
use crate::engine::NoInfraredLiveness;
use crate::error::Result;
use crate::stages::liveness::infrared::InfraredLiveness;

impl Sdk {
    /// What judges infrared frames with the pack's network and the rules that the SDK comes with: made once for
    /// a camera, for [`Session::liveness_infrared`].
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a licence without liveness by
    /// infrared; [`NoInfraredLiveness`](crate::engine::NoInfraredLiveness) for a pack without a network for it;
    /// [`InfraredRulesError`](crate::stages::liveness::infrared::InfraredRulesError) where the rules were not fitted to the
    /// pack's network.
    pub fn infrared_liveness(&self) -> Result<InfraredLiveness> {
        let stages = &self.stages;
        stages.check_liveness(stages.live_infrared.as_ref())?;
        let network = stages.infrared.as_ref().ok_or(NoInfraredLiveness)?;
        Ok(InfraredLiveness::new(network)?)
    }
}
