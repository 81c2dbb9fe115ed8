//! Where the networks hold, and from which score on a face is alive: data with its reasons.

use super::validity::ColourMeasures;
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::{Provenance, Range, Rules, RulesFile};
use crate::stages::liveness::verdict::{Reason, Reasons};
use serde::Deserialize;
use std::slice::from_mut as one;
use std::sync::LazyLock;

/// The rules that the SDK comes with.
const SHIPPED: &str = include_str!("../../../../models/liveness/colour.toml");

/// Checked rules of liveness in colour pictures.
pub type ColourRules = Rules<ColourFile>;

/// A file in the form of `models/liveness/colour.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColourFile {
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

impl RulesFile for ColourFile {
    const MODALITY: Modality = Modality::Colour;

    const RANGES: &'static [Range<Self>] = &[
        Range::each("threshold", [0.34, 0.9999], |f| one(&mut f.threshold)),
        Range::each("valid.least_face_px", [48.0, 1000.0], |f| {
            one(&mut f.valid.least_face_px)
        }),
        Range::each("valid.least_surroundings", [1.2, 8.0], |f| {
            one(&mut f.valid.least_surroundings)
        }),
        Range::each("valid.least_in_frame", [0.5, 1.0], |f| {
            one(&mut f.valid.least_in_frame)
        }),
        Range::each("valid.least_contrast", [0.0, 128.0], |f| {
            one(&mut f.valid.least_contrast)
        }),
        Range::each("valid.least_colour", [0.0, 255.0], |f| {
            one(&mut f.valid.least_colour)
        }),
        Range::each("valid.least_sharpness", [0.0, 8.0], |f| {
            one(&mut f.valid.least_sharpness)
        }),
        Range::interval("valid.brightness", [0.0, 255.0], |f| {
            &mut f.valid.brightness
        }),
    ];

    fn format(&self) -> u32 {
        self.format
    }

    /// Nothing was fitted.
    fn provenance(&self) -> Option<&Provenance> {
        None
    }

    fn network(&self) -> Option<(&'static str, &str)> {
        None
    }
}

impl Rules<ColourFile> {
    /// Mean probability from which a face is alive.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.file().threshold
    }

    /// Why a picture is outside the conditions in which the networks hold; empty where it is not.
    pub(super) fn invalid(&self, measures: &ColourMeasures) -> Reasons {
        let valid = &self.file().valid;
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

impl Default for Rules<ColourFile> {
    /// Those that the SDK comes with.
    fn default() -> Self {
        static RULES: LazyLock<ColourRules> = LazyLock::new(|| {
            Rules::parse(SHIPPED).expect("a test reads the rules that the SDK comes with")
        });
        RULES.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::liveness::rules::tests::{every_range_has_both_sides, refusal};

    #[test]
    fn a_wrong_field_is_named() {
        assert!(ColourRules::parse(SHIPPED).is_ok_and(|rules| !rules.is_simulated()));
        let refused = |from: &str, to: &str| refusal::<ColourFile>(SHIPPED, from, to);
        assert!(refused("format = 1", "format = 3").contains("format is 3"));
        assert!(refused("\nthreshold = ", "\nthreshold = nan #").contains("threshold is NaN"));
        assert!(refused("\nthreshold = ", "\nthreshold = 0.3 #").contains("threshold is 0.3"));
        assert!(refused("least_face_px = ", "least_face_px = 10.0 #").contains("face_px is 10"));
        assert!(refused("brightness = ", "brightness = [200.0, 40.0] #").contains("200 to 40"));
        assert!(refused("[valid]", "[valids]").contains("valids"));
    }

    #[test]
    fn every_number_has_a_range() {
        every_range_has_both_sides::<ColourFile>(SHIPPED);
    }

    #[test]
    fn no_prefix_of_the_file_panics() {
        for end in (0..SHIPPED.len()).filter(|i| SHIPPED.is_char_boundary(*i)) {
            let _ = ColourRules::parse(&SHIPPED[..end]);
        }
    }
}
