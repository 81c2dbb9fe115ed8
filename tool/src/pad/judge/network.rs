//! Networks of liveness: out of a pack, and working memory for those who ask them.

use crate::args::PackArgs;
use crate::context::pack_folder;
use crate::failure::{CliResult, Failure, WithFile};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use vultus::internals::model::{Pack, PackNetwork, Role};
use vultus_nn::Runner;

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

/// Working memory of one network, for as many threads as there were at once.
#[derive(Default)]
pub(super) struct Runners {
    idle: Mutex<Vec<Box<dyn Runner>>>,
}

impl Runners {
    /// Asks with what lies idle, or with what is made where nothing does.
    pub(super) fn lend<T>(
        &self,
        make: impl FnOnce() -> CliResult<Box<dyn Runner>>,
        ask: impl FnOnce(&mut dyn Runner) -> CliResult<T>,
    ) -> CliResult<T> {
        // A thread that panicked took its memory with it: what is left is whole.
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let free = idle().pop();
        let mut runner = match free {
            Some(runner) => runner,
            None => make()?,
        };
        let answer = ask(&mut *runner)?;
        idle().push(runner);
        Ok(answer)
    }
}
