//! Reads records on a thread of its own, while the caller still opens those before: reading pages
//! and opening records cost about the same.

use super::db::ReadView;
use super::error::StoreError;
use super::seal::DiskKey;
use std::mem;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::{self, Builder};

/// Records travel in chunks of so many bytes, or one longer record.
const CHUNK_BYTES: usize = 256 << 10;
/// Chunks that wait at most: the reader waits then.
const WAITING: usize = 8;

#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    /// Each record's key and where its bytes end.
    records: Vec<(DiskKey, usize)>,
}

impl Chunk {
    fn push(&mut self, name: &DiskKey, sealed: &[u8]) {
        self.bytes.extend_from_slice(sealed);
        self.records.push((*name, self.bytes.len()));
    }

    /// Hands out its records and is empty afterwards.
    fn drain<E>(
        &mut self,
        mut visit: impl FnMut(&DiskKey, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut begin = 0;
        for (name, end) in self.records.drain(..) {
            visit(&name, &mut self.bytes[begin..end])?;
            begin = end;
        }
        self.bytes.clear();
        Ok(())
    }
}

/// Hands every sealed record to `visit`, in the order of their keys on disk, on this thread.
pub(super) fn scan_ahead<E: From<StoreError>>(
    snapshot: &ReadView,
    mut visit: impl FnMut(&DiskKey, &mut [u8]) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        // When `visit` fails, the receiver goes first, and the reader ends at its next chunk.
        let (full, receiver) = sync_channel(WAITING);
        let (empty, spare) = channel();
        let reader = Builder::new()
            .name("vultus-gallery".to_owned())
            .spawn_scoped(scope, || read(snapshot, full, spare))
            .map_err(StoreError::Io)?;
        for mut chunk in receiver {
            chunk.drain(&mut visit)?;
            // Fills again, unless the reader has come to the end.
            let _ = empty.send(chunk);
        }
        let read = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok(read?)
    })
}

fn read(
    snapshot: &ReadView,
    full: SyncSender<Chunk>,
    spare: Receiver<Chunk>,
) -> Result<(), StoreError> {
    let mut chunk = Chunk::default();
    snapshot.scan(|name, sealed| {
        chunk.push(name, sealed);
        if chunk.bytes.len() < CHUNK_BYTES {
            return ControlFlow::Continue(());
        }
        let next = spare.try_recv().unwrap_or_default();
        match full.send(mem::replace(&mut chunk, next)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    // Whoever does not listen any more has the reason.
    let _ = full.send(chunk);
    Ok(())
}
