//! Labelled pairs of photographs, scored.

use super::faces::embed_all;
use crate::failure::{Failure, Result};
use crate::inputs::{FaceChoice, MAX_CSV_BYTES, read_at_most};
use crate::observer::Observer;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use vultus::Sdk;
use vultus::internals::matching::cosine;

/// Most rows and folds of a pairs file: the work grows with their product.
const MAX_ROWS: usize = 1_000_000;
const MAX_FOLDS: usize = 100;

/// A row of the pairs file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PairRow {
    /// Number of the part of the set that it belongs to.
    pub fold: u32,
    /// Both photographs, by their paths below the folder of the set.
    pub images: [String; 2],
    /// Whether both show the same person (a mated pair).
    pub same: bool,
}

/// A row as CSV has it.
#[derive(Deserialize)]
struct CsvRow {
    fold: u32,
    image_a: String,
    image_b: String,
    same: u8,
}

/// One comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredPair {
    /// Number of the part of the set that it belongs to.
    pub fold: u32,
    /// Whether both show the same person (a mated pair).
    pub same: bool,
    /// From -1 to 1; `None` when one of the photographs has no usable face.
    pub cosine: Option<f32>,
}

/// All comparisons of a file and what became of its photographs.
#[derive(Clone, Debug)]
pub struct ScoredPairs {
    /// In the order of the file.
    pub pairs: Vec<ScoredPair>,
    /// Different photographs.
    pub images: usize,
    /// Photographs without a usable face.
    pub failed_to_detect: usize,
}

impl ScoredPairs {
    /// Embeds every photograph of a pairs file once and compares its pairs. The photographs lie below `root`.
    ///
    /// # Errors
    /// As [`read_pairs`] and [`embed_all`].
    pub fn score(
        sdk: &Sdk,
        file: &Path,
        root: &Path,
        choice: &FaceChoice,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let rows = read_pairs(file)?;
        let images = rows.iter().flat_map(|row| &row.images);
        let images: BTreeSet<&str> = images.map(String::as_str).collect();
        let paths: Vec<PathBuf> = images.iter().map(|image| root.join(image)).collect();
        let faces = embed_all(sdk, &paths, choice, observer, "embedding")?;
        let failed_to_detect = faces.iter().filter(|face| face.is_none()).count();
        let embedded: BTreeMap<&str, _> = images.into_iter().zip(faces).collect();
        let mut pairs = Vec::with_capacity(rows.len());
        for row in &rows {
            let images = row.images.each_ref();
            let [a, b] = images.map(|image| embedded[image.as_str()].as_ref());
            let cosine = match a.zip(b) {
                Some((a, b)) => Some(cosine(a, b)?),
                None => None,
            };
            pairs.push(ScoredPair {
                fold: row.fold,
                same: row.same,
                cosine,
            });
        }
        Ok(Self {
            pairs,
            images: paths.len(),
            failed_to_detect,
        })
    }
}

/// Reads a pairs file: CSV with the columns `fold,image_a,image_b,same`.
///
/// # Errors
/// When it cannot be read, says something else than 0 or 1 under `same`, or has too many rows or folds.
pub fn read_pairs(file: &Path) -> Result<Vec<PairRow>> {
    let broken = |error: csv::Error| Failure::text(error.to_string()).about(file);
    let bytes = read_at_most(file, MAX_CSV_BYTES)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<CsvRow> = reader
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
    let row = |row: CsvRow| PairRow {
        fold: row.fold,
        images: [row.image_a, row.image_b],
        same: row.same == 1,
    };
    Ok(rows.into_iter().map(row).collect())
}
