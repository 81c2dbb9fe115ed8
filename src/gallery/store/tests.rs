//! The store on real files.

use super::*;
use crate::error::Coded;
use std::collections::BTreeMap;
use std::path::PathBuf;

type Content = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// A folder that goes away with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vultus-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("test.gallery")
    }

    fn storage(&self) -> Box<dyn Storage> {
        Box::new(FileStorage::new(self.file()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn secret() -> Secret {
    Secret::new([7; 32])
}

fn open_as(
    folder: &Folder,
    secret: &Secret,
    opening: &Opening,
) -> Result<(Store, Content), StoreError> {
    let mut content = Content::new();
    let store = Store::open(folder.storage(), secret, opening, |table, key, record| {
        content.insert((table, key.to_vec()), record.to_vec());
        Ok::<_, StoreError>(())
    })?;
    Ok((store, content))
}

fn open(folder: &Folder) -> Result<(Store, Content), StoreError> {
    open_as(folder, &secret(), &Opening::default())
}

fn status(error: &StoreError) -> &'static str {
    error.status().name()
}

fn batch(puts: &[(Table, &[u8], &[u8])]) -> Batch {
    let mut batch = Batch::new();
    for (table, key, record) in puts {
        batch.put(*table, key, record.to_vec()).unwrap();
    }
    batch
}

#[test]
fn records_come_back_after_closing() {
    let folder = Folder::new("come-back");
    let store = Store::create(folder.storage(), &secret()).unwrap();
    let first = batch(&[
        (Table::Person, b"p1", b"Ann"),
        (Table::Person, b"p2", b"Bob"),
        (Table::Face, b"p1", &[3; 2100]),
        (Table::Crop, b"f1", &[4; 40_000]),
    ]);
    assert_eq!(store.commit(&first).unwrap().generation(), 1);
    let mut second = batch(&[
        (Table::Person, b"p1", b"Anne"),
        (Table::Crop, b"f1", b"new"),
    ]);
    second.remove(Table::Person, b"p2").unwrap();
    second.remove(Table::Group, b"never there").unwrap();
    assert_eq!(store.commit(&second).unwrap(), store.anchor().unwrap());
    assert_eq!(store.read(Table::Person, b"p1").unwrap().unwrap(), b"Anne");
    assert_eq!(store.read(Table::Person, b"p2").unwrap(), None);
    assert_eq!(store.read(Table::Crop, b"f1").unwrap().unwrap(), b"new");
    assert_eq!(store.read(Table::Crop, b"f2").unwrap(), None);
    store.close().unwrap();

    let (store, content) = open(&folder).unwrap();
    let expected = [
        ((Table::Person, b"p1".to_vec()), b"Anne".to_vec()),
        ((Table::Face, b"p1".to_vec()), vec![3; 2100]),
    ];
    assert_eq!(content, Content::from(expected));
    assert_eq!(store.read(Table::Crop, b"f1").unwrap().unwrap(), b"new");
    let counts =
        [Table::Person, Table::Face, Table::Crop, Table::Group].map(|t| store.count(t).unwrap());
    assert_eq!(counts, [1, 1, 1, 0]);
    let report = store.check().unwrap();
    assert_eq!((report.generation, report.tidied), (2, false));
    let mut again = Content::new();
    store
        .for_each(|table, key, record| {
            again.insert((table, key.to_vec()), record.to_vec());
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(again, content);
}

#[test]
fn each_refusal_has_its_name() {
    let folder = Folder::new("refusals");
    let bound = secret().bound_to(&[1; 32]);
    assert_eq!(status(&open(&folder).unwrap_err()), "GalleryMissing");
    let store = Store::create(folder.storage(), &bound).unwrap();
    let again = Store::create(folder.storage(), &bound).unwrap_err();
    assert_eq!(status(&again), "GalleryExists");
    let beside = open_as(&folder, &bound, &Opening::default()).unwrap_err();
    assert_eq!(status(&beside), "GalleryInUse");
    drop(store);
    for wrong in [secret(), Secret::new([8; 32]), secret().bound_to(&[2; 32])] {
        let refused = open_as(&folder, &wrong, &Opening::default()).unwrap_err();
        assert_eq!(status(&refused), "GallerySecretWrong");
    }
    assert!(open_as(&folder, &bound, &Opening::default()).is_ok());
    let elsewhere = Box::new(FileStorage::new(&folder.0));
    let visit = |_: Table, _: &[u8], _: &[u8]| Ok::<_, StoreError>(());
    let refused = Store::open(elsewhere, &bound, &Opening::default(), visit).unwrap_err();
    assert!(matches!(refused, StoreError::NotAFile(_)));
    std::fs::write(
        folder.file(),
        b"something else, long enough to be looked at",
    )
    .unwrap();
    assert_eq!(status(&open(&folder).unwrap_err()), "GalleryCorrupt");
    std::fs::write(folder.file(), b"").unwrap();
    assert_eq!(status(&open(&folder).unwrap_err()), "GalleryCorrupt");
}

#[test]
fn reading_only_leaves_the_file_alone() {
    let folder = Folder::new("read-only");
    let store = Store::create(folder.storage(), &secret()).unwrap();
    store
        .commit(&batch(&[(Table::Person, b"p", b"P")]))
        .unwrap();
    // As a power cut leaves it: without the shutdown.
    let unclean = std::fs::read(folder.file()).unwrap();
    drop(store);
    std::fs::write(folder.file(), &unclean).unwrap();
    let opening = Opening {
        access: Access::Read,
        anchor: None,
    };
    let (store, content) = open_as(&folder, &secret(), &opening).unwrap();
    assert_eq!(content.len(), 1);
    let (beside, _) = open_as(&folder, &secret(), &opening).unwrap();
    assert_eq!(status(&open(&folder).unwrap_err()), "GalleryInUse");
    store.check().unwrap();
    for refused in [
        store.commit(&Batch::new()).map(drop),
        store.rotate(&secret()).map(drop),
        store.compact(),
    ] {
        assert_eq!(status(&refused.unwrap_err()), "GalleryReadOnly");
    }
    drop((store, beside));
    assert_eq!(std::fs::read(folder.file()).unwrap(), unclean);
    open(&folder).unwrap();
}

#[test]
fn an_older_file_is_refused_by_the_hosts_anchor() {
    let folder = Folder::new("anchor");
    let store = Store::create(folder.storage(), &secret()).unwrap();
    store
        .commit(&batch(&[(Table::Person, b"p", b"P")]))
        .unwrap();
    drop(store);
    let old = std::fs::read(folder.file()).unwrap();
    let (store, _) = open(&folder).unwrap();
    let mut removal = Batch::new();
    removal.remove(Table::Person, b"p").unwrap();
    let anchor = store.commit(&removal).unwrap();
    drop(store);
    let opening = Opening {
        access: Access::Write,
        anchor: Some(anchor),
    };
    assert!(open_as(&folder, &secret(), &opening).is_ok());
    std::fs::write(folder.file(), &old).unwrap();
    let refused = open_as(&folder, &secret(), &opening).unwrap_err();
    assert_eq!(refused.to_string(), "generation 1, the host has seen 2");
    assert_eq!(status(&refused), "GalleryRolledBack");
    // Without the anchor nothing can tell, and the removed person is back.
    assert_eq!(open(&folder).unwrap().1.len(), 1);
}

#[test]
fn a_rotated_gallery_opens_with_the_new_secret_alone() {
    let folder = Folder::new("rotate");
    let store = Store::create(folder.storage(), &secret()).unwrap();
    let puts = batch(&[(Table::Person, b"p", b"P"), (Table::Crop, b"f", &[5; 5000])]);
    store.commit(&puts).unwrap();
    let new = Secret::new([8; 32]).bound_to(&[1; 32]);
    assert_eq!(store.rotate(&new).unwrap().generation(), 2);
    // The open store goes on under the new keys.
    store
        .commit(&batch(&[(Table::Person, b"q", b"Q")]))
        .unwrap();
    assert_eq!(store.read(Table::Crop, b"f").unwrap().unwrap(), [5; 5000]);
    store.check().unwrap();
    store.compact().unwrap();
    drop(store);
    assert_eq!(status(&open(&folder).unwrap_err()), "GallerySecretWrong");
    let (store, content) = open_as(&folder, &new, &Opening::default()).unwrap();
    assert_eq!(content.len(), 2);
    assert_eq!(store.read(Table::Crop, b"f").unwrap().unwrap(), [5; 5000]);
    store.check().unwrap();
}

#[test]
fn compacting_gives_space_back() {
    let folder = Folder::new("compact");
    let store = Store::create(folder.storage(), &secret()).unwrap();
    let mut puts = Batch::new();
    let mut removals = Batch::new();
    for i in 0..2000_u32 {
        let key = i.to_le_bytes();
        puts.put(Table::Face, &key, vec![1; 2100]).unwrap();
        removals.remove(Table::Face, &key).unwrap();
    }
    store.commit(&puts).unwrap();
    let full = std::fs::metadata(folder.file()).unwrap().len();
    store.commit(&removals).unwrap();
    store.compact().unwrap();
    drop(store);
    let left = std::fs::metadata(folder.file()).unwrap().len();
    assert!(left * 4 < full, "{left} of {full} bytes");
    assert_eq!(open(&folder).unwrap().1.len(), 0);
}

#[test]
fn a_visitors_error_comes_through() {
    let folder = Folder::new("visitor");
    let store = Store::create(folder.storage(), &secret()).unwrap();
    store
        .commit(&batch(&[(Table::Person, b"p", b"P")]))
        .unwrap();
    drop(store);
    let opening = Opening::default();
    let refused = Store::open(folder.storage(), &secret(), &opening, |_, _, _| {
        Err(StoreError::Record("not mine"))
    });
    assert_eq!(refused.unwrap_err().to_string(), "not mine");
}
