//! Small files that survive a power cut: where a device keeps its licence and its state.
//!
//! What is assumed of the disk: a rename within a folder is atomic; what was synced stays; what was
//! not may be there wholly, partly or not at all.

mod atomic;
mod failure;
#[cfg(unix)]
mod folder;
mod traits;

pub(crate) use atomic::replace;
pub(crate) use failure::{unreadable, unwritable};
#[cfg(unix)]
pub use folder::Folder;
pub use traits::{Lock, Storage, StorageError};
