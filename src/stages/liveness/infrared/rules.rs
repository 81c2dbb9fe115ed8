//! Limits and thresholds: data with its provenance.

use crate::error::{Coded, Status};
use crate::geom::{Intrinsics, Landmarks5};
use crate::stages::liveness::face::size_px;
use crate::stages::liveness::rules::{Provenance, check_format, check_sha256, within};
use serde::Deserialize;
use std::fmt;

/// The rules that the SDK comes with.
const DEFAULT: &str = include_str!("../../../../models/liveness/infrared.toml");

/// Newest format of a file of rules.
const FORMAT: u32 = 1;

/// Mean distance of adults' eyes in millimetres: their distance in pixels says how far away a face is.
const EYES_MM: f32 = 65.0;

/// Checked rules of infrared liveness.
#[derive(Clone, Debug)]
pub struct InfraredRules {
    file: File,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    /// SHA-256 of the ONNX file that the thresholds belong to.
    network: String,
    provenance: Provenance,
    face: Face,
    exposure: Exposure,
    difference: Difference,
    score: Score,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Face {
    least_eye_distance_px: f32,
    most_shift: f32,
    most_residual: f32,
    most_reflectance_factor: f32,
}

/// Shares of full scale and of pixels.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exposure {
    pub(super) least_frame_mean: f32,
    pub(super) most_face_mean: f32,
    pub(super) saturated_from: f32,
    pub(super) most_saturated_frame: f32,
    pub(super) most_saturated_face: f32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    read_noise: f32,
    least_over_noise: f32,
    most_ambient: f32,
    reversed_by: f32,
    most_reversed: f32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Score {
    pair: f32,
    lit_alone: f32,
}

impl InfraredRules {
    /// Reads rules of one's own, such as those fitted to recordings.
    ///
    /// # Errors
    /// [`InfraredRulesError::File`] with the field that is wrong.
    pub fn parse(text: &str) -> Result<Self, InfraredRulesError> {
        let file: File =
            toml::from_str(text).map_err(|error| InfraredRulesError::File(error.to_string()))?;
        file.check().map_err(InfraredRulesError::File)?;
        Ok(Self { file })
    }

    /// Whether the numbers come from simulated pictures alone.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.file.provenance.simulated
    }

    /// Probability from which a face is alive, with a frame of the room's light or without.
    #[must_use]
    pub fn threshold(&self, pair: bool) -> f32 {
        if pair {
            self.file.score.pair
        } else {
            self.file.score.lit_alone
        }
    }

    /// A threshold means nothing for another network.
    pub(super) fn belong_to(&self, sha256: &str) -> Result<(), InfraredRulesError> {
        if self.file.network == sha256 {
            return Ok(());
        }
        Err(InfraredRulesError::OtherNetwork {
            expected: self.file.network.clone(),
            actual: sha256.to_owned(),
        })
    }

    pub(super) fn least_eye_distance_px(&self) -> f32 {
        self.file.face.least_eye_distance_px
    }

    /// Of two frames' faces, in widths of a face.
    pub(super) fn most_shift(&self) -> f32 {
        self.file.face.most_shift
    }

    /// Between two frames' landmarks, in distances of the eyes.
    pub(super) fn most_residual(&self) -> f32 {
        self.file.face.most_residual
    }

    pub(super) fn most_reflectance_factor(&self) -> f32 {
        self.file.face.most_reflectance_factor
    }

    pub(super) fn exposure(&self) -> &Exposure {
        &self.file.exposure
    }

    /// Least light of the lamp that stands out of the noise.
    pub(super) fn least_light(&self) -> f32 {
        self.file.difference.read_noise * self.file.difference.least_over_noise
    }

    pub(super) fn most_ambient(&self) -> f32 {
        self.file.difference.most_ambient
    }

    pub(super) fn reversed_by(&self) -> f32 {
        self.file.difference.reversed_by
    }

    pub(super) fn most_reversed(&self) -> f32 {
        self.file.difference.most_reversed
    }
}

impl Default for InfraredRules {
    fn default() -> Self {
        Self::parse(DEFAULT).expect("a test reads the rules that the SDK comes with")
    }
}

