//! The index as a value: embeddings come in, are replaced and go.

use super::chunk::{Chunk, blocks_of_a_chunk};
use super::error::IndexError;
use super::limits::{MAX_DIMENSION, MAX_ROWS, NORM_TOLERANCE};
use super::rows::Row;
use crate::matching::error::{MatchError, same_model};
use crate::matching::kernels::{BLOCK, Kernels};
use crate::stages::embed::Embedding;
use std::fmt;
use std::sync::Arc;
use vultus_nn::cpu::CpuPath;

/// Unit vectors of one model id, searched exactly.
#[derive(Clone)]
pub struct Index {
    model_id: Arc<str>,
    dimension: usize,
    pub(super) kernels: Kernels,
    pub(super) chunks: Vec<Arc<Chunk>>,
    /// Every chunk before this one is full.
    first_vacant: usize,
    len: usize,
}

impl Index {
    /// An empty index for embeddings of `dimension` values, `1..=4096`.
    ///
    /// # Errors
    /// [`IndexError::Dimension`], and [`IndexError::Cpu`] when `VULTUS_CPU` asks for a path that
    /// this processor lacks.
    pub fn new(model_id: &str, dimension: usize) -> Result<Self, IndexError> {
        Self::with_path(model_id, dimension, CpuPath::chosen()?)
    }

    /// The same with kernels of one path; the environment is not asked.
    ///
    /// # Errors
    /// [`IndexError::Dimension`], and [`IndexError::Cpu`] when the processor lacks the path.
    pub fn with_path(model_id: &str, dimension: usize, path: CpuPath) -> Result<Self, IndexError> {
        if !(1..=MAX_DIMENSION).contains(&dimension) {
            return Err(IndexError::Dimension { dimension });
        }
        Ok(Self {
            model_id: model_id.into(),
            dimension,
            kernels: Kernels::new(CpuPath::from_name(path.name())?),
            chunks: Vec::new(),
            first_vacant: 0,
            len: 0,
        })
    }

