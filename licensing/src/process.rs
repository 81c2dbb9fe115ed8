//! Which process something belongs to. A child that was forked has copies of what its parent opened: of the memory, of the
//! open files and of the locks that other threads held at that moment. It may use none of them.

use std::fmt;
use std::process;

/// A process, by its number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Process(u32);

impl Process {
    /// The one that runs this.
    #[must_use]
    pub fn current() -> Self {
        Self(process::id())
    }

    /// Whether it is the one that runs this.
    #[must_use]
    pub fn is_current(self) -> bool {
        self == Self::current()
    }

    /// Refuses every other process.
    ///
    /// # Errors
    /// [`ForkedProcess`].
    pub fn check(self) -> Result<(), ForkedProcess> {
        match self.is_current() {
            true => Ok(()),
            false => Err(ForkedProcess {
                opened_by: self.0,
                used_by: process::id(),
            }),
        }
    }
}

/// Something that one process opened was used in another one, forked from it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ForkedProcess {
    /// Number of the process that opened it.
    pub opened_by: u32,
    /// Number of the process that used it.
    pub used_by: u32,
}

impl fmt::Display for ForkedProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opened_by, used_by } = self;
        write!(
            f,
            "process {opened_by} opened it, and process {used_by}, forked from it, used it"
        )
    }
}

impl std::error::Error for ForkedProcess {}

/// A value that only the process that made it drops. In another one it is left as it is: dropping would write to files,
/// give up locks or wait for threads that are the parent's.
pub struct Owned<T> {
    process: Process,
    value: Option<T>,
}

impl<T> Owned<T> {
    /// The current process's.
    pub fn new(value: T) -> Self {
        Self {
            process: Process::current(),
            value: Some(value),
        }
    }

    /// The value, for the process that made it.
    ///
    /// # Errors
    /// [`ForkedProcess`].
    pub fn get(&self) -> Result<&T, ForkedProcess> {
        self.process.check()?;
        Ok(self
            .value
            .as_ref()
            .expect("it is taken out by drop and into_inner alone"))
    }

    /// The value itself, for the process that made it; in another one it is left as it is.
    ///
    /// # Errors
    /// [`ForkedProcess`].
    pub fn into_inner(mut self) -> Result<T, ForkedProcess> {
        self.process.check()?;
        Ok(self
            .value
            .take()
            .expect("it is taken out by drop and into_inner alone"))
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if !self.process.is_current() {
            std::mem::forget(self.value.take());
        }
    }
}

impl<T> fmt::Debug for Owned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Owned")
            .field(&self.process)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    struct Noted<'a>(&'a Cell<u32>);

    impl Drop for Noted<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    /// What was made by a process that is not this one.
    fn foreign<T>(value: T) -> Owned<T> {
        Owned {
            process: Process(process::id().wrapping_add(1)),
            value: Some(value),
        }
    }

    #[test]
    fn its_own_process_uses_and_drops_it_and_another_one_does_neither() {
        let dropped = Cell::new(0);
        let own = Owned::new(Noted(&dropped));
        assert!(own.get().is_ok());
        drop(own);
        assert_eq!(dropped.get(), 1);
        let other = foreign(Noted(&dropped));
        let refused = other.get().err().expect("refused");
        assert_eq!(refused.used_by, process::id());
        assert_eq!(refused.opened_by, process::id().wrapping_add(1));
        drop(other);
        assert!(foreign(Noted(&dropped)).into_inner().is_err());
        assert_eq!(dropped.get(), 1);
        assert!(Owned::new(Noted(&dropped)).into_inner().is_ok());
        assert_eq!(dropped.get(), 2);
    }
}
