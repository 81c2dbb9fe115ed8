//! The stages of one frame. None of them knows another; [`engine`](crate::engine) runs them.

pub mod align;
pub mod attribute;
pub mod detect;
pub mod embed;
#[expect(
    missing_debug_implementations,
    reason = "some of its judges have no Debug yet"
)]
pub mod liveness;
pub mod mesh;
pub mod pose;
pub mod quality;
