//! The stages of one pack, as far as a grant opens them.

use crate::error::Result;
use crate::model::{DecodeKind, DetectStrategy, Pack, PackError, PackNetwork, Role};
use crate::stages::align::Aligner;
use crate::stages::attribute::{EyeReader, MaskReader, QualityJudge};
use crate::stages::detect::Detector;
use crate::stages::embed::Embedder;
use crate::stages::liveness::colour::ColourLiveness;
use crate::stages::liveness::{Judge, Modality};
use crate::stages::mesh::Mesher;
use crate::stages::quality::QualityRules;
use vultus_licensing::capability::{
    Detect, Licensed, LiveInfrared, LiveMonocular, LiveStructuredLight, Recognise,
};
use vultus_licensing::grant::{Grant, Permit};

/// The stages of one pack that a grant opens, shared by all threads.
pub(crate) struct Stages {
    pub(super) permit: Permit<Detect>,
    pub(super) grant: Grant,
    pub(super) detectors: Vec<Detector>,
    pub(super) strategy: DetectStrategy,
    pub(super) mesher: Option<Mesher>,
    /// Whether faces are given a mesh when they are found: because a detector finds too few points,
    /// or the embedder is aligned by mesh points. Otherwise a mesh is made when it is asked for.
    pub(super) mesh_while_finding: bool,
    pub(super) judge: Option<QualityJudge>,
    pub(super) eye_reader: Option<EyeReader>,
    pub(super) mask_reader: Option<MaskReader>,
    pub(super) rules: QualityRules,
    pub(super) aligner: Aligner,
    recogniser: Option<Recogniser>,
    pub(crate) live_monocular: Option<Permit<LiveMonocular>>,
    pub(crate) live_infrared: Option<Permit<LiveInfrared>>,
    pub(crate) live_structured_light: Option<Permit<LiveStructuredLight>>,
    /// Of every modality, in the order of the pack.
    liveness: Vec<PackNetwork>,
}

/// What only a licence to recognise opens.
pub(super) struct Recogniser {
    permit: Permit<Recognise>,
    pub(super) embedder: Embedder,
}

impl Stages {
    /// Builds the stages from a pack's networks, as far as the grant carries them.
    ///
    /// # Errors
    /// [`PackError`] when a network does not have the outputs that its stage reads;
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a grant that does not
    /// even detect.
    pub(crate) fn new(pack: &Pack, grant: &Grant) -> Result<Self> {
        let invalid = |cause: &str| PackError::manifest(cause.to_owned());
        let mut detectors = pack
            .with_role(Role::Detector)
            .map(Detector::new)
            .collect::<Result<Vec<_>, _>>()?;
        detectors.sort_by_key(Detector::input_area);
        let embedder = pack
            .with_role(Role::Embedder)
            .next()
            .ok_or_else(|| invalid("no embedder"))?;
        let align = embedder
            .spec()
            .align
            .as_ref()
            .ok_or_else(|| invalid("no [network.align]"))?;
        let recogniser = grant.permit().ok().map(|permit| Recogniser {
            permit,
            embedder: Embedder::new(embedder, align, pack.model_id()),
        });
        let one = |role| pack.with_role(role).next();
        let no_points = |network: &PackNetwork| {
            let decode = network.spec().decode.as_ref();
            decode.is_some_and(|decode| decode.kind == DecodeKind::Blazeface)
        };
        let liveness = [Modality::Colour, Modality::Infrared, Modality::Depth]
            .into_iter()
            .flat_map(|modality| pack.with_role(modality.role()));
        let stages = Self {
            permit: grant.permit()?,
            grant: grant.clone(),
            mesh_while_finding: align.mesh_points.is_some()
                || pack.with_role(Role::Detector).any(no_points),
            judge: one(Role::Quality).map(QualityJudge::new).transpose()?,
            eye_reader: one(Role::Eyes).map(EyeReader::new).transpose()?,
            mask_reader: one(Role::Mask).map(MaskReader::new).transpose()?,
            detectors,
            strategy: pack.detect_strategy(),
            mesher: one(Role::Mesh).map(Mesher::new).transpose()?,
            rules: QualityRules::default(),
            aligner: Aligner::new(align),
            recogniser,
            live_monocular: grant.permit().ok(),
            live_infrared: grant.permit().ok(),
            live_structured_light: grant.permit().ok(),
            liveness: liveness.cloned().collect(),
        };
        if stages.has_liveness(Modality::Colour) {
            // Whether its networks answer as they should is seen now, not at the first face.
            stages.judge::<ColourLiveness>(())?;
        }
        Ok(stages)
    }

    /// Whether the pack has networks of a modality.
    pub(super) fn has_liveness(&self, modality: Modality) -> bool {
        self.of_modality(modality).next().is_some()
    }

    fn of_modality(&self, modality: Modality) -> impl Iterator<Item = &PackNetwork> {
        let role = modality.role();
        let all = self.liveness.iter();
        all.filter(move |network| network.spec().role == role)
    }

    /// A judge with the pack's networks of its modality. Whoever hands it out asks for the licence.
    ///
    /// # Errors
    /// As [`Judge::new`].
    pub(crate) fn judge<J: Judge>(&self, sensor: J::Sensor) -> Result<J> {
        J::new(sensor, self.of_modality(J::MODALITY))
    }

    /// Whether embeddings may be made and compared now.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled), or
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial.
    pub(crate) fn check_recognise(&self) -> Result<()> {
        self.recogniser().map(|_| ())
    }

    pub(super) fn recogniser(&self) -> Result<&Recogniser> {
        let recogniser = self
            .recogniser
            .as_ref()
            .ok_or_else(|| self.grant.not_entitled::<Recognise>())?;
        recogniser.permit.check()?;
        Ok(recogniser)
    }

    /// Whether the licence carries a kind of liveness, and still holds.
    pub(crate) fn check_liveness<C: Licensed>(&self, permit: Option<&Permit<C>>) -> Result<()> {
        let permit = permit.ok_or_else(|| self.grant.not_entitled::<C>())?;
        Ok(permit.check()?)
    }
}
