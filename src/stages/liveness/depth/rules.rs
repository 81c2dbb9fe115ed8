//! Limits, weights and thresholds: data with its provenance.

use super::DepthMeasures;
use crate::error::{Coded, Status};
use crate::stages::liveness::rules::{Provenance, check_format, check_sha256, rising, within};
use serde::Deserialize;
use std::fmt;

/// The rules that the SDK comes with.
const DEFAULT: &str = include_str!("../../../../models/liveness/depth.toml");

/// Newest format of a file of rules.
const FORMAT: u32 = 1;

/// Inputs of the relief model.
pub const MEASURES: usize = 6;

/// How good a structured-light sensor is. A sensor is of the worst class that describes it: its baseline
/// is shorter, or its disparities are noisier, than the class above allows. Measure the noise on a
/// wall: in millimetres it is `z² / (f · baseline)` times that in pixels.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SensorClass {
    /// Baseline of 75 mm or more, disparity noise up to 0.05 px, at a focal length of 580 px.
    A,
    /// Baseline of 55 mm or more, up to 0.1 px.
    B,
    /// Baseline of 40 mm or more, up to 0.2 px.
    C,
}

impl SensorClass {
    /// All, from the best on.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];
}

/// Who is to be let in.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Subjects {
    /// Adults: noses from 18 mm, eyes from 52 mm apart.
    #[default]
    Adults,
    /// Children too, whose noses are as low as an adult's on a strongly folded print: fewer artefacts are
    /// refused.
    AdultsAndChildren,
}

/// Checked rules of depth liveness.
#[derive(Clone, Debug)]
pub struct DepthRules {
    file: File,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    provenance: Provenance,
    look: Option<Look>,
    face: Face,
    adults: People,
    children: People,
    class: Classes,
}

/// Thresholds of stage B.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    /// SHA-256 of the ONNX file that they belong to.
    network: String,
    /// Of the classes in their order.
    adults: [f32; 3],
    children: [f32; 3],
    #[serde(rename = "species")]
    _species: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Face {
    least_eye_distance_px: f32,
    least_valid: f32,
}

/// What people of a kind look like.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct People {
    pub(super) eye_distance_mm: [f32; 2],
    pub(super) nose_mm: [f32; 2],
    mean: [f32; MEASURES],
    deviation: [f32; MEASURES],
    weights: [f32; MEASURES],
    bias: f32,
}

impl People {
    /// The logistic model.
    pub(super) fn probability(&self, measures: &DepthMeasures) -> f32 {
        let inputs = measures.inputs();
        let terms =
            (0..MEASURES).map(|i| self.weights[i] * (inputs[i] - self.mean[i]) / self.deviation[i]);
        let sum = self.bias + terms.sum::<f32>();
        1.0 / (1.0 + (-sum).exp())
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    a: Class,
    b: Class,
    c: Class,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    distance_mm: [f32; 2],
    adults: f32,
    children: f32,
}

/// What has to hold before anything is judged.
pub(super) struct Limits {
    pub(super) distance_mm: [f32; 2],
    pub(super) eye_distance_px: f32,
    pub(super) valid: f32,
}

impl DepthRules {
    /// Reads rules of one's own, such as those fitted to recordings.
    ///
    /// # Errors
    /// [`DepthRulesError`] with the field that is wrong.
    pub fn parse(text: &str) -> Result<Self, DepthRulesError> {
        let file: File =
            toml::from_str(text).map_err(|error| DepthRulesError::File(error.to_string()))?;
        file.check().map_err(DepthRulesError::File)?;
        Ok(Self { file })
    }

    /// Whether the numbers come from simulated pictures alone.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.file.provenance.simulated
    }

    pub(super) fn limits(&self, class: SensorClass) -> Limits {
        Limits {
            distance_mm: self.class(class).distance_mm,
            eye_distance_px: self.file.face.least_eye_distance_px,
            valid: self.file.face.least_valid,
        }
    }

    pub(super) fn people(&self, subjects: Subjects) -> &People {
        match subjects {
            Subjects::Adults => &self.file.adults,
            Subjects::AdultsAndChildren => &self.file.children,
        }
    }

    /// Probability from which a relief is a face's.
    #[must_use]
    pub fn threshold(&self, class: SensorClass, subjects: Subjects) -> f32 {
        let class = self.class(class);
        match subjects {
            Subjects::Adults => class.adults,
            Subjects::AdultsAndChildren => class.children,
        }
    }

