//! Disks that fill up, fail or read short: a named error, and nothing lost that was acknowledged.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "common/disk.rs"]
mod disk;
#[path = "common/gallery.rs"]
mod gallery;

use disk::{Disk, Fault, Rng};
use gallery::{gallery, open, secret, status};
use std::io::ErrorKind;
use std::time::Instant;
use vultus::gallery::store::{Batch, FilePlace, Opening, Store, StoreError, Table, decode, encode};

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
        assert_eq!(store.count(Table::Face), 20);
        store.check().unwrap();
        store.commit(&batch).unwrap();
        assert_eq!(store.count(Table::Face), 80);
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

/// Nanoseconds that this thread has run.
fn cpu_time() -> u64 {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    times.split(' ').next().unwrap().parse().unwrap()
}

/// 50 000 faces of 512 numbers, in a file: the time until all are in memory.
#[test]
#[ignore = "writes 200 MB"]
fn fifty_thousand_faces_come_back_and_are_timed() {
    const FACES: u32 = 50_000;
    let folder = std::env::temp_dir().join(format!("vultus-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let place = || Box::new(FilePlace::new(folder.join("test.gallery")));
    let store = Store::create(place(), &secret()).unwrap();
    let mut rng = Rng(1);
    let mut batch = Batch::new();
    for i in 0..FACES {
        let values: Vec<f32> = (0..512).map(|_| rng.below(2001) as f32 / 1000.0).collect();
        batch
            .put(Table::Face, &i.to_le_bytes(), encode(&values).unwrap())
            .unwrap();
    }
    let start = (Instant::now(), cpu_time());
    store.commit(&batch).unwrap();
    let took = |what: &str, start: (Instant, u64)| {
        let cpu = (cpu_time() - start.1) as f64 / 1e6;
        println!(
            "{what}: {cpu:.0} ms of CPU, {:.0} ms",
            start.0.elapsed().as_secs_f64() * 1e3
        );
    };
    took("one commit of 50 000 faces", start);
    let mut single = Vec::new();
    for i in 0..20_u32 {
        let mut batch = Batch::new();
        batch
            .put(Table::Face, &i.to_le_bytes(), vec![1; 2100])
            .unwrap();
        let start = (Instant::now(), cpu_time());
        store.commit(&batch).unwrap();
        single.push((start.0.elapsed(), cpu_time() - start.1));
    }
    single.sort_unstable();
    println!("one face: {:?}", single[10]);
    store.close().unwrap();
    println!(
        "{} MB",
        std::fs::metadata(folder.join("test.gallery"))
            .unwrap()
            .len()
            >> 20
    );
    for _ in 0..5 {
        let mut values = Vec::with_capacity(512 * FACES as usize);
        let start = (Instant::now(), cpu_time());
        let store = Store::open(place(), &secret(), &Opening::default(), |_, key, record| {
            if u32::from_le_bytes(key.try_into().unwrap()) >= 20 {
                values.extend(decode::<Vec<f32>>(record)?);
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
        took("opened", start);
        drop(store);
        assert_eq!(values.len(), 512 * (FACES as usize - 20));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
