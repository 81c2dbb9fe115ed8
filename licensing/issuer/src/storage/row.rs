//! A record as a row of a database, and the checks on what comes back.

use crate::error::{Fault, IssuerError, StoreFault};
use crate::hash::Hash;
use crate::record::{BODY_MAX, Record};
use crate::signer::Signature;
use vultus_licensing::time::UnixSeconds;

/// Longest bytes that a query asks a column for: one more than fits, so that too long shows.
pub(super) const BODY_LIMIT: i32 = BODY_MAX as i32 + 1;
/// The same for hashes and signatures.
pub(super) const FIXED_LIMIT: i32 = 65;

/// The columns in the order of both databases' tables.
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) prev: Vec<u8>,
    pub(super) time: i64,
    pub(super) kind: i64,
    pub(super) body: Vec<u8>,
    pub(super) hash: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl Row {
    /// The record, if the columns have a record's sizes and ranges.
    pub(super) fn into_record(self) -> Result<Record, IssuerError> {
        let seq = u64::try_from(self.seq).unwrap_or(0);
        let broken = |what| IssuerError::Tampered {
            seq,
            fault: Fault::Content(what),
        };
        let hash = |bytes: Vec<u8>, what| bytes.try_into().map(Hash).map_err(|_| broken(what));
        if self.seq < 0 {
            return Err(broken("its place is negative"));
        }
        Ok(Record {
            seq,
            prev: hash(self.prev, "the hash before it")?,
            time: UnixSeconds(u64::try_from(self.time).map_err(|_| broken("its time"))?),
            kind: u8::try_from(self.kind).map_err(|_| broken("its kind"))?,
            body: if self.body.len() <= BODY_MAX {
                self.body
            } else {
                return Err(broken("it is too long"));
            },
            hash: hash(self.hash, "its hash")?,
            signature: Signature::try_from(self.signature).map_err(|_| broken("its signature"))?,
        })
    }
}

/// A count or a time as databases keep it.
pub(super) fn signed(value: u64) -> Result<i64, IssuerError> {
    Ok(i64::try_from(value).map_err(|_| StoreFault::Range(value))?)
}

/// The records up to the first row that is none; that row's fault only when it comes first, so
/// that a fault in an earlier record is found before it.
pub(super) fn up_to_fault(
    rows: impl Iterator<Item = Result<Record, IssuerError>>,
) -> Result<Vec<Record>, IssuerError> {
    let mut records = Vec::new();
    for row in rows {
        match row {
            Ok(record) => records.push(record),
            Err(error) if records.is_empty() => return Err(error),
            Err(_) => break,
        }
    }
    Ok(records)
}
