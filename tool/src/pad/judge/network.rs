//! Networks of liveness: out of a pack, and working memory for those who ask them.

use crate::args::PackArgs;
use crate::context::pack_folder;
use crate::failure::{CliResult, Failure, WithFile};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use vultus::internals::model::{Pack, PackNetwork, Role};
use vultus::internals::stages::liveness::Scratch;

/// The network of a role, and the folder of its pack.
pub(super) fn pack_network(pack: &PackArgs, role: Role) -> CliResult<(PathBuf, PackNetwork)> {
    let folder = pack_folder(pack)?;
    let opened = Pack::open(&folder)
        .map_err(Failure::from)
        .with_file(&folder)?;
    let network = opened.with_role(role).next().cloned();
    let network = network.ok_or_else(|| {
        let cause = format!("the pack has no network of the role {}", role.table());
        Failure::text(cause).about(&folder)
    })?;
    Ok((folder, network))
}

/// Working memory of judges, for as many threads as there were at once.
#[derive(Default)]
pub(super) struct Memories {
    idle: Mutex<Vec<Scratch>>,
}

impl Memories {
    /// Judges with what lies idle, or with new memory where nothing does.
    pub(super) fn lend<T>(&self, judge: impl FnOnce(&mut Scratch) -> T) -> T {
        // A thread that panicked took its memory with it: what is left is whole.
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let mut scratch = free.unwrap_or_default();
        let answer = judge(&mut scratch);
        idle().push(scratch);
        answer
    }
}
