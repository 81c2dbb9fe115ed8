//! Searching groups: 1:N.

use super::group_ids::group_ids;
use super::library::vultus_gallery;
use super::matcher::vultus_matcher;
use crate::embedding::vultus_embedding;
use crate::fence::fence;
use crate::handle::shared;
use crate::misuse::Misuse;
use crate::pod::{self, OutArray, OutList, OutStruct, pod};
use crate::strings::{copy_name, vultus_str};
use std::ffi::c_char;
use std::fmt;
use vultus::Score;
use vultus::config::TargetFpir;
use vultus::error::Result;
use vultus::gallery::{Against, Candidate, FaceId, SearchDecision, SearchOptions, SearchResult};

/// Compares with every face on its own; a person counts with the closest.
pub const VULTUS_AGAINST_FACES: u32 = 1;
/// Compares with one feature a person: that of their only face, or all of them fused.
pub const VULTUS_AGAINST_PERSONS: u32 = 2;

/// How to search.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_search_options {
    /// `sizeof(vultus_search_options)`.
    pub struct_size: u32,
    /// VULTUS_AGAINST_FACES, the default, or VULTUS_AGAINST_PERSONS.
    pub against: u32,
    /// Share of strangers that may be given a name (FPIR), above 0 and below 1; by default 1e-3. The
    /// threshold follows from it and from the number of faces.
    pub fpir: f64,
    /// Leaves out candidates below this score, 0 to 100; by default 0. The threshold stays.
    pub min_score: f64,
}
pod!(vultus_search_options {
    against: VULTUS_AGAINST_FACES,
    fpir: 1e-3,
    min_score: 0.0,
});

/// A person who resembles the probe.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct vultus_candidate {
    /// `sizeof(vultus_candidate)`, set by the caller in the first entry of an array.
    pub struct_size: u32,
    /// 1 where `face` is the closest face; 0 where several were fused.
    pub has_face: u32,
    /// The number of their closest face; else 0.
    pub face: u64,
    /// Calibrated 1:1 score of the cosine, 0 to 100.
    pub score: f64,
    /// Cosine of the probe and that feature, -1 to 1.
    pub cosine: f32,
    /// The person's id, NUL-terminated.
    pub person: [c_char; 68],
}
pod!(vultus_candidate {
    has_face: 0,
    face: 0,
    score: 0.0,
    cosine: 0.0,
    person: [0; 68],
});

impl fmt::Debug for vultus_candidate {
    /// Leaves out the person's id: it is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("vultus_candidate")
            .field("has_face", &self.has_face)
            .field("face", &self.face)
            .field("score", &self.score)
            .field("cosine", &self.cosine)
            .finish_non_exhaustive()
    }
}

impl From<&Candidate> for vultus_candidate {
    fn from(candidate: &Candidate) -> Self {
        Self {
            has_face: u32::from(candidate.face.is_some()),
            face: candidate.face.map_or(0, FaceId::get),
            score: candidate.score.get(),
            cosine: candidate.cosine,
            person: copy_name(candidate.person.as_str()),
            ..Self::default()
        }
    }
}

/// The outcome of a search.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_found {
    /// `sizeof(vultus_found)`, set by the caller.
    pub struct_size: u32,
    /// 1 when it is the first candidate: it reaches the threshold, and no other person is nearly as similar. 0 for
    /// an unknown person, and where `is_ambiguous` is 1.
    pub is_named: u32,
    /// The score that a candidate has to reach to be named.
    pub threshold: f64,
    /// Upper bound of the share of strangers whom such a search names.
    pub expected_fpir: f64,
    /// Features that were compared.
    pub searched: u32,
    /// Candidates that were written.
    pub candidates: u32,
    /// 1 when the first candidate reaches the threshold and another person is so similar that it may be either:
    /// twins, or one person enrolled twice. Nobody is named then.
    pub is_ambiguous: u32,
    /// 1 when there is another person, and the margin says something.
    pub has_margin: u32,
    /// The best cosine less the best one of another person, 0 to 2.
    pub margin_cosine: f64,
    /// The same in decibels of false match rate: 10 is ten times rarer, and less than that is ambiguous. Scores end
    /// where the calibration set does; this goes on.
    pub margin_decibels: f64,
}
pod!(vultus_found {
    is_named: 0,
    threshold: 0.0,
    expected_fpir: 0.0,
    searched: 0,
    candidates: 0,
    is_ambiguous: 0,
    has_margin: 0,
    margin_cosine: 0.0,
    margin_decibels: 0.0,
});

impl From<&SearchResult> for vultus_found {
    fn from(found: &SearchResult) -> Self {
        // A gallery holds ten million faces at most.
        Self {
            is_named: u32::from(found.decision == SearchDecision::Named),
            threshold: found.threshold.get(),
            expected_fpir: found.expected_fpir,
            searched: found.searched as u32,
            candidates: found.candidates.len() as u32,
            is_ambiguous: u32::from(found.decision == SearchDecision::Ambiguous),
            has_margin: u32::from(found.margin.is_some()),
            margin_cosine: found.margin.map_or(0.0, |margin| f64::from(margin.cosine)),
            margin_decibels: found.margin.map_or(0.0, |margin| margin.decibels),
            ..Self::default()
        }
    }
}

