//! Damaged galleries and galleries with records exchanged, replayed and taken away: a named error,
//! never a wrong answer, and what is intact can be saved.

use redb::{Database, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition};
use std::io;
use vultus::gallery::store::{Batch, RawFile, Secret, Store, StoreError, Table};
use vultus_testkit::disk::Disk;
use vultus_testkit::gallery::{Content, gallery, open, read_all, secret, status};

const RECORDS: TableDefinition<'static, &'static [u8; 17], &'static [u8]> =
    TableDefinition::new("records");
const BODIES: TableDefinition<'static, &'static [u8; 17], &'static [u8]> =
    TableDefinition::new("bodies");
const FACTS: TableDefinition<'static, u8, &'static [u8]> = TableDefinition::new("facts");

/// A disk as redb wants it.
#[derive(Debug)]
struct RedbDisk(Disk);

impl StorageBackend for RedbDisk {
    fn len(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_size(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

/// The tables behind the store's back.
fn tables(disk: Disk) -> Database {
    Database::builder()
        .create_with_backend(RedbDisk(disk))
        .unwrap()
}

/// Changes a closed gallery's tables as somebody without the secret can.
fn tamper(bytes: &[u8], act: impl FnOnce(&redb::WriteTransaction)) -> Vec<u8> {
    let disk = Disk::holding(bytes);
    let database = tables(disk.clone());
    let transaction = database.begin_write().unwrap();
    act(&transaction);
    transaction.commit().unwrap();
    database.close().unwrap();
    disk.bytes()
}

/// Every sealed record, by its key on disk.
fn sealed(bytes: &[u8]) -> Vec<([u8; 17], Vec<u8>)> {
    let database = tables(Disk::holding(bytes));
    let table = database.begin_read().unwrap().open_table(RECORDS).unwrap();
    let rows = table.iter().unwrap().map(Result::unwrap);
    rows.map(|(key, value)| (*key.value(), value.value().to_vec()))
        .collect()
}

fn fact(bytes: &[u8], number: u8) -> Vec<u8> {
    let database = tables(Disk::holding(bytes));
    let table = database.begin_read().unwrap().open_table(FACTS).unwrap();
    table.get(number).unwrap().unwrap().value().to_vec()
}

fn put(transaction: &redb::WriteTransaction, key: &[u8; 17], value: &[u8]) {
    let mut table = transaction.open_table(RECORDS).unwrap();
    table.insert(key, value).unwrap();
}

#[test]
fn exchanged_replayed_and_missing_records_are_seen() {
    let (old, _) = gallery(3);
    let disk = Disk::holding(&old);
    let (store, _) = open(&disk).unwrap();
    let mut batch = Batch::new();
    batch
        .put(Table::Person, b"employee-0000", b"Li Na".to_vec())
        .unwrap();
    batch.remove(Table::Person, b"employee-0001").unwrap();
    batch.put(Table::Crop, b"crop-0", vec![1; 50]).unwrap();
    store.commit(&batch).unwrap();
    store.close().unwrap();
    let new = disk.bytes();
    let (before, now) = (sealed(&old), sealed(&new));
    let persons: Vec<_> = now.iter().filter(|(key, _)| key[0] == 3).collect();
    let (a, b) = (persons[0], persons[1]);
    let (stale_key, stale) = before
        .iter()
        .find(|(key, value)| now.iter().any(|(k, v)| k == key && v != value))
        .unwrap();
    let (gone_key, gone) = before
        .iter()
        .find(|(key, _)| now.iter().all(|(k, _)| k != key))
        .unwrap();
    let refused = |what: &str, bytes: &[u8]| {
        let error = open(&Disk::holding(bytes)).unwrap_err();
        assert_eq!(status(&error), "GalleryCorrupt", "{what}: {error}");
    };
    refused(
        "two exchanged",
        &tamper(&new, |t| {
            put(t, &a.0, &b.1);
            put(t, &b.0, &a.1);
        }),
    );
    refused(
        "an earlier version",
        &tamper(&new, |t| put(t, stale_key, stale)),
    );
    refused(
        "a removed one put back",
        &tamper(&new, |t| put(t, gone_key, gone)),
    );
    refused(
        "one taken away",
        &tamper(&new, |t| {
            t.open_table(RECORDS).unwrap().remove(&a.0).unwrap();
        }),
    );
    refused(
        "all taken away",
        &tamper(&new, |t| {
            t.delete_table(RECORDS).unwrap();
        }),
    );
    refused("one made up", &tamper(&new, |t| put(t, &[3; 17], &a.1)));
    refused(
        "an unknown table",
        &tamper(&new, |t| put(t, &[9; 17], &a.1)),
    );
    refused(
        "a huge one",
        &tamper(&new, |t| put(t, &a.0, &vec![1; 6 << 20])),
    );
    refused("a short one", &tamper(&new, |t| put(t, &a.0, &[])));
    refused(
        "an earlier head",
        &tamper(&new, |t| {
            t.open_table(FACTS)
                .unwrap()
                .insert(1, &fact(&old, 1)[..])
                .unwrap();
        }),
    );
    // Another gallery with the same secret: its records, and its slot.
    let (other, _) = gallery(4);
    let (foreign_key, foreign) = &sealed(&other)[0];
    refused(
        "another gallery's",
        &tamper(&new, |t| put(t, foreign_key, foreign)),
    );
    refused(
        "another slot",
        &tamper(&new, |t| {
            t.open_table(FACTS)
                .unwrap()
                .insert(0, &fact(&other, 0)[..])
                .unwrap();
        }),
    );

    // Bodies of large records are looked at when they are read.
    let bodies = |bytes: &[u8]| {
        let database = tables(Disk::holding(bytes));
        let table = database.begin_read().unwrap().open_table(BODIES).unwrap();
        let rows = table.iter().unwrap().map(Result::unwrap);
        rows.map(|(key, value)| (*key.value(), value.value().to_vec()))
            .collect::<Vec<_>>()
    };
    for stale in bodies(&old) {
        let tampered = tamper(&new, |t| {
            let mut table = t.open_table(BODIES).unwrap();
            table.insert(&stale.0, &stale.1[..]).unwrap();
        });
        let unchanged = bodies(&new).contains(&stale);
        let opened = open(&Disk::holding(&tampered));
        assert_eq!(opened.is_ok(), unchanged);
    }
    let tampered = tamper(&new, |t| {
        t.delete_table(BODIES).unwrap();
        t.open_table(BODIES).unwrap();
    });
    let (store, _) = read_all(Disk::holding(&tampered).storage(), &secret(), []).unwrap();
    assert_eq!(
        status(&store.read(Table::Crop, b"crop-0").unwrap_err()),
        "GalleryCorrupt"
    );
    assert_eq!(status(&store.check().unwrap_err()), "GalleryCorrupt");
}

/// Opens a damaged gallery: the right content or a named error.
fn judge(bytes: &[u8], content: &Content, what: &str) -> bool {
    match open(&Disk::holding(bytes)) {
        Ok((_, found)) => {
            assert!(found == *content, "{what}: wrong content");
            true
        }
        Err(error) => {
            assert_eq!(status(&error), "GalleryCorrupt", "{what}: {error}");
            false
        }
    }
}

fn flip_bytes(step: usize) {
    let (bytes, content) = gallery(3);
    let (mut opened, mut refused) = (0, 0);
    // Where nothing was written, every 61st byte will do.
    let at = (0..bytes.len()).filter(|&i| bytes[i] != 0 || i % 61 == 0);
    for i in at.step_by(step) {
        let mut changed = bytes.clone();
        changed[i] ^= 1 << (i % 8);
        let fine = judge(&changed, &content, &format!("byte {i}"));
        *(if fine { &mut opened } else { &mut refused }) += 1;
    }
    println!(
        "{} bytes: {refused} flips refused, {opened} harmless",
        bytes.len()
    );
    assert!(refused > 0 && opened > 0);
}

#[test]
fn a_flipped_bit_is_refused_or_harmless() {
    flip_bytes(23);
}

#[test]
#[ignore = "takes minutes"]
fn every_flipped_byte_is_refused_or_harmless() {
    flip_bytes(1);
}

fn truncate(step: usize) {
    let (bytes, content) = gallery(3);
    let lengths = (0..bytes.len()).step_by(64 * step);
    let opened = lengths
        .clone()
        .filter(|&n| judge(&bytes[..n], &content, &format!("{n} bytes")));
    println!("{} of {} lengths open", opened.count(), lengths.count());
}

#[test]
fn a_truncated_file_is_refused() {
    truncate(16);
}

#[test]
#[ignore = "takes minutes"]
fn every_truncated_file_is_refused() {
    truncate(1);
}

#[test]
fn what_is_intact_is_saved_from_a_damaged_file() {
    let (bytes, content) = gallery(60);
    let save = |bytes: &[u8]| {
        let to = Disk::default();
        let from = Disk::holding(bytes);
        let (store, report) = Store::salvage(&from, to.storage(), &secret())?;
        store.check().unwrap();
        drop(store);
        let (_, saved) = open(&to).unwrap();
        assert!(
            saved
                .iter()
                .all(|(key, record)| content.get(key) == Some(record))
        );
        assert_eq!(from.bytes(), bytes, "the damaged file stays as it is");
        Ok::<_, StoreError>((saved.len(), report))
    };
    let (saved, report) = save(&bytes).unwrap();
    assert!(saved == content.len() && report.is_whole && report.lost() == Some(0));
    // Each page in turn is lost.
    let (mut all, mut some, mut none) = (0, 0, 0);
    for page in 0..bytes.len() / 4096 {
        let mut damaged = bytes.clone();
        damaged[page * 4096..][..4096].fill(0xA5);
        match save(&damaged) {
            Ok((saved, report)) if saved == content.len() => {
                // Without the head nobody can say so.
                assert!(report.is_whole || report.expected.is_none());
                all += 1;
            }
            Ok((saved, report)) => {
                assert!(!report.is_whole);
                if let Some(lost) = report.lost() {
                    assert_eq!(lost as usize, content.len() - saved);
                }
                some += 1;
            }
            Err(error) => {
                assert_eq!(status(&error), "GalleryCorrupt");
                none += 1;
            }
        }
    }
    println!("pages lost: {all} without harm, {some} with records, {none} with everything");
    assert!(all > 0 && some > 0 && none <= 4);
    // Any prefix: what lies in it.
    for length in (0..bytes.len()).step_by(bytes.len() / 40) {
        if let Ok((saved, report)) = save(&bytes[..length]) {
            assert!(saved < content.len() || report.is_whole);
        }
    }
    // A flipped bit in a record costs that record.
    let (key, value) = &sealed(&bytes)[30];
    let mut changed = value.clone();
    changed[20] ^= 1;
    let (saved, report) = save(&tamper(&bytes, |t| put(t, key, &changed))).unwrap();
    assert_eq!((saved, report.damaged), (content.len() - 1, 1));
    let other = Store::salvage(
        &Disk::holding(&bytes),
        Disk::default().storage(),
        &Secret::new([8; 32]),
    );
    assert_eq!(status(&other.unwrap_err()), "GallerySecretWrong");
}
