//! What the judges of every modality have in common.

use super::assessment::Assessment;
use super::modality::Modality;
use super::scratch::Scratch;
use crate::error::{Coded, Result, Status};
use crate::model::PackNetwork;
use std::fmt;

/// Judges faces by one modality, with the rules that the SDK comes with unless it is given others.
///
/// It asks for no licence: a session does, before it judges. Outside the core only the tool, tests and benches of this
/// repository see it.
pub trait Judge: Clone + fmt::Debug {
    /// What it judges by.
    const MODALITY: Modality;

    /// What has to be known of the sensor.
    type Sensor;

    /// The frames of one moment.
    type Frames<'a>;

    /// A face in them.
    type Face;

    /// What is measured of a face.
    type Measures;

    /// With a pack's networks of this modality.
    ///
    /// # Errors
    /// [`NetworkMissing`] without a network where one is needed;
    /// [`RulesError::OtherRole`](super::rules::RulesError::OtherRole) for one of another role;
    /// [`PackError::Manifest`](crate::model::PackError::Manifest) for one whose answers are not those of its role.
    fn new<'n>(
        sensor: Self::Sensor,
        networks: impl IntoIterator<Item = &'n PackNetwork>,
    ) -> Result<Self>;

    /// Judges one face.
    ///
    /// # Errors
    /// [`RulesError::OtherNetwork`](super::rules::RulesError::OtherNetwork) for rules of another network than its own;
    /// [`FrameUnsynced`](crate::frame::FrameUnsynced) for frames and landmarks of different moments;
    /// [`PackError`](crate::model::PackError) when a network fails, and [`NoNumber`](super::classifier::NoNumber) when its
    /// answer is none.
    fn assess(
        &self,
        scratch: &mut Scratch,
        frames: Self::Frames<'_>,
        face: &Self::Face,
    ) -> Result<Assessment<Self::Measures>>;
}

/// The pack has no network of a modality that needs one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NetworkMissing {
    /// What cannot be judged by.
    pub modality: Modality,
}

impl fmt::Display for NetworkMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks = match self.modality {
            Modality::Colour => "networks for liveness of colour pictures",
            Modality::Infrared => "network for liveness by infrared",
            Modality::Depth => "network for liveness by depth",
        };
        let role = self.modality.role().table();
        write!(f, "the pack has no {networks} (role {role})")
    }
}

impl std::error::Error for NetworkMissing {}

impl Coded for NetworkMissing {
    fn status(&self) -> Status {
        Status::FeatureNotAvailable
    }
}
