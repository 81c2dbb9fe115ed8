//! What it takes to compare faces of a gallery: the licence's permit, a pack's curve and, where
//! embeddings are kept under one, the site's key.

use super::enrol_face::EnrolFace;
use super::model_id::expect_model;
use super::site::Site;
use super::store::{StoreError, TemplateKey};
use crate::config::{TargetFmr, TargetFpir};
use crate::error::Result;
use crate::matching::{self, Comparison, Margin};
use crate::model::{Curve, Score};
use crate::stages::embed::Embedding;
use std::fmt;
use std::sync::Arc;
use vultus_licensing::capability::Recognise;
use vultus_licensing::error::LicenceError;
use vultus_licensing::grant::{Grant, Permit};

/// The right to recognise and the scores of one pack. Enrolling, searching and verifying ask for
/// one; listing, changing, exporting and deleting do not, so that they outlive a licence.
#[derive(Clone)]
pub struct Matcher {
    permit: Permit<Recognise>,
    curve: Arc<Curve>,
    gallery_max: Option<usize>,
    site: Option<Arc<Site>>,
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matcher")
            .field("model_id", &self.model_id())
            .field("gallery_max", &self.gallery_max)
            .finish_non_exhaustive()
    }
}

impl Matcher {
    /// With the curve of the pack whose embeddings will be compared.
    ///
    /// # Errors
    /// [`LicenceError::NotEntitled`] when the licence does not carry recognition.
    pub fn new(grant: &Grant, curve: &Curve) -> Result<Self, LicenceError> {
        Ok(Self {
            permit: grant.permit()?,
            curve: Arc::new(curve.clone()),
            gallery_max: grant.gallery_max().map(|most| most as usize),
            site: None,
        })
    }

    /// The same for galleries that keep embeddings under a site's key. They count as those of a
    /// pack of their own, so that embeddings under another key, or none, never mix with them.
    ///
    /// # Errors
    /// [`StoreError::Argument`], which a key of 32 bytes does not cause.
    pub fn for_site(self, key: &TemplateKey) -> Result<Self, StoreError> {
        let site = Site::new(key.clone(), self.curve.model_id())?;
        Ok(Self {
            site: Some(Arc::new(site)),
            ..self
        })
    }

    /// The model id of the groups whose faces it compares: the pack's, and behind it the mark of
    /// the site's key where there is one.
    #[must_use]
    pub fn model_id(&self) -> &str {
        match &self.site {
            None => self.curve.model_id(),
            Some(site) => site.model_id(),
        }
    }

    pub(super) fn check(&self) -> Result<(), LicenceError> {
        self.permit.check()
    }

    /// An embedding as the gallery keeps it.
    ///
    /// # Errors
    /// An expired licence, or an embedding of another pack.
    pub(super) fn template(&self, embedding: &Embedding) -> Result<Embedding> {
        self.check()?;
        expect_model(self.curve.model_id(), embedding.model_id())?;
        match &self.site {
            None => Ok(embedding.clone()),
            Some(site) => site.template(embedding),
        }
    }

    /// A face as the gallery keeps it.
    ///
    /// # Errors
    /// As [`template`](Self::template), or [`LibraryError`](super::LibraryError) for a quality or
    /// crop outside its range.
    pub(super) fn admit(&self, face: EnrolFace) -> Result<EnrolFace> {
        face.check()?;
        Ok(EnrolFace {
            embedding: self.template(&face.embedding)?,
            ..face
        })
    }

    pub(super) fn gallery_max(&self) -> Option<usize> {
        self.gallery_max
    }

    pub(super) fn score(&self, cosine: f32) -> Score {
        self.curve.score(cosine).score
    }

    pub(super) fn compare_cosine(
        &self,
        model: &str,
        cosine: f32,
        target: TargetFmr,
    ) -> Result<Comparison> {
        expect_model(self.model_id(), model)?;
        Ok(matching::decide(cosine, &self.curve, target)?)
    }

    /// The score of a cosine and whether it reaches another score.
    pub(super) fn reaches(&self, model: &str, cosine: f32, needed: Score) -> Result<(Score, bool)> {
        expect_model(self.model_id(), model)?;
        let needed = matching::reachable(&self.curve, needed)?;
        let score = self.score(cosine);
        Ok((score, score >= needed))
    }

    /// The score of a rate, if the curve supports it.
    pub(super) fn needed(&self, target: TargetFmr) -> Result<Score> {
        Ok(matching::reachable(
            &self.curve,
            Score::from_fmr(target.get()),
        )?)
    }

    /// The threshold of a search among so many faces, and the FPIR to expect at it.
    pub(super) fn search_threshold(
        &self,
        model: &str,
        searched: usize,
        target: TargetFpir,
    ) -> Result<(Score, f64)> {
        expect_model(self.model_id(), model)?;
        let threshold = matching::search_threshold(&self.curve, searched, target)?;
        let fpir = matching::expected_fpir(&self.curve, searched, threshold);
        Ok((threshold, fpir))
    }

    /// How far the best candidate of a search stands before another person.
    pub(super) fn margin(&self, best: f32, other: f32) -> Margin {
        Margin::between(&self.curve, best, other)
    }

    /// Whether a cosine reaches the threshold of a search, also one beyond the curve's limit.
    pub(super) fn names(&self, cosine: f32, threshold: Score) -> bool {
        self.curve.search_score(cosine) >= threshold
    }
}
