//! A small gallery for tests.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use super::disk::{Content, Disk, Rng, read_all};
use vultus::error::Coded;
use vultus::gallery::store::{Batch, Secret, Store, StoreError, Table, encode};

pub fn secret() -> Secret {
    Secret::new([7; 32])
}

pub fn crops() -> [Vec<u8>; 2] {
    [b"crop-0".to_vec(), b"crop-1".to_vec()]
}

pub fn open(disk: &Disk) -> Result<(Store, Content), StoreError> {
    read_all(disk.place(), &secret(), crops())
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
    let store = Store::create(disk.place(), &secret()).unwrap();
    fill(&store, persons, &mut Rng(persons as u64));
    store.close().unwrap();
    let (store, content) = open(&disk).unwrap();
    assert_eq!(content.len(), 2 * persons + 2);
    store.compact().unwrap();
    store.close().unwrap();
    (disk.bytes(), content)
}
