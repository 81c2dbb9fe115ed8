//! Where the networks hold, and from which score on a face is alive: data with its reasons.

use super::ColourMeasures;
use crate::error::{Coded, Status};
use crate::stages::liveness::rules::{check_format, rising, within};
use crate::stages::liveness::{Reason, Reasons};
use serde::Deserialize;
use std::fmt;

/// The rules that the SDK comes with.
const DEFAULT: &str = include_str!("../../../../models/liveness/colour.toml");

/// Newest format of a file of rules.
const FORMAT: u32 = 1;

/// Checked rules of liveness in colour pictures.
#[derive(Clone, Debug)]
pub struct ColourRules {
    file: File,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    threshold: f32,
    valid: Valid,
}

/// Outside these nothing is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Valid {
    least_face_px: f32,
    least_surroundings: f32,
    least_in_frame: f32,
    brightness: [f32; 2],
    least_contrast: f32,
    least_colour: f32,
    least_sharpness: f32,
}

impl ColourRules {
    /// Reads rules of one's own.
    ///
    /// # Errors
    /// [`ColourRulesError`] with the field that is wrong.
    pub fn parse(text: &str) -> Result<Self, ColourRulesError> {
        let file: File =
            toml::from_str(text).map_err(|error| ColourRulesError(error.to_string()))?;
        file.check().map_err(ColourRulesError)?;
        Ok(Self { file })
    }

    /// Mean probability from which a face is alive.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.file.threshold
    }

    /// Why a picture is outside the conditions in which the networks hold; empty where it is not.
    #[must_use]
    pub fn invalid(&self, measures: &ColourMeasures) -> Reasons {
        let valid = &self.file.valid;
        let [dark, bright] = valid.brightness;
        let mut reasons = Reasons::default();
        let mut ask = |holds: bool, reason| {
            if !holds {
                reasons.insert(reason);
            }
        };
        // Written so that no number holds nowhere.
        ask(
            measures.face_px >= valid.least_face_px,
            Reason::FaceTooSmall,
        );
        ask(
            measures.surroundings >= valid.least_surroundings,
            Reason::TooNear,
        );
        ask(
            measures.in_frame >= valid.least_in_frame,
            Reason::FaceCutOff,
        );
        ask(
            (dark..=bright).contains(&measures.brightness),
            Reason::BadlyLit,
        );
        ask(
            measures.contrast >= valid.least_contrast,
            Reason::LowContrast,
        );
        ask(measures.colour >= valid.least_colour, Reason::NoColour);
        ask(measures.sharpness >= valid.least_sharpness, Reason::Blurred);
        reasons
    }
}

impl Default for ColourRules {
    fn default() -> Self {
        Self::parse(DEFAULT).expect("a test reads the rules that the SDK comes with")
    }
}

impl File {
    fn check(&self) -> Result<(), String> {
        check_format(self.format, FORMAT)?;
        let valid = &self.valid;
        for (name, value, least, most) in [
            ("threshold", self.threshold, 0.34, 0.9999),
            ("valid.least_face_px", valid.least_face_px, 48.0, 1000.0),
            (
                "valid.least_surroundings",
                valid.least_surroundings,
                1.2,
                8.0,
            ),
            ("valid.least_in_frame", valid.least_in_frame, 0.5, 1.0),
            ("valid.least_contrast", valid.least_contrast, 0.0, 128.0),
            ("valid.least_colour", valid.least_colour, 0.0, 255.0),
            ("valid.least_sharpness", valid.least_sharpness, 0.0, 8.0),
        ] {
            within(name, value, least, most)?;
        }
        rising("valid.brightness", valid.brightness, 0.0, 255.0)
    }
}

/// A file of rules that cannot be used; the text names the field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ColourRulesError(String);

impl fmt::Display for ColourRulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rules of liveness in colour pictures: {}", self.0)
    }
}

impl std::error::Error for ColourRulesError {}

impl Coded for ColourRulesError {
    fn status(&self) -> Status {
        Status::LivenessRulesInvalid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::liveness::rules::tests::refusal;

    #[test]
    fn a_wrong_field_is_named() {
        assert!(ColourRules::parse(DEFAULT).is_ok());
        let refused = |from: &str, to: &str| refusal(DEFAULT, ColourRules::parse, from, to);
        assert!(refused("format = 1", "format = 3").contains("format is 3"));
        assert!(refused("\nthreshold = ", "\nthreshold = nan #").contains("threshold is NaN"));
        assert!(refused("\nthreshold = ", "\nthreshold = 0.3 #").contains("threshold is 0.3"));
        assert!(refused("least_face_px = ", "least_face_px = 10.0 #").contains("face_px is 10"));
        assert!(refused("brightness = ", "brightness = [200.0, 40.0] #").contains("200 to 40"));
        assert!(refused("[valid]", "[valids]").contains("valids"));
    }

    #[test]
    fn no_prefix_of_the_file_panics() {
        for end in (0..DEFAULT.len()).filter(|i| DEFAULT.is_char_boundary(*i)) {
            let _ = ColourRules::parse(&DEFAULT[..end]);
        }
    }
}
