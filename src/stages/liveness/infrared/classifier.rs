//! The network, and what it sees.

use super::picture::Cut;
use crate::geom::Point;
use crate::model::PackNetwork;
use crate::stages::liveness::classifier::Classifier;
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::RulesError;

impl Classifier<Cut> {
    /// A pack's network of infrared liveness.
    ///
    /// # Errors
    /// [`RulesError::OtherRole`] for a network of another.
    pub fn new(network: &PackNetwork) -> Result<Self, RulesError> {
        let spec = network.spec();
        let infrared = spec.liveness_infrared.as_ref();
        let infrared = infrared.ok_or_else(|| RulesError::OtherRole {
            modality: Modality::Infrared,
            network: spec.name.clone(),
        })?;
        let cut = Cut {
            side: spec.input.side().0,
            template: infrared.template.map(|[x, y]| Point::new(x, y)),
        };
        Ok(Self::with_layout(network, cut))
    }
}
