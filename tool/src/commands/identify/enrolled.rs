//! Everyone who can be named: the people of a folder, or of a gallery.

use super::args::IdentifyArgs;
use super::folder::Folder;
use crate::commands::gallery::{FileArgs, Searcher, group_ids};
use crate::datasets::People;
use crate::failure::{Failure, Result};
use crate::inputs::FaceChoice;
use crate::terminal::Output;
use vultus::comparison::Margin;
use vultus::config::TargetFpir;
use vultus::gallery::{Against, SearchDecision, SearchOptions, SearchResult};
use vultus::{Embedding, MaskState, Score, Sdk};

/// The people most similar to a face, best first.
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    pub(super) threshold: Score,
    pub(super) expected_fpir: f64,
    pub(super) decision: SearchDecision,
    pub(super) margin: Option<Margin>,
}

/// Who it may be.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) score: Score,
    pub(super) cosine: f32,
}

/// Everyone who can be named.
pub(super) enum Enrolled {
    Folder(Folder),
    Gallery(Searcher),
}

impl Enrolled {
    /// As the arguments name them.
    pub(super) fn new(
        args: &IdentifyArgs,
        target: TargetFpir,
        sdk: &Sdk,
        choice: &FaceChoice,
        output: &Output,
    ) -> Result<Self> {
        let Some(folder) = &args.people else {
            return Ok(Self::Gallery(searcher(args, target, sdk)?));
        };
        let people = People::read(folder, output)?;
        // Refused before the work of embedding everybody.
        sdk.search_threshold(people.images.len(), target)?;
        let matcher = sdk.matcher(MaskState::BARE)?;
        let folder = Folder::enrol(people, matcher, options(args, target), sdk, choice, output)?;
        Ok(Self::Folder(folder))
    }

    pub(super) fn search(&self, probe: &Embedding) -> Result<Found> {
        match self {
            Self::Folder(folder) => {
                let (known, result) = folder.search(probe)?;
                let known = known.iter();
                let candidates = known.map(|one| Candidate::new(one.name, &one.candidate));
                Ok(Found::new(candidates.collect(), &result))
            }
            Self::Gallery(searcher) => {
                let result = searcher.all(probe)?;
                let found = result.candidates.iter();
                let candidates = found.map(|one| Candidate::new(&searcher.name(&one.person), one));
                Ok(Found::new(candidates.collect(), &result))
            }
        }
    }

    /// How many are enrolled, in words.
    pub(super) fn size(&self) -> String {
        match self {
            Self::Folder(folder) => folder.size(),
            Self::Gallery(searcher) => format!("{} people", searcher.snapshot.person_count()),
        }
    }
}

/// Searches every face of the named groups.
fn searcher(args: &IdentifyArgs, fpir: TargetFpir, sdk: &Sdk) -> Result<Searcher> {
    let missing = || Failure::text("name a folder with --people or a gallery with --gallery");
    let file = FileArgs {
        gallery: args.gallery.clone().ok_or_else(missing)?,
        key_file: args.key_file.clone(),
        insecure_key: args.insecure_key,
    };
    let groups = group_ids(&args.group)?;
    Searcher::open(&file, sdk, groups, Against::Faces, options(args, fpir))
}

/// How candidates are chosen.
fn options(args: &IdentifyArgs, fpir: TargetFpir) -> SearchOptions {
    SearchOptions {
        top: usize::from(args.top),
        fpir,
        min_score: None,
    }
}

impl Candidate {
    fn new(name: &str, found: &vultus::gallery::Candidate) -> Self {
        Self {
            name: name.to_owned(),
            score: found.score,
            cosine: found.cosine,
        }
    }
}

impl Found {
    fn new(candidates: Vec<Candidate>, result: &SearchResult) -> Self {
        Self {
            candidates,
            threshold: result.threshold,
            expected_fpir: result.expected_fpir,
            decision: result.decision,
            margin: result.margin,
        }
    }

    /// The best candidate where it is named.
    pub(super) fn accepted(&self) -> Option<&Candidate> {
        let named = self.decision == SearchDecision::Named;
        self.candidates.first().filter(|_| named)
    }
}
