//! Which detections of a frame are the faces of the frames before.
//!
//! Two stages, after Zhang et al., ByteTrack (ECCV 2022): strong detections are paired with every expected face first; weak ones, such as
//! half-covered faces, only go on with a face of the last frame. Looks decide where places cannot: two faces that cross, or
//! one that comes back.

use super::assignment::assign;
use super::error::TrackError;
use super::overlap::overlap;
use super::path::Path;
use super::rules::TrackRules;
use super::update::{Change, Sighting, Update};
use crate::config::TrackId;
use crate::geom::Rect;

/// Overlap below which a strong detection is not the expected face.
const STRONG_OVERLAP: f32 = 0.15;

/// The same for a weak detection, which has to lie closer.
const WEAK_OVERLAP: f32 = 0.35;

/// A face that was not seen for longer is not taken for the one that was there by its place alone.
const PLACE_COUNTS_US: u64 = 500_000;

/// Who can tell faces by their looks.
pub trait Appearance {
    /// How alike a sighting of this frame is to a track, -1 to 1, such as the cosine of their embeddings; `None` where
    /// that cannot be told. Asked only where places leave it open.
    fn likeness(&mut self, track: TrackId, sighting: usize) -> Option<f32>;
}

/// Tells nobody by looks: places decide alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct ByMotion;

impl Appearance for ByMotion {
    fn likeness(&mut self, _: TrackId, _: usize) -> Option<f32> {
        None
    }
}

/// The faces before one camera, each with a number of its own as long as it is there.
#[derive(Clone, Debug)]
pub struct Tracker {
    rules: TrackRules,
    paths: Vec<Path>,
    last_id: u64,
    last_us: Option<u64>,
}

impl Tracker {
    /// Sightings of one frame, and faces that are followed at once: so many at most.
    pub const MOST: usize = 64;

    /// Knows no face yet; the first track is number 1.
    #[must_use]
    pub fn new(rules: TrackRules) -> Self {
        Self {
            rules,
            paths: Vec::new(),
            last_id: 0,
            last_us: None,
        }
    }

    /// Takes the detections of the frame captured at `at_us` microseconds, which have to be of one detector, since scores are.
    ///
    /// # Errors
    /// [`TrackError`] for a time that does not rise and for numbers that no face has; nothing changes then.
    pub fn update(
        &mut self,
        at_us: u64,
        sightings: &[Sighting],
        looks: &mut impl Appearance,
    ) -> Result<Update, TrackError> {
        self.check(at_us, sightings)?;
        self.last_us = Some(at_us);
        let mut frame = Frame::new(at_us, sightings, &self.paths);
        self.pair_strong(&mut frame, looks);
        self.pair_weak(&mut frame, looks);
        self.pair_returned(&mut frame, looks);
        Ok(self.conclude(&frame))
    }

    /// Where each face is expected at a later time, and how unsure that is, in sides of the face; those without a
    /// number were not seen often enough yet. For windows in which a detector looks, and for deciding whether it has to look at all.
    pub fn expected(&self, at_us: u64) -> impl Iterator<Item = (Option<TrackId>, Rect, f32)> {
        self.paths.iter().map(move |path| {
            let motion = path.motion.at(at_us);
            (path.id, motion.rect(), motion.doubt())
        })
    }

    /// Says that two tracks are one person: `ended` goes on under the number of `into`, which is not seen now.
    ///
    /// # Errors
    /// [`TrackError::Unknown`], or [`TrackError::BothSeen`] when both are in the last frame.
    pub fn merge(&mut self, ended: TrackId, into: TrackId) -> Result<Change, TrackError> {
        let from = self.position(ended)?;
        let to = self.position(into)?;
        if from == to || !self.paths[to].lost {
            return Err(TrackError::BothSeen { ended, into });
        }
        self.paths[to] = Path {
            id: Some(into),
            ..self.paths[from]
        };
        self.paths.remove(from);
        Ok(Change::Merged { ended, into })
    }

    fn position(&self, track: TrackId) -> Result<usize, TrackError> {
        let found = self.paths.iter().position(|path| path.id == Some(track));
        found.ok_or(TrackError::Unknown { track })
    }

    fn check(&self, at_us: u64, sightings: &[Sighting]) -> Result<(), TrackError> {
        if let Some(previous_us) = self.last_us.filter(|last| at_us <= *last) {
            return Err(TrackError::TimeNotRising {
                previous_us,
                value_us: at_us,
            });
        }
        let bad = |s: &Sighting| !(s.rect.is_valid() && (0.0..=1.0).contains(&s.score));
        match sightings.iter().position(bad) {
            Some(index) => Err(TrackError::SightingInvalid { index }),
            None => Ok(()),
        }
    }

