//! Networks of liveness: out of a pack, and working memory for those who ask them.

use crate::failure::{Failure, Result};
use std::sync::{Mutex, PoisonError};
use vultus::internals::model::{Pack, PackNetwork, Role};
use vultus::internals::stages::liveness::Scratch;

/// The network of a role in a pack.
pub(super) fn pack_network(pack: &Pack, role: Role) -> Result<PackNetwork> {
    pack.with_role(role).next().cloned().ok_or_else(|| {
        let cause = format!("the pack has no network of the role {}", role.table());
        Failure::text(cause).about(pack.folder())
    })
}

/// Working memory of judges, for as many threads as there were at once.
#[derive(Default)]
pub(super) struct Memories {
    idle: Mutex<Vec<Scratch>>,
}

impl Memories {
    /// Judges with memory that lies idle, or with new memory where none does.
    pub(super) fn with_one<T>(&self, judge: impl FnOnce(&mut Scratch) -> T) -> T {
        // A thread that panicked took its memory with it: what is left is whole.
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let mut scratch = free.unwrap_or_default();
        let answer = judge(&mut scratch);
        idle().push(scratch);
        answer
    }
}
