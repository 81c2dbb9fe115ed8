//! Verifying persons: 1:1.

use super::library::vultus_gallery;
use super::matcher::vultus_matcher;
use crate::embedding::vultus_embedding;
use crate::fence::fence;
use crate::handle::shared;
use crate::pod::{OutStruct, pod};
use crate::strings::vultus_str;
use vultus::Embedding;
use vultus::config::TargetFmr;
use vultus::error::Result;
use vultus::gallery::{FaceId, Matcher, PersonId, Snapshot, Verified};

/// The outcome of a 1:1 verification.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_verification {
    /// `sizeof(vultus_verification)`, set by the caller.
    pub struct_size: u32,
    /// 1 when the score reaches the target.
    pub is_match: u32,
    /// 1 when the calibration set could not distinguish this score from a higher one.
    pub at_limit: u32,
    /// 1 where `face` is the closest face; 0 where several were fused.
    pub has_face: u32,
    /// The number of the closest face; else 0.
    pub face: u64,
    /// Calibrated score, 0 to 100.
    pub score: f64,
    /// False match rate of that score, of one comparison: where a person has k faces, a stranger has up to
    /// k chances.
    pub fmr: f64,
    /// Cosine, -1 to 1.
    pub cosine: f32,
    /// 0.
    pub reserved: u32,
}
pod!(vultus_verification {
    is_match: 0,
    at_limit: 0,
    has_face: 0,
    face: 0,
    score: 0.0,
    fmr: 1.0,
    cosine: 0.0,
    reserved: 0,
});

impl From<Verified> for vultus_verification {
    fn from(verified: Verified) -> Self {
        let comparison = verified.comparison;
        Self {
            is_match: u32::from(comparison.is_match),
            at_limit: u32::from(comparison.at_limit),
            has_face: u32::from(verified.face.is_some()),
            face: verified.face.map_or(0, FaceId::get),
            score: comparison.score.get(),
            fmr: comparison.fmr,
            cosine: comparison.cosine,
            ..Self::default()
        }
    }
}

/// Compares the probe with each face of a person; the closest counts. `fmr` is above 0 and below 1.
///
/// Errors: 453, VULTUS_ERROR_ACROSS_VERSIONS where none of their faces is of the probe's pack,
/// VULTUS_ERROR_CALIBRATION_INSUFFICIENT, VULTUS_ERROR_INVALID_PARAMETER, VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_verification verification = {0};
/// verification.struct_size = sizeof verification;
/// code = vultus_gallery_verify_face(gallery, matcher, vultus_str_of("E-17"), probe, 1e-5,
///                                   &verification);
/// if (code == VULTUS_OK && verification.is_match)
///     open_door();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_verify_face(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    person: vultus_str,
    probe: *const vultus_embedding,
    fmr: f64,
    verification: *mut vultus_verification,
) -> i32 {
    let verify = Snapshot::verify_face;
    // SAFETY: as the header's first page asks of handles, inputs and outputs.
    fence(|| unsafe { verified(gallery, matcher, person, probe, fmr, verification, verify) })
}

/// Compares the probe with the one feature of a person that is fused from all their faces.
///
/// Errors: as `vultus_gallery_verify_face`.
///
/// ```c
/// vultus_verification verification = {0};
/// verification.struct_size = sizeof verification;
/// code = vultus_gallery_verify_person(gallery, matcher, vultus_str_of("E-17"), probe, 1e-5,
///                                     &verification);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_verify_person(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    person: vultus_str,
    probe: *const vultus_embedding,
    fmr: f64,
    verification: *mut vultus_verification,
) -> i32 {
    let verify = Snapshot::verify_person;
    // SAFETY: as the header's first page asks of handles, inputs and outputs.
    fence(|| unsafe { verified(gallery, matcher, person, probe, fmr, verification, verify) })
}

/// Compares the probe with one person, by one of the snapshot's methods.
///
/// # Safety
/// As the header's first page asks of handles, inputs and outputs.
unsafe fn verified(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    person: vultus_str,
    probe: *const vultus_embedding,
    fmr: f64,
    verification: *mut vultus_verification,
    verify: fn(&Snapshot, &Matcher, &PersonId, &Embedding, TargetFmr) -> Result<Verified>,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (gallery, matcher, person, probe, out) = unsafe {
        (
            shared(gallery, "gallery")?,
            shared(matcher, "matcher")?,
            person.get("person")?,
            shared(probe, "probe")?,
            OutStruct::at(verification, "verification")?,
        )
    };
    let (person, fmr) = (PersonId::new(person)?, TargetFmr::new(fmr)?);
    out.set(verify(&gallery.snapshot(), &matcher, &person, &probe, fmr)?.into());
    Ok(())
}
