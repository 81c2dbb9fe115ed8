//! One answer from several frames of a track.

use super::verdict::vultus_liveness;
use crate::fence::fence;
use crate::handle::{OutHandle, exclusive, free, object};
use crate::numbers::flag;
use crate::pod::{self, OutStruct};
use vultus::TrackId;
use vultus::liveness::decision::{DecisionRules, FrameLiveness, TrackDecisions};

/// Decides over several frames of a face, for each track of one camera: one frame is wrong more often than
/// five in a row. An attack that the check cannot recognise passes in every frame.
#[derive(Debug)]
pub struct vultus_liveness_decision {
    _private: (),
}

object!(
    vultus_liveness_decision,
    TrackDecisions,
    b"vultDECI",
    Exclusive,
    Owned
);

/// A decision by `needed` of the newest `of` frames, 1 to 32, of which `needed` are more than half; all of
/// them within `within_us`, 100,000 to 10,000,000 microseconds. 3 of 5 within 1,500,000 is usual.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER naming the number and its range.
///
/// ```c
/// vultus_liveness_decision *decision = NULL;
/// code = vultus_liveness_decision_new(3, 5, 1500000, &decision);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_liveness_decision_new(
    needed: u32,
    of: u32,
    within_us: u64,
    out: *mut *mut vultus_liveness_decision,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        let out = unsafe { OutHandle::at(out, "out")? };
        let rules = DecisionRules::new(needed as usize, of as usize, within_us)?;
        out.give(TrackDecisions::new(rules));
        Ok(())
    })
}

/// Frees a decision; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_liveness_decision_free(decision: *mut vultus_liveness_decision) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(decision, "decision") });
}

/// Adds the answer for one frame, of any kind of liveness, and decides over it and those of its track before
/// it. `track` is the number of the face that the host tracks. Each track has a decision of its own, so that
/// faces whose frames alternate do not disturb one another: one handle serves a camera. 64 tracks are kept;
/// one more takes the place of the track that got no frame for longest. The capture time in `frame` is the
/// only clock that counts, and it must not go back within a track.
///
/// Live or spoof where enough frames agree, with their reasons; else inconclusive, with
/// VULTUS_REASON_TOO_FEW_FRAMES.
///
/// Errors: VULTUS_ERROR_SENSOR_FRAME_INVALID for a frame without a capture time or of an earlier one than
/// the last of its track; nothing changes then.
///
/// ```c
/// vultus_liveness decided = {0};
/// decided.struct_size = sizeof decided;
/// code = vultus_liveness_decision_add(decision, track, &answer, &decided);
/// if (code == VULTUS_OK && decided.verdict == VULTUS_LIVE)
///     open_door();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_liveness_decision_add(
    decision: *mut vultus_liveness_decision,
    track: u64,
    frame: *const vultus_liveness,
    decided: *mut vultus_liveness,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut decision, frame, out) = unsafe {
            (
                exclusive(decision, "decision")?,
                pod::read(frame, "frame")?,
                OutStruct::at(decided, "decided")?,
            )
        };
        let frame = FrameLiveness {
            timestamp_us: frame.timestamp_us,
            verdict: frame.verdict()?,
            score: flag(frame.has_score, "has_score")?.then_some(frame.score),
            evidence: frame.evidence()?,
        };
        let said = decision.add(TrackId::new(track), frame)?;
        out.set(vultus_liveness {
            frames: said.frames as u32,
            timestamp_us: frame.timestamp_us,
            ..vultus_liveness::new(said.verdict, said.score, said.evidence)
        });
        Ok(())
    })
}
