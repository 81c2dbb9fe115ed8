//! Limits, weights and thresholds: data with its provenance.

use super::measures::{DepthMeasures, MEASURES};
use super::sensor::{SensorClass, Subjects};
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::{Provenance, Range, Rules, RulesFile};
use serde::Deserialize;
use std::slice::from_mut as one;
use std::sync::LazyLock;

/// The rules that the SDK comes with.
const SHIPPED: &str = include_str!("../../../../models/liveness/depth.toml");

/// Checked rules of depth liveness.
pub type DepthRules = Rules<DepthFile>;

/// A file in the form of `models/liveness/depth.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthFile {
    format: u32,
    provenance: Provenance,
    #[serde(rename = "look")]
    network: Option<NetworkThresholds>,
    face: Face,
    adults: People,
    children: People,
    class: Classes,
}

/// Thresholds of stage B.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkThresholds {
    /// SHA-256 of the ONNX file that they belong to.
    #[serde(rename = "network")]
    sha256: String,
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

/// Of a probability that decides.
const THRESHOLD: [f32; 2] = [0.01, 0.999_99];

const EYES_MM: [f32; 2] = [35.0, 95.0];
const NOSE_MM: [f32; 2] = [8.0, 60.0];
const DISTANCE_MM: [f32; 2] = [200.0, 2000.0];

/// Of the logistic model's numbers, and of what its inputs are divided by.
const ANY: [f32; 2] = [-100.0, 100.0];
const DEVIATION: [f32; 2] = [1e-3, 100.0];

impl RulesFile for DepthFile {
    const MODALITY: Modality = Modality::Depth;

    const RANGES: &'static [Range<Self>] = &[
        Range::each("look.adults", THRESHOLD, |f| {
            f.network.as_mut().map_or(&mut [], |n| &mut n.adults)
        }),
        Range::each("look.children", THRESHOLD, |f| {
            f.network.as_mut().map_or(&mut [], |n| &mut n.children)
        }),
        Range::each("face.least_eye_distance_px", [16.0, 200.0], |f| {
            one(&mut f.face.least_eye_distance_px)
        }),
        Range::each("face.least_valid", [0.3, 1.0], |f| {
            one(&mut f.face.least_valid)
        }),
        Range::interval("adults.eye_distance_mm", EYES_MM, |f| {
            &mut f.adults.eye_distance_mm
        }),
        Range::interval("adults.nose_mm", NOSE_MM, |f| &mut f.adults.nose_mm),
        Range::each("adults.mean", ANY, |f| &mut f.adults.mean),
        Range::each("adults.deviation", DEVIATION, |f| &mut f.adults.deviation),
        Range::each("adults.weights", ANY, |f| &mut f.adults.weights),
        Range::each("adults.bias", ANY, |f| one(&mut f.adults.bias)),
        Range::interval("children.eye_distance_mm", EYES_MM, |f| {
            &mut f.children.eye_distance_mm
        }),
        Range::interval("children.nose_mm", NOSE_MM, |f| &mut f.children.nose_mm),
        Range::each("children.mean", ANY, |f| &mut f.children.mean),
        Range::each("children.deviation", DEVIATION, |f| {
            &mut f.children.deviation
        }),
        Range::each("children.weights", ANY, |f| &mut f.children.weights),
        Range::each("children.bias", ANY, |f| one(&mut f.children.bias)),
        Range::interval("class.a.distance_mm", DISTANCE_MM, |f| {
            &mut f.class.a.distance_mm
        }),
        Range::each("class.a.adults", THRESHOLD, |f| one(&mut f.class.a.adults)),
        Range::each("class.a.children", THRESHOLD, |f| {
            one(&mut f.class.a.children)
        }),
        Range::interval("class.b.distance_mm", DISTANCE_MM, |f| {
            &mut f.class.b.distance_mm
        }),
        Range::each("class.b.adults", THRESHOLD, |f| one(&mut f.class.b.adults)),
        Range::each("class.b.children", THRESHOLD, |f| {
            one(&mut f.class.b.children)
        }),
        Range::interval("class.c.distance_mm", DISTANCE_MM, |f| {
            &mut f.class.c.distance_mm
        }),
        Range::each("class.c.adults", THRESHOLD, |f| one(&mut f.class.c.adults)),
        Range::each("class.c.children", THRESHOLD, |f| {
            one(&mut f.class.c.children)
        }),
    ];

    fn format(&self) -> u32 {
        self.format
    }

    fn provenance(&self) -> Option<&Provenance> {
        Some(&self.provenance)
    }

    fn network(&self) -> Option<(&'static str, &str)> {
        let network = self.network.as_ref()?;
        Some(("look.network", &network.sha256))
    }
}

impl Rules<DepthFile> {
    /// Probability from which a relief is a face's.
    #[must_use]
    pub fn threshold(&self, class: SensorClass, subjects: Subjects) -> f32 {
        let class = self.class(class);
        match subjects {
            Subjects::Adults => class.adults,
            Subjects::AdultsAndChildren => class.children,
        }
    }

    /// Answer of the network from which a face is alive; `None` where the file has none for any.
    pub(super) fn network_threshold(&self, class: SensorClass, subjects: Subjects) -> Option<f32> {
        let network = self.file().network.as_ref()?;
        let thresholds = match subjects {
            Subjects::Adults => network.adults,
            Subjects::AdultsAndChildren => network.children,
        };
        Some(thresholds[class as usize])
    }

    pub(super) fn limits(&self, class: SensorClass) -> Limits {
        Limits {
            distance_mm: self.class(class).distance_mm,
            eye_distance_px: self.file().face.least_eye_distance_px,
            valid: self.file().face.least_valid,
        }
    }

    pub(super) fn people(&self, subjects: Subjects) -> &People {
        match subjects {
            Subjects::Adults => &self.file().adults,
            Subjects::AdultsAndChildren => &self.file().children,
        }
    }

    fn class(&self, class: SensorClass) -> &Class {
        let classes = &self.file().class;
        match class {
            SensorClass::A => &classes.a,
            SensorClass::B => &classes.b,
            SensorClass::C => &classes.c,
        }
    }
}

impl Default for Rules<DepthFile> {
    /// Those that the SDK comes with.
    fn default() -> Self {
        static RULES: LazyLock<DepthRules> = LazyLock::new(|| {
            Rules::parse(SHIPPED).expect("a test reads the rules that the SDK comes with")
        });
        RULES.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::liveness::rules::tests::{
        every_range_has_both_sides, no_prefix_passes, refusal,
    };

    #[test]
    fn the_shipped_rules_are_read_and_say_that_they_are_simulated() {
        let rules = DepthRules::parse(SHIPPED).expect("valid");
        assert!(rules.is_simulated());
    }

    #[test]
    fn a_wrong_field_is_named() {
        let refused = |from: &str, to: &str| refusal::<DepthFile>(SHIPPED, from, to);
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
    fn every_number_has_a_range() {
        every_range_has_both_sides::<DepthFile>(SHIPPED);
    }

    #[test]
    fn no_prefix_of_the_file_panics_or_passes_but_the_last_line() {
        no_prefix_passes::<DepthFile>(SHIPPED);
    }
}