impl File {
    fn check(&self) -> Result<(), String> {
        check_format(self.format, FORMAT)?;
        check_sha256("network", &self.network)?;
        let (face, exposure) = (&self.face, &self.exposure);
        let (difference, score) = (&self.difference, &self.score);
        for (name, value, least, most) in [
            (
                "face.least_eye_distance_px",
                face.least_eye_distance_px,
                16.0,
                200.0,
            ),
            ("face.most_shift", face.most_shift, 0.05, 0.5),
            ("face.most_residual", face.most_residual, 0.04, 0.5),
            (
                "face.most_reflectance_factor",
                face.most_reflectance_factor,
                1.1,
                10.0,
            ),
            (
                "exposure.least_frame_mean",
                exposure.least_frame_mean,
                0.001,
                0.2,
            ),
            ("exposure.most_face_mean", exposure.most_face_mean, 0.5, 1.0),
            ("exposure.saturated_from", exposure.saturated_from, 0.9, 1.0),
            (
                "exposure.most_saturated_frame",
                exposure.most_saturated_frame,
                0.01,
                0.5,
            ),
            (
                "exposure.most_saturated_face",
                exposure.most_saturated_face,
                0.001,
                0.5,
            ),
            ("difference.read_noise", difference.read_noise, 0.0001, 0.05),
            (
                "difference.least_over_noise",
                difference.least_over_noise,
                3.0,
                100.0,
            ),
            (
                "difference.most_ambient",
                difference.most_ambient,
                0.05,
                2.0,
            ),
            ("difference.reversed_by", difference.reversed_by, 0.001, 0.2),
            (
                "difference.most_reversed",
                difference.most_reversed,
                0.001,
                0.5,
            ),
            ("score.pair", score.pair, 0.01, 0.999_999),
            ("score.lit_alone", score.lit_alone, 0.01, 0.999_999),
        ] {
            within(name, value, least, most)?;
        }
        Ok(())
    }
}

/// Light that a module of fixed exposure gets back from a face, times the square of its distance: full scales · mm².
/// Nearly the same for all people before one module, whatever their distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReflectedLight(f32);

impl ReflectedLight {
    /// A value measured with people.
    ///
    /// # Errors
    /// [`InfraredRulesError::File`] outside 100 to 10,000,000 full scales · mm².
    pub fn new(value: f32) -> Result<Self, InfraredRulesError> {
        if (100.0..=1e7).contains(&value) {
            return Ok(Self(value));
        }
        Err(InfraredRulesError::File(format!(
            "reflected light is {value}, allowed is 100 to 10000000"
        )))
    }

    /// Of one face: its mean light of the lamp (share of full scale) and landmarks in stored pixels.
    #[must_use]
    pub fn of(light: f32, landmarks: &Landmarks5, camera: &Intrinsics) -> Self {
        let mm = (camera.fx + camera.fy) / 2.0 * EYES_MM / size_px(landmarks);
        Self(light * mm * mm)
    }

    /// The value.
    #[must_use]
    pub fn get(self) -> f32 {
        self.0
    }

    pub(super) fn is_like(self, other: Self, most_factor: f32) -> bool {
        let factor = other.0 / self.0;
        (1.0 / most_factor..=most_factor).contains(&factor)
    }
}

/// Rules that cannot be used, or not with this network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum InfraredRulesError {
    /// The text names the field and its range.
    File(String),
    /// The network is not one of infrared liveness.
    OtherRole {
        /// Its name in the pack.
        network: String,
    },
    /// The thresholds were fitted to another network.
    OtherNetwork {
        /// SHA-256 of the one that they belong to.
        expected: String,
        /// SHA-256 of this one.
        actual: String,
    },
}

impl fmt::Display for InfraredRulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rules of infrared liveness: ")?;
        match self {
            Self::File(cause) => f.write_str(cause),
            Self::OtherRole { network } => {
                write!(f, "network {network} has no [network.liveness_infrared]")
            }
            Self::OtherNetwork { expected, actual } => write!(
                f,
                "they belong to the network {expected}, this one is {actual}"
            ),
        }
    }
}

impl std::error::Error for InfraredRulesError {}

impl Coded for InfraredRulesError {
    fn status(&self) -> Status {
        match self {
            Self::OtherRole { .. } => Status::FeatureNotAvailable,
            Self::File(_) | Self::OtherNetwork { .. } => Status::LivenessRulesInvalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::liveness::rules::tests::{no_prefix_passes, refusal};

    #[test]
    fn the_shipped_rules_are_read_and_say_that_they_are_simulated() {
        let rules = InfraredRules::parse(DEFAULT).expect("valid");
        assert!(rules.is_simulated());
    }

    #[test]
    fn a_wrong_field_is_named() {
        let refused = |from: &str, to: &str| refusal(DEFAULT, InfraredRules::parse, from, to);
        assert!(refused("format = 1", "format = 2").contains("format is 2"));
        assert!(refused("network = \"", "network = \"g").contains("network is not"));
        assert!(refused("most_shift = 0.3", "most_shift = 0.6").contains("face.most_shift is 0.6"));
        assert!(
            refused("read_noise = 0.003", "read_noise = nan").contains("difference.read_noise")
        );
        assert!(refused("\npair = ", "\npair = 1.0 #").contains("score.pair is 1"));
        assert!(refused("[face]", "[faces]").contains("faces"));
    }

    #[test]
    fn no_prefix_of_the_file_panics_or_passes_but_the_last_line() {
        no_prefix_passes(DEFAULT, InfraredRules::parse);
    }
}
