//! Faces of a photograph where it is transparent.

use super::face::Face;
use crate::error::{Coded, Status};
use crate::frame::Frame;
use std::fmt;

/// The most of a face's rectangle that may be transparent: the corners beside a head that was cut
/// out of its background, and no more of a face than that.
const MOST: f32 = 0.1;

/// Refuses a face that a viewer may show otherwise than it was found: in front of another
/// background than white, something else shines through.
///
/// # Errors
/// [`TransparentFace`] with the share.
pub(super) fn check_opaque(frame: &Frame<'_>, face: &Face) -> Result<(), TransparentFace> {
    let share = frame.transparent_share(&face.rect);
    if share > MOST {
        return Err(TransparentFace { share });
    }
    Ok(())
}

/// More than a tenth of the pixels in the face's rectangle are not fully opaque in the photograph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TransparentFace {
    /// The share of them, 0 to 1.
    pub share: f32,
}

impl fmt::Display for TransparentFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} % of the face's rectangle is transparent, at most {:.0} % may be",
            (self.share * 100.0).ceil(),
            MOST * 100.0
        )
    }
}

impl std::error::Error for TransparentFace {}

impl Coded for TransparentFace {
    fn status(&self) -> Status {
        Status::FaceTransparent
    }
}
