//! The core through its interface and, with the feature `internals`, the stages behind it. One program, because each
//! would link the whole core.
#![allow(clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

mod documents;
mod frames;
mod gallery_disk;
mod gallery_exchange;
mod gallery_hostile;
mod gallery_photos;
mod gallery_power_cut;
mod grants;
mod liveness_colour;
mod liveness_depth;
mod liveness_infrared;
mod liveness_refusals;
mod liveness_session;
mod pack_signatures;
mod packs;
mod photographs;
mod quality;
mod quality_rules;
