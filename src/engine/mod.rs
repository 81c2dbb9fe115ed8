//! Runs the stages of one frame: the only module that sees them all. An operation is a method of [`Session`], with its body here.

mod crop;
mod detect;
mod embed;
#[cfg(feature = "internals")]
mod exercise;
mod face;
mod liveness;
mod quality;
mod session;
mod stages;
mod transparent;
mod workspace;

pub use crop::CROP_SIDE;
pub use embed::FaceWithoutMesh;
pub use face::{DetectOptions, Face, FindError, FoundFaces};
pub use quality::{MaskUnknown, NoMesh};
pub use session::Session;
pub(crate) use stages::Stages;
pub use transparent::TransparentFace;
