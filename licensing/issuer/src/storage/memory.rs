//! Records in memory: for tests, and to try something out without a trace.

use super::{Appended, Storage};
use crate::error::IssuerError;
use crate::record::Record;
use std::sync::{Arc, Mutex, PoisonError};

/// A store that is gone with its last clone. Clones share their records.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage(Arc<Mutex<Vec<Record>>>);

impl MemoryStorage {
    /// A store of these records, whatever they are.
    #[must_use]
    pub fn of(records: Vec<Record>) -> Self {
        Self(Arc::new(Mutex::new(records)))
    }

    /// A copy of the records.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Storage for MemoryStorage {
    fn read(&mut self, from: u64, limit: u32) -> Result<Vec<Record>, IssuerError> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(records.iter().skip(from).take(limit).cloned().collect())
    }

    fn append(&mut self, record: &Record) -> Result<Appended, IssuerError> {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let follows = match records.last() {
            None => record.seq == 0,
            Some(last) => record.seq == last.seq + 1 && record.prev == last.hash,
        };
        if !follows {
            return Ok(Appended::Behind);
        }
        records.push(record.clone());
        Ok(Appended::Yes)
    }
}
