//! Labelled pairs of photographs, scored.

use crate::context::FaceChoice;
use crate::dataset::embed_all;
use crate::failure::{CliResult, Failure};
use crate::output::Output;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use vultus::Sdk;
use vultus::internals::matching::cosine;

/// Most rows and folds of a pairs file: the work grows with their product.
const MAX_ROWS: usize = 1_000_000;
const MAX_FOLDS: usize = 100;

/// A row of the pairs file.
#[derive(Deserialize)]
pub(super) struct Row {
    pub(super) fold: u32,
    pub(super) image_a: String,
    pub(super) image_b: String,
    pub(super) same: u8,
}

/// One comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) fold: u32,
    /// Whether both show the same person (a mated pair).
    pub(crate) same: bool,
    /// `None` when one of the photographs has no usable face.
    pub(crate) cosine: Option<f32>,
}

/// All comparisons of a file and what became of its photographs.
pub(crate) struct ScoredPairs {
    pub(crate) pairs: Vec<Pair>,
    pub(crate) images: usize,
    pub(crate) failed_to_detect: usize,
}

/// Embeds every photograph of the file once and compares its pairs.
pub(crate) fn score_pairs(
    sdk: &Sdk,
    file: &Path,
    root: &Path,
    choice: &FaceChoice,
    output: &Output,
) -> CliResult<ScoredPairs> {
    let rows = read_rows(file)?;
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for image in rows.iter().flat_map(|row| [&row.image_a, &row.image_b]) {
        numbers.insert(image, 0);
    }
    for (number, slot) in numbers.values_mut().enumerate() {
        *slot = number;
    }
    let paths: Vec<PathBuf> = numbers.keys().map(|image| root.join(image)).collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let faces = embed_all(sdk, &paths, choice, output, "embedding")?;
    let mut pairs = Vec::with_capacity(rows.len());
    for row in &rows {
        let (a, b) = (
            &faces[numbers[row.image_a.as_str()]],
            &faces[numbers[row.image_b.as_str()]],
        );
        let cosine = match (a, b) {
            (Some(a), Some(b)) => Some(cosine(a, b)?),
            _ => None,
        };
        pairs.push(Pair {
            fold: row.fold,
            same: row.same == 1,
            cosine,
        });
    }
    let failed_to_detect = faces.iter().filter(|face| face.is_none()).count();
    Ok(ScoredPairs {
        pairs,
        images: faces.len(),
        failed_to_detect,
    })
}

pub(super) fn read_rows(file: &Path) -> CliResult<Vec<Row>> {
    let broken = |error: csv::Error| Failure::text(error.to_string()).about(file);
    let mut reader = csv::Reader::from_path(file).map_err(broken)?;
    let rows: Vec<Row> = reader
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(broken)?;
    if let Some(row) = rows.iter().find(|row| row.same > 1) {
        return Err(Failure::text(format!("same is {}, allowed is 0 or 1", row.same)).about(file));
    }
    let folds: BTreeSet<u32> = rows.iter().map(|row| row.fold).collect();
    if rows.len() > MAX_ROWS || folds.len() > MAX_FOLDS {
        let message = format!(
            "{} rows in {} folds, allowed are {MAX_ROWS} in {MAX_FOLDS}",
            rows.len(),
            folds.len()
        );
        return Err(Failure::text(message).about(file));
    }
    Ok(rows)
}
