//! 1:1 comparison.

use crate::embedding::vultus_embedding;
use crate::fence::fence;
use crate::handle::shared;
use crate::pod::{OutStruct, pod};
use crate::sdk::vultus_sdk;
use vultus::config::TargetFmr;
use vultus::error::Result;
use vultus::{Comparison, MaskState};

/// The outcome of a 1:1 comparison.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_comparison {
    /// `sizeof(vultus_comparison)`, set by the caller.
    pub struct_size: u32,
    /// 1 when the score reaches the target.
    pub is_match: u32,
    /// 1 when the calibration set could not distinguish this score from a higher one.
    pub at_limit: u32,
    /// Cosine of the two embeddings, -1 to 1.
    pub cosine: f32,
    /// Calibrated score, 0 to 100: 10 + 10 log10(1 / FMR).
    pub score: f64,
    /// False match rate of that score: the share of strangers who come at least as close.
    pub fmr: f64,
}
pod!(vultus_comparison {
    is_match: 0,
    at_limit: 0,
    cosine: 0.0,
    score: 0.0,
    fmr: 1.0,
});

impl From<Comparison> for vultus_comparison {
    fn from(comparison: Comparison) -> Self {
        Self {
            is_match: u32::from(comparison.is_match),
            at_limit: u32::from(comparison.at_limit),
            cosine: comparison.cosine,
            score: comparison.score.get(),
            fmr: comparison.fmr,
            ..Self::default()
        }
    }
}

/// Compares two embeddings of the SDK's pack at a target false match rate, above 0 and below 1; 1e-5
/// is usual.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a rate outside its range;
/// VULTUS_ERROR_ACROSS_VERSIONS for embeddings of another pack; VULTUS_ERROR_CALIBRATION_MISSING and
/// VULTUS_ERROR_CALIBRATION_INSUFFICIENT where the pack cannot support the rate;
/// VULTUS_ERROR_NOT_ENTITLED; VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_comparison comparison = {0};
/// comparison.struct_size = sizeof comparison;
/// code = vultus_sdk_compare(sdk, stored, probe, 1e-5, &comparison);
/// if (code == VULTUS_OK && comparison.is_match)
///     open_door();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_compare(
    sdk: *const vultus_sdk,
    a: *const vultus_embedding,
    b: *const vultus_embedding,
    fmr: f64,
    comparison: *mut vultus_comparison,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and outputs.
    fence(|| unsafe { compared(sdk, [a, b], fmr, comparison, MaskState::BARE) })
}

/// The same for embeddings of which at least one is of a face with a mask
/// (`vultus_session_mask`).
///
/// Errors: as `vultus_sdk_compare`; VULTUS_ERROR_CALIBRATION_MISSING for a pack without a curve for masks:
/// with the curve of bare faces the false match rate would be too high.
///
/// ```c
/// vultus_comparison comparison = {0};
/// comparison.struct_size = sizeof comparison;
/// code = vultus_sdk_compare_masked(sdk, stored, probe, 1e-4, &comparison);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_compare_masked(
    sdk: *const vultus_sdk,
    a: *const vultus_embedding,
    b: *const vultus_embedding,
    fmr: f64,
    comparison: *mut vultus_comparison,
) -> i32 {
    // SAFETY: as the header's first page asks of handles and outputs.
    fence(|| unsafe { compared(sdk, [a, b], fmr, comparison, MaskState::WORN) })
}

/// Compares by one of the SDK's methods.
///
/// # Safety
/// As the header's first page asks of handles and outputs.
unsafe fn compared(
    sdk: *const vultus_sdk,
    [a, b]: [*const vultus_embedding; 2],
    fmr: f64,
    comparison: *mut vultus_comparison,
    mask: MaskState,
) -> Result<()> {
    // SAFETY: as asked of the caller.
    let (sdk, a, b, out) = unsafe {
        (
            shared(sdk, "sdk")?,
            shared(a, "a")?,
            shared(b, "b")?,
            OutStruct::at(comparison, "comparison")?,
        )
    };
    out.set(sdk.compare(&a, &b, mask, TargetFmr::new(fmr)?)?.into());
    Ok(())
}
