//! Disks that fill up, fail or read short: a named error, and nothing lost that was acknowledged.

use std::io::ErrorKind;
use vultus::gallery::store::{Batch, StoreError, Table};
use vultus_testkit::disk::{Disk, Fault};
use vultus_testkit::gallery::{gallery, open, status};

#[test]
fn a_full_disk_refuses_and_keeps_everything() {
    let (bytes, content) = gallery(20);
    let mut refusals = 0;
    for spare in 0..40 {
        let disk = Disk::holding(&bytes);
        let (store, _) = open(&disk).unwrap();
        disk.fail(Some(Fault::Full(disk.pages() + spare)));
        let mut batch = Batch::new();
        for i in 0..60_u8 {
            batch.put(Table::Face, &[i], vec![i; 1500]).unwrap();
        }
        let done = store.commit(&batch);
        disk.fail(None);
        let Err(error) = done else {
            continue;
        };
        refusals += 1;
        assert_eq!(status(&error), "StorageFull", "{spare} pages: {error}");
        // The same store goes on, with what it had.
        assert_eq!(store.count(Table::Face).unwrap(), 20);
        store.check().unwrap();
        store.commit(&batch).unwrap();
        assert_eq!(store.count(Table::Face).unwrap(), 80);
        drop(store);
        let (_, found) = open(&disk).unwrap();
        assert_eq!(found.len(), content.len() + 60);
    }
    assert!(refusals > 20, "{refusals}");
}

/// Fails one kind of step, the n-th and all later ones, and looks at what is left.
fn fail_each(fault: impl Fn(usize) -> Fault, allowed: &[&str]) {
    let (bytes, content) = gallery(3);
    let mut next = content.clone();
    next.insert((Table::Person, b"new".to_vec()), b"New".to_vec());
    let mut n = 0;
    loop {
        let disk = Disk::holding(&bytes);
        let (store, _) = open(&disk).unwrap();
        disk.fail(Some(fault(n)));
        let mut batch = Batch::new();
        batch.put(Table::Person, b"new", b"New".to_vec()).unwrap();
        let done = store.commit(&batch);
        disk.fail(None);
        if let Err(error) = &done {
            let name = status(error);
            assert!(allowed.contains(&name), "step {n}: {error}");
            if matches!(error, StoreError::Stopped(_)) {
                let refused = store.read(Table::Person, b"new").unwrap_err();
                assert_eq!(status(&refused), "StorageFailed");
            } else {
                assert_eq!(store.read(Table::Person, b"new").unwrap(), None);
            }
        }
        drop(store);
        let (_, found) = open(&disk).unwrap();
        let fits = found == next || (done.is_err() && found == content);
        assert!(fits, "step {n}");
        if done.is_ok() {
            break;
        }
        n += 1;
    }
    assert!(n > 0);
}

#[test]
fn a_failing_disk_is_named_and_loses_nothing() {
    let failed = ["StorageFailed"];
    fail_each(|n| Fault::Write(n, ErrorKind::Other), &failed);
    fail_each(Fault::Sync, &failed);
    let read_only = ["GalleryReadOnly", "StorageFailed"];
    fail_each(
        |n| Fault::Write(n, ErrorKind::ReadOnlyFilesystem),
        &read_only,
    );
}

#[test]
fn short_reads_are_named_and_lose_nothing() {
    let (bytes, content) = gallery(3);
    let disk = Disk::holding(&bytes);
    drop(open(&disk).unwrap());
    disk.fail(None);
    drop(open(&disk).unwrap());
    let reads = disk.reads();
    assert!(reads > 5);
    for n in 0..reads {
        disk.fail(Some(Fault::ShortRead(n)));
        let opened = open(&disk);
        disk.fail(None);
        if let Err(error) = opened {
            assert_eq!(status(&error), "GalleryCorrupt", "read {n}: {error}");
        }
        assert_eq!(open(&disk).unwrap().1, content, "read {n}");
    }
}