    /// Strong detections and all faces.
    fn pair_strong(&self, frame: &mut Frame<'_>, looks: &mut impl Appearance) {
        let strong = frame.free(|s| s.score >= self.rules.strong_score);
        let paths = frame.unpaired(&self.paths, |_| true);
        self.pair_by_place(frame, (&paths, &strong), STRONG_OVERLAP, looks);
    }

    /// Weak detections and faces that were seen just now, and that no strong one was found for.
    fn pair_weak(&self, frame: &mut Frame<'_>, looks: &mut impl Appearance) {
        let weak = frame.free(|s| s.score < self.rules.strong_score);
        let at_us = frame.at_us;
        let paths = frame.unpaired(&self.paths, |p| p.unseen_us(at_us) <= PLACE_COUNTS_US);
        self.pair_by_place(frame, (&paths, &weak), WEAK_OVERLAP, looks);
    }

    /// By overlap of `least` or more, and by looks where places are ambiguous or old.
    fn pair_by_place(
        &self,
        frame: &mut Frame<'_>,
        (paths, sightings): (&[usize], &[usize]),
        least: f32,
        looks: &mut impl Appearance,
    ) {
        let mut gain = |path: &usize, sighting: &usize| {
            let shared = frame.overlaps[*path][*sighting];
            if shared < least {
                return 0.0;
            }
            let sure = !frame.is_open(*path, *sighting);
            self.gain(shared, sure, (*path, *sighting), frame.at_us, looks)
        };
        let mut row = |path| {
            sightings
                .iter()
                .map(|s| gain(path, s))
                .collect::<Vec<f32>>()
        };
        let gains: Vec<_> = paths.iter().map(&mut row).collect();
        let pairs = assign(paths.len(), sightings.len(), |r, c| Some(gains[r][c]));
        frame.keep(paths, sightings, &pairs);
    }

    /// What a pair gains whose rectangles share so much: that, and its likeness where it has to be asked for; 0 where they
    /// look different, or where the place is too old to count alone.
    fn gain(
        &self,
        shared: f32,
        sure: bool,
        (path, sighting): (usize, usize),
        at_us: u64,
        looks: &mut impl Appearance,
    ) -> f32 {
        let path = &self.paths[path];
        let Some(id) = path.id else { return shared };
        let old = path.unseen_us(at_us) > PLACE_COUNTS_US;
        if sure && !old {
            return shared;
        }
        match looks.likeness(id, sighting) {
            Some(likeness) if likeness >= self.rules.least_likeness => shared + likeness + 1.0,
            Some(_) => 0.0,
            None if old => 0.0,
            None => shared,
        }
    }

    /// Strong detections that are nobody so far, and tracks that are not in the frame, wherever they were: by looks alone.
    fn pair_returned(&self, frame: &mut Frame<'_>, looks: &mut impl Appearance) {
        let gone = |path: &Path| path.lost && path.id.is_some();
        let paths = frame.unpaired(&self.paths, gone);
        let strong = frame.free(|s| s.score >= self.rules.strong_score);
        let mut gains = vec![vec![0.0; strong.len()]; paths.len()];
        for (row, path) in paths.iter().enumerate() {
            let Some(id) = self.paths[*path].id else {
                continue;
            };
            for (column, sighting) in strong.iter().enumerate() {
                let likeness = looks.likeness(id, *sighting);
                let alike = likeness.filter(|l| *l >= self.rules.least_likeness);
                gains[row][column] = alike.map_or(0.0, |l| l + 1.0);
            }
        }
        let pairs = assign(paths.len(), strong.len(), |r, c| Some(gains[r][c]));
        frame.keep(&paths, &strong, &pairs);
    }

    /// Moves the paths on, begins new ones and ends old ones.
    fn conclude(&mut self, frame: &Frame<'_>) -> Update {
        let mut update = Update {
            tracks: vec![None; frame.sightings.len()],
            changes: Vec::new(),
            left_out: frame.left_out,
        };
        let mut kept = Vec::with_capacity(self.paths.len());
        let paths = std::mem::take(&mut self.paths);
        for (path, sighting) in paths.into_iter().zip(&frame.sighting_of) {
            let path = match sighting {
                Some(sighting) => Some(self.go_on(path, frame, *sighting, &mut update)),
                None => self.miss(path, frame.at_us, &mut update.changes),
            };
            kept.extend(path);
        }
        for sighting in frame.free(|s| s.score >= self.rules.strong_score) {
            if kept.len() < Self::MOST {
                let path = Path::first(&frame.sightings[sighting], frame.at_us);
                kept.push(self.enter(path, sighting, &mut update));
            }
        }
        self.paths = kept;
        update
    }

