//! The commands: each reads its arguments, lets the library work, and prints. Commands of one folder share what is theirs;
//! what all share is in [`terminal`](crate::terminal).

pub(crate) mod calibrate;
pub(crate) mod compare;
pub(crate) mod detect;
pub(crate) mod embed;
pub(crate) mod eval;
pub(crate) mod gallery;
pub(crate) mod identify;
pub(crate) mod licence;
pub(crate) mod liveness;
pub(crate) mod models;
pub(crate) mod pad;
pub(crate) mod quality;
