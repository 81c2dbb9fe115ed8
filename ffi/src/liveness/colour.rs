//! Liveness by colour frames alone.

use super::verdict::vultus_liveness;
use crate::detect::{face_at, vultus_faces};
use crate::fence::fence;
use crate::frame::colour::{lent_frame, vultus_frame};
use crate::handle::{exclusive, shared};
use crate::pod::OutStruct;
use crate::session::vultus_session;

/// The liveness of a face that was found in this colour frame, by the frame alone. This is the tier for
/// convenience: a good screen, or a print whose edge is outside the picture, passes.
///
/// Errors: VULTUS_ERROR_NOT_ENTITLED for a licence without monocular liveness;
/// VULTUS_ERROR_FEATURE_NOT_AVAILABLE for a pack without networks for it, such as lite;
/// VULTUS_ERROR_MODEL_NETWORK_INVALID; VULTUS_ERROR_LICENCE_EXPIRED.
///
/// ```c
/// vultus_liveness answer = {0};
/// answer.struct_size = sizeof answer;
/// code = vultus_session_liveness_colour(session, &frame, faces, 0, &answer);
/// if (code == VULTUS_OK && answer.verdict == VULTUS_LIVE)
///     go_on();
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_liveness_colour(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    faces: *const vultus_faces,
    index: u32,
    answer: *mut vultus_liveness,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, frame, faces, out) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                shared(faces, "faces")?,
                OutStruct::at(answer, "answer")?,
            )
        };
        let face = face_at(&faces, index)?;
        let judge = session.sdk.liveness_colour()?;
        let said = session.liveness_colour(&judge, &frame, face)?;
        out.set(vultus_liveness {
            timestamp_us: frame.layout().timestamp_us,
            ..vultus_liveness::new(said.verdict, said.score, said.evidence)
        });
        Ok(())
    })
}
