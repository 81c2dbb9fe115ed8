//! Exports, files of earlier versions, and what a thief reads.

use std::path::PathBuf;
use vultus::gallery::store::{Batch, ExportKey, Secret, Store, Table, decode};
use vultus_testkit::Rng;
use vultus_testkit::disk::Disk;
use vultus_testkit::gallery::{Content, crops, fill, gallery, open, read_all, secret, status};

/// Whether a run of bytes lies anywhere in others.
fn holds(bytes: &[u8], run: &[u8]) -> bool {
    bytes.windows(run.len()).any(|window| window == run)
}

#[test]
fn a_stolen_file_tells_nothing_readable() {
    let (bytes, content) = gallery(5);
    let disk = Disk::holding(&bytes);
    let (store, _) = open(&disk).unwrap();
    let mut export = Vec::new();
    store.export(&ExportKey::new([3; 32]), &mut export).unwrap();
    let mut plain = Vec::new();
    assert_eq!(
        store.export_unencrypted(&mut plain).unwrap(),
        content.len() as u64
    );
    drop(store);
    let plain = String::from_utf8(plain).unwrap();
    for ((table, key), record) in &content {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let line = format!(
            "{{\"table\":\"{table:?}\",\"key\":\"{}\",\"record\":\"{}\"}}",
            hex(key),
            hex(record)
        );
        assert!(plain.lines().any(|found| found == line), "{line}");
        for file in [&bytes, &export] {
            assert!(!holds(file, key), "an identifier");
            // Eight bytes: two values of an embedding, or a part of a name.
            for run in record.chunks_exact(8).step_by(5) {
                assert!(!holds(file, run), "{table:?}: a part of a record");
            }
        }
    }
    let face = content
        .iter()
        .find(|((table, _), _)| *table == Table::Face)
        .unwrap();
    assert_eq!(decode::<Vec<f32>>(face.1).unwrap().len(), 128);
}

#[test]
fn an_export_fills_another_gallery() {
    let (bytes, content) = gallery(5);
    let disk = Disk::holding(&bytes);
    let (store, _) = open(&disk).unwrap();
    let key = ExportKey::new([3; 32]);
    let mut export = Vec::new();
    assert_eq!(
        store.export(&key, &mut export).unwrap(),
        content.len() as u64
    );
    // Again into the same: everything is there.
    let imported = store
        .import(&key, &mut &export[..], |_, _, _| Ok(true))
        .unwrap();
    assert_eq!((imported.new, imported.same), (0, content.len() as u64));

    let other = Disk::default();
    let elsewhere = Secret::new([9; 32]);
    let target = Store::create(other.storage(), &elsewhere).unwrap();
    let skip = |table: Table, _: &[u8], _: &[u8]| Ok(table != Table::Person);
    let imported = target.import(&key, &mut &export[..], skip).unwrap();
    assert_eq!(
        (imported.new, imported.left_out),
        (content.len() as u64 - 5, 5)
    );
    assert_eq!(imported.anchor, target.anchor().unwrap());
    let mut batch = Batch::new();
    batch
        .put(Table::Person, b"employee-0001", b"another".to_vec())
        .unwrap();
    batch
        .put(Table::Crop, b"crop-1", b"another".to_vec())
        .unwrap();
    target.commit(&batch).unwrap();
    let before = target.anchor().unwrap();
    let refused = target
        .import(&key, &mut &export[..], |_, _, _| Ok(true))
        .unwrap_err();
    assert_eq!(refused.to_string(), "2 records exist already");
    for (key, bytes, name) in [
        (&ExportKey::new([4; 32]), &export[..], "ExportKeyWrong"),
        (&key, &export[..export.len() - 1], "ExportCorrupt"),
    ] {
        let refused = target
            .import(key, &mut &bytes[..], |_, _, _| Ok(true))
            .unwrap_err();
        assert_eq!(status(&refused), name);
    }
    assert_eq!(
        target.anchor().unwrap(),
        before,
        "refused imports change nothing"
    );
    target.check().unwrap();
    for change in [Table::Person, Table::Crop] {
        let key = if change == Table::Person {
            &b"employee-0001"[..]
        } else {
            b"crop-1"
        };
        let mut batch = Batch::new();
        batch.remove(change, key).unwrap();
        target.commit(&batch).unwrap();
    }
    target
        .import(&key, &mut &export[..], |_, _, _| Ok(true))
        .unwrap();
    target.check().unwrap();
    drop(target);
    let (_, found) = read_all(other.storage(), &elsewhere, crops()).unwrap();
    assert_eq!(found, content);
}

fn fixture(name: &str) -> PathBuf {
    vultus_testkit::fixture("gallery").join(name)
}

/// What the files of version 1 hold: the same from the same numbers, for ever.
fn content_of_version_1() -> Content {
    let disk = Disk::default();
    let store = Store::create(disk.storage(), &secret()).unwrap();
    fill(&store, 4, &mut Rng(4));
    drop(store);
    open(&disk).unwrap().1
}

#[test]
fn files_of_version_1_stay_readable() {
    let bytes = std::fs::read(fixture("v1.gallery")).unwrap();
    let export = std::fs::read(fixture("v1.export")).unwrap();
    let content = content_of_version_1();
    let (store, found) = open(&Disk::holding(&bytes)).unwrap();
    assert_eq!(found, content);
    store.check().unwrap();
    let target = Disk::default();
    let store = Store::create(target.storage(), &secret()).unwrap();
    let key = ExportKey::new([3; 32]);
    let imported = store
        .import(&key, &mut &export[..], |_, _, _| Ok(true))
        .unwrap();
    assert_eq!(imported.new, content.len() as u64);
    drop(store);
    assert_eq!(open(&target).unwrap().1, content);
}

/// Only for a new version of a format, and then beside the old files.
#[test]
#[ignore = "writes files of the repository"]
fn write_files_of_version_1() {
    let (bytes, _) = gallery(4);
    let (store, _) = open(&Disk::holding(&bytes)).unwrap();
    let mut export = Vec::new();
    store.export(&ExportKey::new([3; 32]), &mut export).unwrap();
    std::fs::create_dir_all(fixture("")).unwrap();
    for (name, bytes) in [("v1.gallery", bytes), ("v1.export", export)] {
        assert!(!fixture(name).exists(), "{name} is there");
        std::fs::write(fixture(name), bytes).unwrap();
    }
}
