//! Streams that were cut, changed, put together anew, or written with the key by an attacker.

use super::format::{CHUNK, ExportKey, HEADER_BYTES};
use super::read::Opener;
use super::write::Sealer;
use crate::error::Coded;
use crate::gallery::store::{StoreError, Table};
use ring::digest;

type Records = Vec<(Table, Vec<u8>, Vec<u8>)>;

fn key() -> ExportKey {
    ExportKey::new([5; 32])
}

fn sealed(records: &Records, counted: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sink = Sealer::begin(&key(), &[1; 32], &mut out).unwrap();
    for (table, key, record) in records {
        sink.record(*table, key, record).unwrap();
    }
    sink.finish(counted).unwrap();
    out
}

fn opened(key: &ExportKey, mut bytes: &[u8]) -> Result<Records, StoreError> {
    let mut source = Opener::begin(key, &mut bytes)?;
    let mut records = Records::new();
    while let Some(record) = source.record()? {
        records.push(record);
    }
    Ok(records)
}

fn answer(bytes: &[u8]) -> &'static str {
    opened(&key(), bytes).map_or_else(|error| error.status().name(), |_| "OK")
}

/// Records that fill three chunks and something.
fn records() -> Records {
    vec![
        (Table::Person, b"p1".to_vec(), b"Ann".to_vec()),
        (Table::Crop, b"f1".to_vec(), vec![7; 3 * CHUNK]),
        (Table::Person, b"p2".to_vec(), Vec::new()),
    ]
}

#[test]
fn records_come_back_in_order() {
    for records in [records(), Records::new()] {
        let bytes = sealed(&records, records.len() as u64);
        assert_eq!(opened(&key(), &bytes).unwrap(), records);
    }
    // Records that fill chunks to the last byte: the last chunk is never empty.
    for gap in 0..40 {
        let records = vec![(Table::Crop, b"f".to_vec(), vec![1; CHUNK - gap])];
        assert_eq!(opened(&key(), &sealed(&records, 1)).unwrap(), records);
    }
}

#[test]
fn nothing_but_the_whole_stream_opens() {
    let bytes = sealed(&records(), 3);
    let sealed_chunk = CHUNK + 16;
    for length in (0..bytes.len()).filter(|i| i % 997 == 0 || *i < 600) {
        assert_eq!(answer(&bytes[..length]), "ExportCorrupt", "{length} bytes");
    }
    for chunks in 1..=3 {
        let length = HEADER_BYTES + chunks * sealed_chunk;
        assert_eq!(answer(&bytes[..length]), "ExportCorrupt", "{chunks} chunks");
    }
    let bits = (0..bytes.len() * 8).filter(|bit| bit % 1999 == 0 || *bit < HEADER_BYTES * 8);
    for bit in bits {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(answer(&changed), "ExportCorrupt", "bit {bit}");
    }
    let (header, chunks) = bytes.split_at(HEADER_BYTES);
    let chunks: Vec<&[u8]> = chunks.chunks(sealed_chunk).collect();
    let orders: [&[usize]; 5] = [
        &[1, 0, 2, 3],
        &[0, 2, 3],
        &[0, 1, 1, 2, 3],
        &[3],
        &[0, 1, 3],
    ];
    for order in orders {
        let mut mixed = header.to_vec();
        mixed.extend(order.iter().flat_map(|&i| chunks[i]));
        assert_eq!(answer(&mixed), "ExportCorrupt", "{order:?}");
    }
    let longer = [&bytes[..], b"x"].concat();
    assert_eq!(answer(&longer), "ExportCorrupt");
}

#[test]
fn another_key_is_named() {
    let bytes = sealed(&records(), 3);
    let refused = opened(&ExportKey::new([6; 32]), &bytes).unwrap_err();
    assert_eq!(refused.status().name(), "ExportKeyWrong");
    let mut newer = bytes;
    newer[4] = 2;
    let sum = digest::digest(&digest::SHA256, &newer[..56]);
    newer[56..HEADER_BYTES].copy_from_slice(&sum.as_ref()[..12]);
    assert_eq!(answer(&newer), "ExportVersionMismatch");
    assert_eq!(format!("{:?}", key()), "ExportKey(..)");
}

#[test]
fn whoever_has_the_key_still_writes_no_impossible_record() {
    let person = |length: usize| vec![(Table::Person, vec![1; length], Vec::new())];
    assert_eq!(answer(&sealed(&person(256), 1)), "OK");
    assert_eq!(answer(&sealed(&person(257), 1)), "ExportCorrupt");
    let large = |table: Table, length: usize| vec![(table, b"k".to_vec(), vec![1; length])];
    assert_eq!(answer(&sealed(&large(Table::Face, 1 << 20), 1)), "OK");
    assert_eq!(
        answer(&sealed(&large(Table::Face, (1 << 20) + 1), 1)),
        "ExportCorrupt"
    );
    assert_eq!(answer(&sealed(&large(Table::Crop, 4 << 20), 1)), "OK");
    assert_eq!(
        answer(&sealed(&large(Table::Crop, (4 << 20) + 1), 1)),
        "ExportCorrupt"
    );
    // One record fewer than counted: it was left out on the way.
    assert_eq!(answer(&sealed(&person(3), 2)), "ExportCorrupt");
}
