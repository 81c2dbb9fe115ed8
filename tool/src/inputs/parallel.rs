//! Many photographs, on all processors.

use crate::failure::Result;
use crate::observer::{Observer, Progress};
use rayon::prelude::*;
use std::path::Path;
use vultus::{Sdk, Session};

/// Does the same with every photograph, on all processors, each with a session of its own. The answers are in the order
/// of the paths; `work` is what the observer is told that goes on.
///
/// # Errors
/// A failure of `one` ends the work, and so does a session that cannot be opened.
pub fn each_photograph<P, T>(
    sdk: &Sdk,
    paths: &[P],
    observer: &dyn Observer,
    work: &str,
    one: impl Fn(&mut Session, &Path) -> Result<T> + Sync,
) -> Result<Vec<T>>
where
    P: AsRef<Path> + Sync,
    T: Send,
{
    let progress = observer.begin(work, paths.len());
    each_of_some(sdk, paths, &*progress, one)
}

/// As [`each_photograph`], as a part of work that was begun.
///
/// # Errors
/// As [`each_photograph`].
pub fn each_of_some<P, T>(
    sdk: &Sdk,
    paths: &[P],
    progress: &dyn Progress,
    one: impl Fn(&mut Session, &Path) -> Result<T> + Sync,
) -> Result<Vec<T>>
where
    P: AsRef<Path> + Sync,
    T: Send,
{
    paths
        .par_iter()
        .map_init(
            || None,
            |session, path| {
                let answer = one(opened(session, sdk)?, path.as_ref());
                progress.advance(1);
                answer
            },
        )
        .collect()
}

/// The session of one worker, opened when it is first needed.
fn opened<'s>(session: &'s mut Option<Session>, sdk: &Sdk) -> Result<&'s mut Session> {
    Ok(match session {
        Some(session) => session,
        none => none.insert(sdk.session()?),
    })
}
