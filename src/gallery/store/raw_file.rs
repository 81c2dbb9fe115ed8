//! The bytes of a gallery, as the store reads, writes and locks them.

use std::fmt;
use std::io;
use std::ops::Bound;

/// Positions that a lock covers. Unbounded on both sides is the whole file.
pub type LockRange = (Bound<u64>, Bound<u64>);

/// Whom a lock keeps out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LockKind {
    /// Those who want an exclusive lock.
    Shared,
    /// Everybody else.
    Exclusive,
}

/// A file of bytes with positions from 0. Locks hold against other openers of the same file; a file
/// that nothing else can open needs none.
pub trait RawFile: fmt::Debug + Send + Sync + 'static {
    /// Its length in bytes.
    ///
    /// # Errors
    /// What the system says.
    fn size(&self) -> io::Result<u64>;

    /// Reads as many bytes as `out` has.
    ///
    /// # Errors
    /// [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) beyond the end, or what the system says.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;

    /// Writes bytes; the file becomes longer where they go beyond its end.
    ///
    /// # Errors
    /// What the system says.
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;

    /// Cuts the file or makes it longer; new bytes are 0.
    ///
    /// # Errors
    /// What the system says.
    fn set_size(&self, size: u64) -> io::Result<()>;

    /// Returns when everything written so far survives a power cut.
    ///
    /// # Errors
    /// What the system says. What the disk then holds is unknown.
    fn sync_data(&self) -> io::Result<()>;

    /// Gives up every lock. Called once, as the last call.
    ///
    /// # Errors
    /// What the system says.
    fn close(&self) -> io::Result<()> {
        Ok(())
    }

    /// Takes a lock without waiting; `false` when one that another opener holds conflicts with it.
    ///
    /// # Errors
    /// [`Unsupported`](io::ErrorKind::Unsupported), unless implemented; or what the system says.
    fn try_lock(&self, _range: LockRange, _kind: LockKind) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Gives up the lock that was taken over exactly this range.
    ///
    /// # Errors
    /// As [`try_lock`](Self::try_lock).
    fn unlock(&self, _range: LockRange) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Whether another opener holds a lock that an exclusive one would conflict with.
    ///
    /// # Errors
    /// As [`try_lock`](Self::try_lock).
    fn is_locked(&self, _range: LockRange) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
