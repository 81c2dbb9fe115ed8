use super::alive::InfraredRunner;
use crate::align::{AlignedFace, Aligner};
use crate::attribute::{EyeReader, MaskReader, QualityJudge};
use crate::detect::Detector;
use crate::embed::{Embedder, Embedding};
use crate::error::Result;
use crate::frame::{Frame, LetterboxScratch, RgbImage};
use crate::liveness::colour::{ColourLiveness, ColourScratch};
use crate::liveness::depth::DepthLook;
use crate::mesh::Mesher;
use crate::model::{DecodeKind, DetectStrategy, MESH_POINTS, Pack, PackError, PackNetwork, Role};
use crate::nn::Runner;
use crate::pipeline::Face;
use crate::quality::{QualityRules, QualityScratch};
use vultus_licensing::capability::{
    Detect, LiveInfrared, LiveMonocular, LiveStructuredLight, Recognise,
};
use vultus_licensing::grant::{Grant, Permit};

/// The stages of one pack that a grant opens, shared by all threads.
pub struct Engine {
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
    rules: QualityRules,
    aligner: Aligner,
    recogniser: Option<Recogniser>,
    pub(super) live_monocular: Option<Permit<LiveMonocular>>,
    pub(super) colour_liveness: Option<ColourLiveness>,
    pub(super) live_structured_light: Option<Permit<LiveStructuredLight>>,
    pub(super) depth_look: Option<DepthLook>,
    pub(super) live_infrared: Option<Permit<LiveInfrared>>,
    pub(super) infrared: Option<PackNetwork>,
}

/// What only a licence to recognise opens.
struct Recogniser {
    permit: Permit<Recognise>,
    embedder: Embedder,
}

impl Engine {
    /// Builds the stages from a pack's networks, as far as the grant carries them.
    ///
    /// # Errors
    /// [`PackError`] when a network does not have the outputs that its stage reads;
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled) for a grant that does not
    /// even detect.
    pub fn new(pack: &Pack, grant: &Grant) -> Result<Self> {
        let invalid = |cause: &str| PackError::Manifest {
            cause: cause.to_owned(),
        };
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
        Ok(Self {
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
            colour_liveness: ColourLiveness::new(pack.with_role(Role::LivenessColour))?,
            live_structured_light: grant.permit().ok(),
            depth_look: one(Role::LivenessDepth).map(DepthLook::new).transpose()?,
            live_infrared: grant.permit().ok(),
            infrared: one(Role::LivenessInfrared).cloned(),
        })
    }

    /// The rules of quality control.
    #[must_use]
    pub fn rules(&self) -> &QualityRules {
        &self.rules
    }

    /// Empty working memory for one thread.
    #[must_use]
    pub fn workspace(&self) -> Workspace {
        Workspace {
            detectors: self.detectors.iter().map(|_| Lazy::default()).collect(),
            mesher: Lazy::default(),
            judge: Lazy::default(),
            eyes: Lazy::default(),
            mask: Lazy::default(),
            quality: QualityScratch::default(),
            embedder: Lazy::default(),
            colour_liveness: ColourScratch::default(),
            depth: Lazy::default(),
            infrared: InfraredRunner::default(),
            letterbox: LetterboxScratch::default(),
            mesh_chip: RgbImage::default(),
            aligned: AlignedFace::default(),
        }
    }

    /// Straightens a face for the pack's embedder and leaves it in the workspace.
    ///
    /// # Errors
    /// [`crate::align::AlignError`] when the face's points are no face, or when the trial is over.
    pub fn align<'w>(
        &self,
        work: &'w mut Workspace,
        frame: &Frame<'_>,
        face: &Face,
    ) -> Result<&'w AlignedFace> {
        self.permit.check()?;
        let points = match (self.aligner.mesh_points(), &face.mesh) {
            (Some(indices), Some(mesh)) if mesh.points.len() == MESH_POINTS => {
                indices.map(|i| mesh.points[i])
            }
            (Some(_), _) => return Err(FaceWithoutMesh.into()),
            (None, _) => face.landmarks.to_array(),
        };
        self.aligner.align(frame, &points, &mut work.aligned)?;
        Ok(&work.aligned)
    }

    /// Aligns and embeds a face.
    ///
    /// # Errors
    /// As [`align`](Self::align) and [`check_recognise`](Self::check_recognise), or
    /// [`crate::embed::EmbedError`] when the network fails.
    pub fn embed(&self, work: &mut Workspace, frame: &Frame<'_>, face: &Face) -> Result<Embedding> {
        let embedder = &self.recogniser()?.embedder;
        self.align(work, frame, face)?;
        let runner = work.embedder.get(|| embedder.runner())?;
        Ok(embedder.embed(runner, &work.aligned.chip)?)
    }

    /// Whether embeddings may be made and compared now.
    ///
    /// # Errors
    /// [`NotEntitled`](vultus_licensing::error::LicenceError::NotEntitled), or
    /// [`Expired`](vultus_licensing::error::LicenceError::Expired) after a trial.
    pub fn check_recognise(&self) -> Result<()> {
        self.recogniser().map(|_| ())
    }

    fn recogniser(&self) -> Result<&Recogniser> {
        let recogniser = self
            .recogniser
            .as_ref()
            .ok_or_else(|| self.grant.not_entitled::<Recognise>())?;
        recogniser.permit.check()?;
        Ok(recogniser)
    }
}

/// Working memory of one thread. Runners are made when a network is first needed.
pub struct Workspace {
    pub(super) detectors: Vec<Lazy>,
    pub(super) mesher: Lazy,
    pub(super) judge: Lazy,
    pub(super) eyes: Lazy,
    pub(super) mask: Lazy,
    pub(super) quality: QualityScratch,
    embedder: Lazy,
    pub(super) colour_liveness: ColourScratch,
    pub(super) depth: Lazy,
    pub(super) infrared: InfraredRunner,
    pub(super) letterbox: LetterboxScratch,
    pub(super) mesh_chip: RgbImage,
    aligned: AlignedFace,
}

/// A runner that is made on first use.
#[derive(Default)]
pub(super) struct Lazy(Option<Box<dyn Runner>>);

impl Lazy {
    pub(super) fn get(
        &mut self,
        make: impl FnOnce() -> Result<Box<dyn Runner>, PackError>,
    ) -> Result<&mut dyn Runner, PackError> {
        let runner = match self.0.take() {
            Some(runner) => runner,
            None => make()?,
        };
        Ok(&mut **self.0.insert(runner))
    }
}

/// The face came from a pack without a mesh, the embedder needs one.
#[derive(Clone, Copy, Debug)]
struct FaceWithoutMesh;

impl std::fmt::Display for FaceWithoutMesh {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the face has no mesh, which this pack's alignment needs; detect it with this pack"
        )
    }
}

impl std::error::Error for FaceWithoutMesh {}

impl crate::error::Coded for FaceWithoutMesh {
    fn status(&self) -> crate::error::Status {
        crate::error::Status::FaceGeometryInvalid
    }
}