    fn go_on(
        &mut self,
        path: Path,
        frame: &Frame<'_>,
        sighting: usize,
        update: &mut Update,
    ) -> Path {
        let mut path = path;
        let was_lost = path.see(&frame.sightings[sighting], frame.at_us);
        match path.id {
            Some(id) => {
                update.tracks[sighting] = Some(id);
                if was_lost {
                    update.changes.push(Change::Found(id));
                }
                path
            }
            None => self.enter(path, sighting, update),
        }
    }

    /// Gives a path its number once it was seen often enough.
    fn enter(&mut self, path: Path, sighting: usize, update: &mut Update) -> Path {
        let mut path = path;
        if path.sightings >= self.rules.sightings_to_enter {
            self.last_id += 1;
            let id = TrackId::new(self.last_id);
            path.id = Some(id);
            update.tracks[sighting] = Some(id);
            update.changes.push(Change::Entered(id));
        }
        path
    }

    /// A path that this frame does not show; `None` where it ends.
    fn miss(&self, path: Path, at_us: u64, changes: &mut Vec<Change>) -> Option<Path> {
        let id = path.id?;
        if path.unseen_us(at_us) >= self.rules.gone_after_us {
            changes.push(Change::Left(id));
            return None;
        }
        if !path.lost {
            changes.push(Change::Lost(id));
        }
        Some(Path { lost: true, ..path })
    }
}

impl Default for Tracker {
    fn default() -> Self {
        Self::new(TrackRules::default())
    }
}

/// One frame while its sightings are paired with paths.
struct Frame<'a> {
    at_us: u64,
    sightings: &'a [Sighting],
    /// The strongest sightings, as many as a frame may have.
    counted: Vec<usize>,
    left_out: usize,
    taken: Vec<bool>,
    /// Of each path.
    sighting_of: Vec<Option<usize>>,
    /// Of each path with each sighting.
    overlaps: Vec<Vec<f32>>,
}

impl<'a> Frame<'a> {
    fn new(at_us: u64, sightings: &'a [Sighting], paths: &[Path]) -> Self {
        let mut counted: Vec<usize> = (0..sightings.len()).collect();
        counted.sort_by(|a, b| sightings[*b].score.total_cmp(&sightings[*a].score));
        counted.truncate(Tracker::MOST);
        let row = |path: &Path| {
            let expected = path.expected(at_us);
            let shared = |sighting: &Sighting| overlap(&expected, &sighting.rect);
            sightings.iter().map(shared).collect()
        };
        Self {
            at_us,
            sightings,
            left_out: sightings.len() - counted.len(),
            counted,
            taken: vec![false; sightings.len()],
            sighting_of: vec![None; paths.len()],
            overlaps: paths.iter().map(row).collect(),
        }
    }

    /// Sightings that are nobody's yet.
    fn free(&self, wanted: impl Fn(&Sighting) -> bool) -> Vec<usize> {
        let all = self.counted.iter().copied();
        all.filter(|s| !self.taken[*s] && wanted(&self.sightings[*s]))
            .collect()
    }

    fn unpaired(&self, paths: &[Path], wanted: impl Fn(&Path) -> bool) -> Vec<usize> {
        let free = |p: &usize| self.sighting_of[*p].is_none() && wanted(&paths[*p]);
        (0..paths.len()).filter(free).collect()
    }

    /// Whether places leave open who this is: another face is expected there, or another detection lies where it is expected.
    fn is_open(&self, path: usize, sighting: usize) -> bool {
        let near = |shared: &f32| *shared >= STRONG_OVERLAP;
        let faces = self.overlaps.iter().map(|row| &row[sighting]);
        faces.filter(|s| near(s)).count() > 1
            || self.overlaps[path].iter().filter(|s| near(s)).count() > 1
    }

    fn keep(&mut self, rows: &[usize], columns: &[usize], pairs: &[Option<usize>]) {
        for (row, column) in rows.iter().zip(pairs) {
            if let Some(column) = column {
                self.sighting_of[*row] = Some(columns[*column]);
                self.taken[columns[*column]] = true;
            }
        }
    }
}
