//! 1:1 accuracy on labelled pairs.

use super::accuracy::{FoldedAccuracy, OperatingPoint, folded_accuracy, tar_at_fmr, totals};
use crate::datasets::ScoredPairs;
use crate::failure::{Failure, Result};
use crate::inputs::FaceChoice;
use crate::observer::Observer;
use crate::shown::shown_path;
use std::path::Path;
use vultus::Sdk;

/// Target FMRs, as JSON keys and tables write them.
const TARGETS: [(&str, f64); 3] = [("0.01", 1e-2), ("0.001", 1e-3), ("0.0001", 1e-4)];

/// How accurate a model is on a file of labelled pairs.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The model.
    pub model_id: String,
    /// The pairs file.
    pub set: String,
    /// What was compared.
    pub scored: ScoredPairs,
    /// Share of pairs told apart rightly.
    pub accuracy: FoldedAccuracy,
    /// Target FMRs as they are written, and what is reached at them.
    pub points: Vec<(&'static str, OperatingPoint)>,
}

impl Verification {
    /// Embeds the photographs of a pairs file, which lie below `root`, and compares its pairs.
    ///
    /// # Errors
    /// As [`ScoredPairs::score`], and when the file has pairs of one kind alone or fewer than two folds.
    pub fn measure(
        sdk: &Sdk,
        file: &Path,
        root: &Path,
        choice: &FaceChoice,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let scored = ScoredPairs::score(sdk, file, root, choice, observer)?;
        let (mated, impostors) = totals(&scored.pairs);
        if mated == 0 || impostors == 0 {
            let message = "it needs pairs of the same and of different people";
            return Err(Failure::text(message).about(file));
        }
        let accuracy = folded_accuracy(&scored.pairs)
            .ok_or_else(|| Failure::text("it needs two folds or more").about(file))?;
        let points = TARGETS
            .iter()
            .map(|&(key, fmr)| (key, tar_at_fmr(&scored.pairs, fmr)))
            .collect();
        Ok(Self {
            model_id: sdk.pack().model_id().to_string(),
            set: shown_path(&file),
            scored,
            accuracy,
            points,
        })
    }
}