/// Fills in the defaults.
///
/// ```c
/// vultus_search_options options = {0};
/// options.struct_size = sizeof options;
/// code = vultus_search_options_default(&options);
/// options.fpir = 1e-2;
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_search_options_default(options: *mut vultus_search_options) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        unsafe { OutStruct::at(options, "options")? }.set(vultus_search_options::default());
        Ok(())
    })
}

/// The persons of 1 to 100 groups who are most similar to the probe, best first: at most `capacity`, which
/// is 1 to 100; `count` says how many there are. Exact; a person in several groups counts once.
///
/// `found` says who it is: where `is_named` is 1 it is the first candidate. Where `is_ambiguous` is 1 it may be
/// the first or the next one, and nobody is named. Otherwise it is an unknown person, however similar the first
/// candidate is.
///
/// Errors: 433, 446, 468, 469, VULTUS_ERROR_INVALID_PARAMETER naming the option or a group that is
/// named twice, VULTUS_ERROR_ACROSS_VERSIONS, VULTUS_ERROR_CALIBRATION_INSUFFICIENT when the pack
/// cannot support the threshold, VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_str groups[] = { vultus_str_of("staff") };
/// vultus_candidate candidates[5] = {{0}};
/// vultus_found found = {0};
/// size_t count;
/// candidates[0].struct_size = sizeof candidates[0];
/// found.struct_size = sizeof found;
/// code = vultus_gallery_search(gallery, matcher, probe, groups, 1, &options,
///                              candidates, 5, &count, &found);
/// if (code == VULTUS_OK && found.is_named)
///     greet(candidates[0].person);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_search(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    probe: *const vultus_embedding,
    groups: *const vultus_str,
    group_count: usize,
    options: *const vultus_search_options,
    candidates: *mut vultus_candidate,
    capacity: usize,
    count: *mut usize,
    found: *mut vultus_found,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let (gallery, matcher, probe) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                shared(probe, "probe")?,
            )
        };
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (groups, (against, mut options), list, out) = unsafe {
            (
                group_ids(groups, group_count)?,
                search_options(options, "options")?,
                OutList::at(candidates, capacity, count, "candidates")?,
                OutStruct::at(found, "found")?,
            )
        };
        options.top = list.capacity();
        let snapshot = gallery.snapshot();
        let answer = snapshot.search(&matcher, &probe, &groups, against, &options)?;
        list.put(answer.candidates.iter().map(vultus_candidate::from))?;
        out.set((&answer).into());
        Ok(())
    })
}

/// As `vultus_gallery_search`, answering for each of 1 to 60 groups on its own: `found` has one entry for
/// each group, in their order, and `candidates` room for `top` (1 to 10) for each: those of group i begin
/// at entry i times `top`, and its `found` says how many there are.
///
/// The threshold follows from the faces of all the groups together, so that the rate holds for the whole
/// call; each answer's `expected_fpir` is its own share of it.
///
/// Errors: as `vultus_gallery_search`.
///
/// ```c
/// vultus_str groups[] = { vultus_str_of("staff"), vultus_str_of("visitors") };
/// vultus_candidate candidates[2 * 3] = {{0}};
/// vultus_found found[2] = {{0}};
/// candidates[0].struct_size = sizeof candidates[0];
/// found[0].struct_size = sizeof found[0];
/// code = vultus_gallery_search_by_group(gallery, matcher, probe, groups, 2, &options, 3,
///                                       candidates, found);
/// if (code == VULTUS_OK && found[1].is_named)
///     greet(candidates[1 * 3].person);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_search_by_group(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    probe: *const vultus_embedding,
    groups: *const vultus_str,
    group_count: usize,
    options: *const vultus_search_options,
    top: u32,
    candidates: *mut vultus_candidate,
    found: *mut vultus_found,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let (gallery, matcher, probe) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                shared(probe, "probe")?,
            )
        };
        let top = top as usize;
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (groups, (against, mut options)) = unsafe {
            (
                group_ids(groups, group_count)?,
                search_options(options, "options")?,
            )
        };
        let room = group_count.saturating_mul(top).max(1);
        // SAFETY: the same; so many entries are asked for above.
        let (list, out) = unsafe {
            (
                OutArray::fixed(candidates, room, "candidates")?,
                OutArray::fixed(found, group_count.max(1), "found")?,
            )
        };
        options.top = top;
        let snapshot = gallery.snapshot();
        let answers = snapshot.search_by_group(&matcher, &probe, &groups, against, &options)?;
        for (group, (_, answer)) in answers.iter().enumerate() {
            for (n, candidate) in answer.candidates.iter().enumerate() {
                list.set(group * top + n, candidate.into());
            }
            out.set(group, answer.into());
        }
        Ok(())
    })
}

/// Options of a struct, checked, without how many persons to return.
///
/// # Safety
/// As for [`pod::read`].
unsafe fn search_options(
    options: *const vultus_search_options,
    name: &'static str,
) -> Result<(Against, SearchOptions)> {
    // SAFETY: as asked of the caller.
    let options = unsafe { pod::read(options, name)? };
    let against = match options.against {
        VULTUS_AGAINST_FACES => Against::Faces,
        VULTUS_AGAINST_PERSONS => Against::Persons,
        other => return Err(Misuse::choice("against", other, "1 and 2").into()),
    };
    let chosen = SearchOptions {
        fpir: TargetFpir::new(options.fpir)?,
        min_score: Some(Score::new(options.min_score)?),
        ..SearchOptions::default()
    };
    Ok((against, chosen))
}
