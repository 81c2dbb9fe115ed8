//! Limits and thresholds: data with its provenance.

use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::{Provenance, Range, Rules, RulesFile};
use serde::Deserialize;
use std::slice::from_mut as one;
use std::sync::LazyLock;

/// The rules that the SDK comes with.
const SHIPPED: &str = include_str!("../../../../models/liveness/infrared.toml");

/// Checked rules of infrared liveness.
pub type InfraredRules = Rules<InfraredFile>;

/// A file in the form of `models/liveness/infrared.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InfraredFile {
    format: u32,
    /// SHA-256 of the ONNX file that the thresholds belong to.
    network: String,
    provenance: Provenance,
    pub(super) face: Face,
    pub(super) exposure: Exposure,
    pub(super) difference: Difference,
    score: Score,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Face {
    pub(super) least_eye_distance_px: f32,
    /// Of two frames' faces, in widths of a face.
    pub(super) most_shift: f32,
    /// Between two frames' landmarks, in distances of the eyes.
    pub(super) most_residual: f32,
    pub(super) most_reflectance_factor: f32,
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
pub(super) struct Difference {
    read_noise: f32,
    least_over_noise: f32,
    pub(super) most_ambient: f32,
    pub(super) reversed_by: f32,
    pub(super) most_reversed: f32,
}

impl Difference {
    /// Least light of the lamp that stands out of the noise.
    pub(super) fn least_light(&self) -> f32 {
        self.read_noise * self.least_over_noise
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Score {
    pair: f32,
    lit_alone: f32,
}

impl RulesFile for InfraredFile {
    const MODALITY: Modality = Modality::Infrared;

    const RANGES: &'static [Range<Self>] = &[
        Range::each("face.least_eye_distance_px", [16.0, 200.0], |f| {
            one(&mut f.face.least_eye_distance_px)
        }),
        Range::each("face.most_shift", [0.05, 0.5], |f| {
            one(&mut f.face.most_shift)
        }),
        Range::each("face.most_residual", [0.04, 0.5], |f| {
            one(&mut f.face.most_residual)
        }),
        Range::each("face.most_reflectance_factor", [1.1, 10.0], |f| {
            one(&mut f.face.most_reflectance_factor)
        }),
        Range::each("exposure.least_frame_mean", [0.001, 0.2], |f| {
            one(&mut f.exposure.least_frame_mean)
        }),
        Range::each("exposure.most_face_mean", [0.5, 1.0], |f| {
            one(&mut f.exposure.most_face_mean)
        }),
        Range::each("exposure.saturated_from", [0.9, 1.0], |f| {
            one(&mut f.exposure.saturated_from)
        }),
        Range::each("exposure.most_saturated_frame", [0.01, 0.5], |f| {
            one(&mut f.exposure.most_saturated_frame)
        }),
        Range::each("exposure.most_saturated_face", [0.001, 0.5], |f| {
            one(&mut f.exposure.most_saturated_face)
        }),
        Range::each("difference.read_noise", [0.0001, 0.05], |f| {
            one(&mut f.difference.read_noise)
        }),
        Range::each("difference.least_over_noise", [3.0, 100.0], |f| {
            one(&mut f.difference.least_over_noise)
        }),
        Range::each("difference.most_ambient", [0.05, 2.0], |f| {
            one(&mut f.difference.most_ambient)
        }),
        Range::each("difference.reversed_by", [0.001, 0.2], |f| {
            one(&mut f.difference.reversed_by)
        }),
        Range::each("difference.most_reversed", [0.001, 0.5], |f| {
            one(&mut f.difference.most_reversed)
        }),
        Range::each("score.pair", [0.01, 0.999_999], |f| one(&mut f.score.pair)),
        Range::each("score.lit_alone", [0.01, 0.999_999], |f| {
            one(&mut f.score.lit_alone)
        }),
    ];

    fn format(&self) -> u32 {
        self.format
    }

    fn provenance(&self) -> Option<&Provenance> {
        Some(&self.provenance)
    }

    fn network(&self) -> Option<(&'static str, &str)> {
        Some(("network", &self.network))
    }
}

impl Rules<InfraredFile> {
    /// Probability from which a face is alive, with a frame of the room's light or without.
    #[must_use]
    pub fn threshold(&self, pair: bool) -> f32 {
        let score = &self.file().score;
        if pair { score.pair } else { score.lit_alone }
    }
}

impl Default for Rules<InfraredFile> {
    /// Those that the SDK comes with.
    fn default() -> Self {
        static RULES: LazyLock<InfraredRules> = LazyLock::new(|| {
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
        let rules = InfraredRules::parse(SHIPPED).expect("valid");
        assert!(rules.is_simulated());
    }

    #[test]
    fn a_wrong_field_is_named() {
        let refused = |from: &str, to: &str| refusal::<InfraredFile>(SHIPPED, from, to);
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
    fn every_number_has_a_range() {
        every_range_has_both_sides::<InfraredFile>(SHIPPED);
    }

    #[test]
    fn no_prefix_of_the_file_panics_or_passes_but_the_last_line() {
        no_prefix_passes::<InfraredFile>(SHIPPED);
    }
}
