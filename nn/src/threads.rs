//! How many threads one inference may use.

use crate::error::Cause;
use std::fmt;

#[cfg(feature = "threads")]
use std::sync::Arc;

/// Most threads of one inference.
pub const MAX_THREADS: usize = 64;

/// The threads of an inference: the caller's alone, or a pool that networks share. Cloning shares the pool.
///
/// The number of threads never changes a result: each value is computed by one thread, in the same order. Threads that
/// have nothing to do sleep. Several runners, each on one thread, use a processor better than several threads in one
/// runner; this is for a single camera that has several cores to itself.
#[derive(Clone, Default)]
pub struct Threads {
    #[cfg(feature = "threads")]
    pool: Option<Arc<Pool>>,
}

/// A pool that a forked child, which has none of its threads, neither wakes nor waits for.
#[cfg(feature = "threads")]
struct Pool {
    threads: Option<rayon::ThreadPool>,
    process: u32,
}

#[cfg(feature = "threads")]
impl Pool {
    fn new(threads: rayon::ThreadPool) -> Self {
        Self {
            threads: Some(threads),
            process: std::process::id(),
        }
    }

    /// The threads, where they exist.
    fn here(&self) -> Option<&rayon::ThreadPool> {
        let is_here = self.process == std::process::id();
        self.threads.as_ref().filter(|_| is_here)
    }
}

#[cfg(feature = "threads")]
impl Drop for Pool {
    fn drop(&mut self) {
        if self.here().is_none() {
            std::mem::forget(self.threads.take());
        }
    }
}

impl Threads {
    /// A pool of so many threads, 1 to [`MAX_THREADS`]; for one there is no pool.
    ///
    /// # Errors
    /// [`ThreadsRefused`] for another number, for more than one in a build without the feature `threads`, or when the
    /// system gives no threads.
    pub fn new(count: usize) -> Result<Self, ThreadsRefused> {
        if !(1..=MAX_THREADS).contains(&count) {
            return Err(ThreadsRefused::Count(count));
        }
        if count == 1 {
            return Ok(Self::default());
        }
        #[cfg(feature = "threads")]
        {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(count)
                .thread_name(|number| format!("vultus-{number}"))
                .build();
            let pool = pool.map_err(|cause| ThreadsRefused::System(Cause::new(cause)))?;
            Ok(Self {
                pool: Some(Arc::new(Pool::new(pool))),
            })
        }
        #[cfg(not(feature = "threads"))]
        Err(ThreadsRefused::NotBuilt)
    }

    #[cfg(feature = "threads")]
    fn here(&self) -> Option<&rayon::ThreadPool> {
        self.pool.as_deref().and_then(Pool::here)
    }

    /// How many there are; in a forked child, 1.
    #[must_use]
    pub fn count(&self) -> usize {
        #[cfg(feature = "threads")]
        if let Some(pool) = self.here() {
            return pool.current_num_threads();
        }
        1
    }

    /// Runs work that may [`join`](Self::join).
    pub(super) fn enter<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        #[cfg(feature = "threads")]
        if let Some(pool) = self.here() {
            return pool.install(work);
        }
        work()
    }

    /// Does two pieces of work, at the same time where a thread is free.
    pub(super) fn join(&self, a: impl FnOnce() + Send, b: impl FnOnce() + Send) {
        #[cfg(feature = "threads")]
        if self.here().is_some() {
            rayon::join(a, b);
            return;
        }
        a();
        b();
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Threads").field(&self.count()).finish()
    }
}

/// A number of threads that cannot be had.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ThreadsRefused {
    /// None or too many.
    Count(usize),
    /// More than one, in a build without the feature `threads`.
    NotBuilt,
    /// What the system answers.
    System(Cause),
}

impl fmt::Display for ThreadsRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "threads is {count}, allowed is 1 to {MAX_THREADS}"),
            Self::NotBuilt => f.write_str(
                "this build runs a network on one thread; rebuild with --features threads",
            ),
            Self::System(cause) => write!(f, "the system gives no threads: {cause}"),
        }
    }
}

impl std::error::Error for ThreadsRefused {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::System(cause) => cause.source(),
            Self::Count(_) | Self::NotBuilt => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_refused_on_both_sides_of_the_range() {
        assert_eq!(Threads::default().count(), 1);
        assert_eq!(Threads::new(1).expect("one").count(), 1);
        for count in [0, MAX_THREADS + 1, usize::MAX] {
            let refused = Threads::new(count).expect_err("refused");
            assert_eq!(refused, ThreadsRefused::Count(count));
            assert!(refused.to_string().contains("1 to 64"));
        }
        if cfg!(feature = "threads") {
            assert_eq!(Threads::new(3).expect("three").count(), 3);
        } else {
            let refused = Threads::new(2).expect_err("refused");
            assert_eq!(refused, ThreadsRefused::NotBuilt);
        }
    }

    #[cfg(feature = "threads")]
    #[test]
    fn a_pool_of_another_process_is_neither_used_nor_ended() {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        let foreign = Threads {
            pool: Some(Arc::new(Pool {
                threads: Some(threads.expect("two")),
                process: std::process::id() + 1,
            })),
        };
        assert_eq!(foreign.count(), 1);
        let here = std::thread::current().id();
        assert_eq!(foreign.enter(|| std::thread::current().id()), here);
        let (mut a, mut b) = (None, None);
        foreign.join(
            || a = Some(std::thread::current().id()),
            || b = Some(std::thread::current().id()),
        );
        assert_eq!((a, b), (Some(here), Some(here)));
        drop(foreign);
        let own = Threads::new(2).expect("two");
        assert_ne!(own.enter(|| std::thread::current().id()), here);
    }
}
