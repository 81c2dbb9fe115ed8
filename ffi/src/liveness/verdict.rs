//! The answer of every kind of liveness.

use crate::fence::fence;
use crate::misuse::Misuse;
use crate::pod::pod;
use crate::strings::OutText;
use std::ffi::c_char;
use vultus::error::Result;
use vultus::liveness::{Check, Evidence, Liveness, Reason, Reasons};

/// Every check was made and passed.
pub const VULTUS_LIVE: u32 = 1;
/// At least one check speaks against a living face.
pub const VULTUS_SPOOF: u32 = 2;
/// Not known: the conditions are outside those in which the checks are valid. Do not open the door, and do
/// not treat it as an attack.
pub const VULTUS_INCONCLUSIVE: u32 = 3;

/// The answer of a liveness check: the verdict, its reasons, and the checks that passed. What each kind
/// stops, on what it was measured, and what it does not stop is in docs/liveness.md.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_liveness {
    /// `sizeof(vultus_liveness)`, set by the caller.
    pub struct_size: u32,
    /// VULTUS_LIVE, VULTUS_SPOOF or VULTUS_INCONCLUSIVE.
    pub verdict: u32,
    /// VULTUS_REASON_* added up: why it is a spoof, or cannot be judged.
    pub reasons: u32,
    /// VULTUS_CHECK_* added up: the checks that passed.
    pub evidence: u32,
    /// 1 when there is a score.
    pub has_score: u32,
    /// 0 to 1, on the scale of its kind: a probability for the data that it was fitted to, not for your
    /// installation.
    pub score: f32,
    /// How many frames it is based on: 1, or in a decision the number of frames that counted.
    pub frames: u32,
    /// 0.
    pub reserved: u32,
    /// Capture time of the frame that was judged, in microseconds.
    pub timestamp_us: u64,
}
pod!(vultus_liveness {
    verdict: VULTUS_INCONCLUSIVE,
    reasons: 0,
    evidence: 0,
    has_score: 0,
    score: 0.0,
    frames: 1,
    reserved: 0,
    timestamp_us: 0,
});

impl vultus_liveness {
    pub(super) fn new(verdict: Liveness, score: Option<f32>, evidence: Evidence) -> Self {
        let (verdict, reasons) = match verdict {
            Liveness::Live => (VULTUS_LIVE, Reasons::default()),
            Liveness::Spoof(reasons) => (VULTUS_SPOOF, reasons),
            Liveness::Inconclusive(reasons) => (VULTUS_INCONCLUSIVE, reasons),
        };
        Self {
            verdict,
            reasons: reasons.bits(),
            evidence: evidence.bits(),
            has_score: u32::from(score.is_some()),
            score: score.unwrap_or(0.0),
            ..Self::default()
        }
    }

    /// The verdict in a struct that the caller gives back.
    pub(super) fn verdict(&self) -> Result<Liveness> {
        let reasons = set("reasons", self.reasons, Reason::ALL, |r| r as u32)?;
        let reasons = reasons.into_iter().fold(Reasons::default(), Reasons::with);
        Ok(match self.verdict {
            VULTUS_LIVE => Liveness::Live,
            VULTUS_SPOOF => Liveness::Spoof(reasons),
            VULTUS_INCONCLUSIVE => Liveness::Inconclusive(reasons),
            other => return Err(Misuse::choice("verdict", other, "1 to 3").into()),
        })
    }

    pub(super) fn evidence(&self) -> Result<Evidence> {
        let checks = set("evidence", self.evidence, Check::ALL, |c| c as u32)?;
        Ok(checks.into_iter().fold(Evidence::default(), Evidence::with))
    }
}

/// The members of a set of bits; bits without a meaning are refused.
fn set<T: Copy>(
    name: &'static str,
    bits: u32,
    all: &[T],
    bit: impl Fn(T) -> u32,
) -> Result<Vec<T>> {
    let known = all.iter().copied().filter(|&one| bits & bit(one) != 0);
    let known: Vec<T> = known.collect();
    let sum: u32 = known.iter().map(|&one| bit(one)).sum();
    if sum == bits {
        return Ok(known);
    }
    Err(Misuse::choice(name, bits, "sums of its constants").into())
}

/// The name of one VULTUS_REASON_ constant, such as `too_far`.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number that is none of them alone;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char name[40];
/// size_t needed;
/// for (uint32_t bit = 1; bit != 0; bit <<= 1)
///     if ((answer.reasons & bit) && vultus_reason_name(bit, name, sizeof name, &needed) == VULTUS_OK)
///         show(name);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_reason_name(
    reason: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        let known = Reason::ALL.iter().find(|one| **one as u32 == reason);
        let known = known.ok_or(Misuse::choice(
            "reason",
            reason,
            "the VULTUS_REASON_ constants",
        ))?;
        out.put(known.name())
    })
}

/// The name of one VULTUS_CHECK_ constant, such as `nose_height`.
///
/// Errors: as `vultus_reason_name`.
///
/// ```c
/// char name[40];
/// size_t needed;
/// code = vultus_check_name(VULTUS_CHECK_NOSE_HEIGHT, name, sizeof name, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_check_name(
    check: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        let known = Check::ALL.iter().find(|one| **one as u32 == check);
        let known = known.ok_or(Misuse::choice(
            "check",
            check,
            "the VULTUS_CHECK_ constants",
        ))?;
        out.put(known.name())
    })
}
