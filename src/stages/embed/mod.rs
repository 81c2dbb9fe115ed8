//! Turns an aligned face into an embedding.

mod encoding;

use crate::error::{Coded, Status};
use crate::frame::RgbImage;
use crate::model::{AlignSpec, MAX_EMBEDDING_VALUES, PackError, PackNetwork};
use std::fmt;
use std::sync::Arc;
use vultus_nn::{NetworkError, Runner};

/// How far the length of an embedding may lie from 1.
const NORM_TOLERANCE: f32 = 1e-3;

/// A unit vector that names the pack it came from.
#[derive(Clone, PartialEq)]
pub struct Embedding {
    model_id: Arc<str>,
    values: Box<[f32]>,
}

impl Embedding {
    /// An embedding from stored values, such as a file.
    ///
    /// # Errors
    /// [`EmbedError::Invalid`] when the values are not finite, not of length 1, or too many.
    pub fn from_parts(model_id: &str, values: Vec<f32>) -> Result<Self, EmbedError> {
        let norm = norm(&values);
        if values.is_empty()
            || values.len() > MAX_EMBEDDING_VALUES
            || (norm - 1.0).abs() > NORM_TOLERANCE
            || norm.is_nan()
        {
            return Err(EmbedError::Invalid {
                dimension: values.len(),
                norm,
            });
        }
        Ok(Self {
            model_id: model_id.into(),
            values: values.into(),
        })
    }

    /// `id@version` of the pack that made it.
    #[must_use]
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// The values; their squares add up to 1.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

impl fmt::Debug for Embedding {
    /// Never shows the values: they are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedding")
            .field("model_id", &self.model_id)
            .field("dimension", &self.values.len())
            .finish_non_exhaustive()
    }
}

fn norm(values: &[f32]) -> f32 {
    values.iter().map(|v| v * v).sum::<f32>().sqrt()
}

/// The embedder network of a pack.
#[derive(Debug)]
pub struct Embedder {
    network: PackNetwork,
    model_id: Arc<str>,
    mirror_average: bool,
}

impl Embedder {
    /// The network's embeddings will carry `model_id`.
    #[must_use]
    pub fn new(network: &PackNetwork, align: &AlignSpec, model_id: &Arc<str>) -> Self {
        Self {
            network: network.clone(),
            model_id: Arc::clone(model_id),
            mirror_average: align.mirror_average,
        }
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Embeds a chip of the size that the manifest's `align` table gives.
    ///
    /// # Errors
    /// [`EmbedError`] when the engine fails or answers with no direction at all.
    pub fn embed(&self, runner: &mut dyn Runner, chip: &RgbImage) -> Result<Embedding, EmbedError> {
        self.network.input().fill(chip, runner.input_mut());
        let mut values = direction(runner)?;
        if self.mirror_average {
            self.network.input().fill_mirrored(chip, runner.input_mut());
            for (value, mirrored) in values.iter_mut().zip(direction(runner)?) {
                *value += mirrored;
            }
            values = unit(values)?;
        }
        Ok(Embedding {
            model_id: Arc::clone(&self.model_id),
            values: values.into(),
        })
    }
}

/// Runs the network on its input and brings the output to length 1.
fn direction(runner: &mut dyn Runner) -> Result<Vec<f32>, EmbedError> {
    runner.run()?;
    unit(runner.output(0).iter().copied().collect())
}

fn unit(mut values: Vec<f32>) -> Result<Vec<f32>, EmbedError> {
    let norm = norm(&values);
    if !norm.is_normal() || values.len() > MAX_EMBEDDING_VALUES {
        return Err(EmbedError::Invalid {
            dimension: values.len(),
            norm,
        });
    }
    values.iter_mut().for_each(|value| *value /= norm);
    Ok(values)
}

/// An embedding that cannot be made or used.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EmbedError {
    /// The engine failed.
    Network(NetworkError),
    /// The vector is empty, too long, not finite or not of length 1.
    Invalid {
        /// Number of values.
        dimension: usize,
        /// Its length.
        norm: f32,
    },
    /// Bytes are not those of an embedding.
    Bytes {
        /// What does not fit.
        why: &'static str,
    },
}

impl From<NetworkError> for EmbedError {
    fn from(error: NetworkError) -> Self {
        Self::Network(error)
    }
}

impl fmt::Display for EmbedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(error) => error.fmt(f),
            Self::Invalid { dimension, norm } => write!(
                f,
                "an embedding has 1 to {MAX_EMBEDDING_VALUES} finite values of length 1; this one has {dimension} of length {norm}"
            ),
            Self::Bytes { why } => write!(f, "these bytes are no embedding: {why}"),
        }
    }
}

impl std::error::Error for EmbedError {}

impl Coded for EmbedError {
    fn status(&self) -> Status {
        match self {
            Self::Network(error) => error.status(),
            Self::Invalid { .. } | Self::Bytes { .. } => Status::InvalidParameter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unit_vectors_become_embeddings() {
        assert!(Embedding::from_parts("p@1", vec![0.6, 0.8]).is_ok());
        for bad in [
            vec![],
            vec![0.6, 0.9],
            vec![f32::NAN, 1.0],
            vec![f32::INFINITY],
            vec![0.0; 4],
            vec![1.0; 5000],
        ] {
            assert!(Embedding::from_parts("p@1", bad).is_err());
        }
    }

    #[test]
    fn debug_text_keeps_the_values_secret() {
        let text = format!(
            "{:?}",
            Embedding::from_parts("p@1", vec![0.6, 0.8]).expect("unit")
        );
        assert!(text.contains("p@1") && !text.contains("0.6"));
    }
}
