//! A small gallery, and everything that is in one.

use crate::disk::Disk;
use std::collections::BTreeMap;
use vultus::error::Coded;
use vultus::gallery::store::{Batch, Opening, Secret, Storage, Store, StoreError, Table, encode};
use vultus_test_basics::Rng;

/// Everything in a gallery.
pub type Content = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// Opens a gallery and reads it all, the large records that `large` names too.
pub fn read_all(
    storage: Box<dyn Storage>,
    secret: &Secret,
    large: impl IntoIterator<Item = Vec<u8>>,
) -> Result<(Store, Content), StoreError> {
    let mut content = Content::new();
    let store = Store::open(
        storage,
        secret,
        &Opening::default(),
        |table, key, record| {
            content.insert((table, key.to_vec()), record.to_vec());
            Ok::<_, StoreError>(())
        },
    )?;
    for key in large {
        if let Some(record) = store.read(Table::Crop, &key)? {
            content.insert((Table::Crop, key), record);
        }
    }
    Ok((store, content))
}

pub fn secret() -> Secret {
    Secret::new([7; 32])
}

pub fn crops() -> [Vec<u8>; 2] {
    [b"crop-0".to_vec(), b"crop-1".to_vec()]
}

pub fn open(disk: &Disk) -> Result<(Store, Content), StoreError> {
    read_all(disk.storage(), &secret(), crops())
}

pub fn status(error: &StoreError) -> &'static str {
    error.status().name()
}

fn embedding(rng: &mut Rng) -> Vec<f32> {
    (0..128)
        .map(|_| rng.below(2001) as f32 / 1000.0 - 1.0)
        .collect()
}

/// Persons, faces and two crops.
pub fn fill(store: &Store, persons: usize, rng: &mut Rng) {
    let mut batch = Batch::new();
    for i in 0..persons {
        let id = format!("employee-{i:04}");
        let name = format!("Wang Xiaoming {i}").into_bytes();
        batch.put(Table::Person, id.as_bytes(), name).unwrap();
        let face = encode(&embedding(rng)).unwrap();
        batch.put(Table::Face, id.as_bytes(), face).unwrap();
    }
    for crop in crops() {
        batch.put(Table::Crop, &crop, rng.bytes(6000)).unwrap();
    }
    store.commit(&batch).unwrap();
}

/// A gallery that was closed, its bytes and its content.
pub fn gallery(persons: usize) -> (Vec<u8>, Content) {
    let disk = Disk::default();
    let store = Store::create(disk.storage(), &secret()).unwrap();
    fill(&store, persons, &mut Rng(persons as u64));
    store.close().unwrap();
    let (store, content) = open(&disk).unwrap();
    assert_eq!(content.len(), 2 * persons + 2);
    store.compact().unwrap();
    store.close().unwrap();
    (disk.bytes(), content)
}
