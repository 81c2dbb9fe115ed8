//! Reading a state of a gallery and comparing it with its head.

use super::ahead::scan_ahead;
use super::db::ReadView;
use super::error::StoreError;
use super::head::Head;
use super::keys::Keys;
use super::seal::{DiskKey, Kind, Stamp, stamp_of, table_of};
use super::table::Table;
use std::collections::HashMap;

/// Opens every record and compares them with the head. The stamps of large records' bodies are
/// returned.
pub(super) fn visit_all<E: From<StoreError>>(
    snapshot: &ReadView,
    keys: &Keys,
    head: &Head,
    mut visit: impl FnMut(Table, &[u8], &[u8]) -> Result<(), E>,
) -> Result<HashMap<DiskKey, Stamp>, E> {
    let mut found = head.recount();
    let mut bodies = HashMap::new();
    let mut damaged = 0;
    scan_ahead(snapshot, |name, sealed| {
        let Some((table, stamp)) = table_of(name).zip(stamp_of(sealed)) else {
            damaged += 1;
            return Ok(());
        };
        let Some(opened) = keys.unseal(Kind::Record, name, sealed) else {
            damaged += 1;
            return Ok(());
        };
        found.add(keys, name, &stamp);
        if !table.is_large() {
            return visit(table, opened.key, opened.record);
        }
        match opened.record.try_into() {
            Ok(stamp) => drop(bodies.insert(*name, stamp)),
            Err(_) => damaged += 1,
        }
        Ok(())
    })?;
    let intact = found.records();
    let what = if damaged > 0 {
        "records are damaged"
    } else if found != *head {
        "records are missing or from an earlier time"
    } else {
        return Ok(bodies);
    };
    Err(E::from(StoreError::Corrupt {
        what,
        damaged,
        intact,
        source: None,
    }))
}

/// Table, key and body of a large record, which must be the version that the record names.
pub(super) fn read_body(
    snapshot: &ReadView,
    keys: &Keys,
    name: &DiskKey,
    stamp: &Stamp,
) -> Result<(Table, Vec<u8>, Vec<u8>), StoreError> {
    const DAMAGED: StoreError = StoreError::corrupt("a large record is damaged or missing");
    let mut sealed = snapshot.body(name)?.ok_or(DAMAGED)?;
    if stamp_of(&sealed) != Some(*stamp) {
        return Err(DAMAGED);
    }
    let opened = keys.unseal(Kind::Body, name, &mut sealed).ok_or(DAMAGED)?;
    let table = table_of(name).ok_or(DAMAGED)?;
    Ok((table, opened.key.to_vec(), opened.record.to_vec()))
}