    /// The model whose embeddings it holds.
    #[must_use]
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// Values of each embedding.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Rows in use.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no row is in use.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes of memory that its rows take, those shared with clones included.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.memory()).sum()
    }

    /// Puts an embedding into the lowest vacant row; numbers of removed rows come back.
    ///
    /// # Errors
    /// [`IndexError::Match`] for an embedding of another model or dimension,
    /// [`IndexError::Full`] at [`MAX_ROWS`].
    pub fn insert(&mut self, embedding: &Embedding) -> Result<Row, IndexError> {
        self.fits(embedding)?;
        if self.len >= MAX_ROWS {
            return Err(IndexError::Full { most: MAX_ROWS });
        }
        while self
            .chunks
            .get(self.first_vacant)
            .is_some_and(|c| c.is_full())
        {
            self.first_vacant += 1;
        }
        if self.first_vacant == self.chunks.len() {
            self.chunks.push(Arc::new(Chunk::new(self.dimension)));
        }
        let chunk = Arc::make_mut(&mut self.chunks[self.first_vacant]);
        let position = chunk.insert(embedding.values());
        self.len += 1;
        Ok(self.row(self.first_vacant, position))
    }

    /// Puts another embedding into a row that is in use.
    ///
    /// # Errors
    /// [`IndexError::Match`] as [`insert`](Self::insert), [`IndexError::Vacant`] when the row is
    /// not in use.
    pub fn replace(&mut self, row: Row, embedding: &Embedding) -> Result<(), IndexError> {
        self.fits(embedding)?;
        let (chunk, position) = self.occupied(row)?;
        Arc::make_mut(&mut self.chunks[chunk]).set(position, embedding.values());
        Ok(())
    }

    /// Empties a row and overwrites what it held. Clones made before keep theirs.
    ///
    /// # Errors
    /// [`IndexError::Vacant`] when the row is not in use.
    pub fn remove(&mut self, row: Row) -> Result<(), IndexError> {
        let (chunk, position) = self.occupied(row)?;
        Arc::make_mut(&mut self.chunks[chunk]).remove(position);
        self.first_vacant = self.first_vacant.min(chunk);
        self.len -= 1;
        while self.chunks.last().is_some_and(|chunk| chunk.is_empty()) {
            self.chunks.pop();
        }
        self.first_vacant = self.first_vacant.min(self.chunks.len());
        Ok(())
    }

    /// Puts many embeddings, one after another in `values`, into consecutive rows behind the last
    /// one and returns the first: the fast way to load a gallery. None is added when one is bad.
    ///
    /// # Errors
    /// [`IndexError::Ragged`] when `values` is not a whole number of embeddings,
    /// [`IndexError::NotUnit`] with the position of the first whose length is not 1,
    /// [`IndexError::Full`] when they would not fit.
    pub fn extend(&mut self, values: &[f32]) -> Result<Row, IndexError> {
        if !values.len().is_multiple_of(self.dimension) {
            return Err(IndexError::Ragged {
                values: values.len(),
                dimension: self.dimension,
            });
        }
        let end = self.end();
        let added = values.len() / self.dimension;
        if added > MAX_ROWS - end {
            return Err(IndexError::Full { most: MAX_ROWS });
        }
        self.all_unit(values)?;
        let mut rest = values;
        while !rest.is_empty() {
            if self
                .chunks
                .last()
                .is_none_or(|chunk| chunk.end() == chunk.most())
            {
                self.chunks.push(Arc::new(Chunk::new(self.dimension)));
            }
            let last = self.chunks.last_mut().expect("one was just pushed");
            rest = Arc::make_mut(last).append(rest);
        }
        self.len += added;
        Ok(Row::new(end as u32))
    }

    /// The values of a row as they were put in; `None` when it is not in use.
    #[must_use]
    pub fn values(&self, row: Row) -> Option<&[f32]> {
        let (chunk, position) = self.position(row);
        self.chunks.get(chunk)?.values(position)
    }

    /// The rows in use, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let chunks = self.chunks.iter().enumerate();
        chunks.flat_map(move |(at, chunk)| {
            chunk
                .positions()
                .map(move |position| self.row(at, position))
        })
    }

    pub(super) fn fits(&self, embedding: &Embedding) -> Result<(), MatchError> {
        same_model(embedding.model_id(), &self.model_id)?;
        if embedding.values().len() == self.dimension {
            Ok(())
        } else {
            Err(MatchError::Dimension {
                left: embedding.values().len(),
                right: self.dimension,
            })
        }
    }

    fn all_unit(&self, values: &[f32]) -> Result<(), IndexError> {
        for (position, row) in values.chunks_exact(self.dimension).enumerate() {
            let norm = self.kernels.exact(row, row).sqrt();
            if norm.is_nan() || (norm - 1.0).abs() > NORM_TOLERANCE {
                return Err(IndexError::NotUnit { position, norm });
            }
        }
        Ok(())
    }

    /// Rows up to the last one in use.
    fn end(&self) -> usize {
        self.chunks
            .last()
            .map_or(0, |last| (self.chunks.len() - 1) * last.most() + last.end())
    }

    pub(super) fn chunk_rows(&self) -> usize {
        blocks_of_a_chunk(self.dimension) * BLOCK
    }

    fn row(&self, chunk: usize, position: usize) -> Row {
        Row::new((chunk * self.chunk_rows() + position) as u32)
    }

    fn position(&self, row: Row) -> (usize, usize) {
        let row = row.number() as usize;
        (row / self.chunk_rows(), row % self.chunk_rows())
    }

    fn occupied(&self, row: Row) -> Result<(usize, usize), IndexError> {
        let (chunk, position) = self.position(row);
        match self.values(row) {
            Some(_) => Ok((chunk, position)),
            None => Err(IndexError::Vacant { row }),
        }
    }
}

impl fmt::Debug for Index {
    /// Never shows the values: they are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index")
            .field("model_id", &self.model_id)
            .field("dimension", &self.dimension)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}
