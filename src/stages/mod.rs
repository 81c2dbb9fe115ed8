//! The stages of one frame. None of them knows another; [`engine`](crate::engine) runs them.

pub mod align;
pub mod attribute;
pub mod detect;
pub mod embed;
pub mod liveness;
pub mod mesh;
pub mod pose;
pub mod quality;