    /// Answer of this network from which a face is alive; `None` where the file has none for any. A threshold means
    /// nothing for another network.
    pub(super) fn look_threshold(
        &self,
        sha256: &str,
        class: SensorClass,
        subjects: Subjects,
    ) -> Result<Option<f32>, DepthRulesError> {
        let Some(look) = &self.file.look else {
            return Ok(None);
        };
        if look.network != sha256 {
            return Err(DepthRulesError::OtherNetwork {
                expected: look.network.clone(),
                actual: sha256.to_owned(),
            });
        }
        let thresholds = match subjects {
            Subjects::Adults => look.adults,
            Subjects::AdultsAndChildren => look.children,
        };
        Ok(Some(thresholds[class as usize]))
    }

    fn class(&self, class: SensorClass) -> &Class {
        match class {
            SensorClass::A => &self.file.class.a,
            SensorClass::B => &self.file.class.b,
            SensorClass::C => &self.file.class.c,
        }
    }
}

impl Default for DepthRules {
    fn default() -> Self {
        Self::parse(DEFAULT).expect("a test reads the rules that the SDK comes with")
    }
}

impl File {
    fn check(&self) -> Result<(), String> {
        check_format(self.format, FORMAT)?;
        if let Some(look) = &self.look {
            look.check()?;
        }
        within(
            "face.least_eye_distance_px",
            self.face.least_eye_distance_px,
            16.0,
            200.0,
        )?;
        within("face.least_valid", self.face.least_valid, 0.3, 1.0)?;
        for (name, people) in [("adults", &self.adults), ("children", &self.children)] {
            people.check(name)?;
        }
        let classes = [
            ("a", &self.class.a),
            ("b", &self.class.b),
            ("c", &self.class.c),
        ];
        for (name, class) in classes {
            rising(
                &format!("class.{name}.distance_mm"),
                class.distance_mm,
                200.0,
                2000.0,
            )?;
            for (people, value) in [("adults", class.adults), ("children", class.children)] {
                within(&format!("class.{name}.{people}"), value, 0.01, 0.999_99)?;
            }
        }
        Ok(())
    }
}

impl Look {
    fn check(&self) -> Result<(), String> {
        check_sha256("look.network", &self.network)?;
        for (name, values) in [("adults", self.adults), ("children", self.children)] {
            for value in values {
                within(&format!("look.{name}"), value, 0.01, 0.999_99)?;
            }
        }
        Ok(())
    }
}

impl People {
    fn check(&self, name: &str) -> Result<(), String> {
        rising(
            &format!("{name}.eye_distance_mm"),
            self.eye_distance_mm,
            35.0,
            95.0,
        )?;
        rising(&format!("{name}.nose_mm"), self.nose_mm, 8.0, 60.0)?;
        for i in 0..MEASURES {
            within(&format!("{name}.mean"), self.mean[i], -100.0, 100.0)?;
            within(&format!("{name}.deviation"), self.deviation[i], 1e-3, 100.0)?;
            within(&format!("{name}.weights"), self.weights[i], -100.0, 100.0)?;
        }
        within(&format!("{name}.bias"), self.bias, -100.0, 100.0)
    }
}

/// Rules that cannot be used, or not with this network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DepthRulesError {
    /// The text names the field and its range.
    File(String),
    /// The network is not one of depth liveness.
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

impl fmt::Display for DepthRulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rules of depth liveness: ")?;
        match self {
            Self::File(cause) => f.write_str(cause),
            Self::OtherRole { network } => {
                write!(f, "network {network} has no [network.liveness_depth]")
            }
            Self::OtherNetwork { expected, actual } => write!(
                f,
                "they belong to the network {expected}, this one is {actual}"
            ),
        }
    }
}

impl std::error::Error for DepthRulesError {}

impl Coded for DepthRulesError {
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
        let rules = DepthRules::parse(DEFAULT).expect("valid");
        assert!(rules.is_simulated());
    }

    #[test]
    fn a_wrong_field_is_named() {
        let refused = |from: &str, to: &str| refusal(DEFAULT, DepthRules::parse, from, to);
        assert!(refused("format = 1", "format = 2").contains("format is 2"));
        assert!(refused("[52.0, 80.0]", "[80.0, 52.0]").contains("adults.eye_distance_mm"));
        assert!(refused("[52.0, 80.0]", "[52.0, 180.0]").contains("adults.eye_distance_mm"));
        assert!(refused("[18.0, 50.0]", "[nan, 50.0]").contains("adults.nose_mm"));
        assert!(refused("least_valid = 0.6", "least_valid = 0.0").contains("face.least_valid"));
        assert!(refused("[300.0, 700.0]", "[300.0, 7000.0]").contains("class.a.distance_mm"));
        assert!(refused("[face]", "[faces]").contains("faces"));
        let bad = refused("\nbias = ", "\nbias = nan #");
        assert!(bad.contains("bias"), "{bad}");
    }

    #[test]
    fn no_prefix_of_the_file_panics_or_passes_but_the_last_line() {
        no_prefix_passes(DEFAULT, DepthRules::parse);
    }
}
