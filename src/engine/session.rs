//! The session of one thread: each operation on a frame is a method of it, in a file of its own beside this one.

use super::stages::Stages;
use super::workspace::Workspace;
use std::fmt;
use std::sync::Arc;

/// Working memory of one thread or camera, made by [`Sdk::session`](crate::Sdk::session). Sending it to another thread is
/// fine, sharing it is not.
pub struct Session {
    pub(super) stages: Arc<Stages>,
    pub(super) work: Workspace,
}

impl Session {
    pub(crate) fn new(stages: &Arc<Stages>) -> Self {
        Self {
            stages: Arc::clone(stages),
            work: Workspace::new(stages.detectors.len()),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}
