//! Galleries of which records are lost.

use super::world::*;
use crate::gallery::store::MemoryStorage;
use crate::gallery::store::{Batch, Table};

/// `g` with `a` and `b` (three faces), who is in `h` as well.
fn world() -> World {
    let world = World::new();
    world.group("g").unwrap();
    world.group("h").unwrap();
    world.person("g", "a").unwrap();
    world.person("g", "b").unwrap();
    world.faces("b", 2).unwrap();
    world
        .edit(|edit| edit.copy_person(&person("b"), &[group("h")]))
        .unwrap();
    world
}

/// Loses a record behind the library's back.
fn lose(world: &mut World, table: Table, key: &[u8]) {
    let mut batch = Batch::new();
    batch.remove(table, key).unwrap();
    world.gallery().store().commit(&batch).unwrap();
    world.gallery = None;
}

fn feature(face: u64) -> Vec<u8> {
    [&face.to_le_bytes(), PACK.as_bytes()].concat()
}

/// Salvages into another storage and goes on there.
fn salvage(world: &mut World) -> Salvaged {
    let to = MemoryStorage::default();
    let storage = Box::new(to.clone());
    let (gallery, salvaged) =
        Gallery::salvage(&world.storage, storage, &secret(), world.limits).unwrap();
    world.gallery = Some(gallery);
    world.storage = to;
    world.reopen();
    salvaged
}

fn counts(salvaged: &Salvaged) -> [usize; 3] {
    [
        salvaged.persons_lost,
        salvaged.faces_lost,
        salvaged.groups_remade,
    ]
}

fn people(world: &World, id: &str) -> Vec<(String, usize)> {
    let persons = world
        .snapshot()
        .persons(&group(id), Page::default())
        .unwrap();
    persons
        .into_iter()
        .map(|one| (one.id.to_string(), one.faces.len()))
        .collect()
}

#[test]
fn a_whole_gallery_is_saved_whole() {
    let mut world = world();
    world.gallery = None;
    let salvaged = salvage(&mut world);
    assert!(salvaged.records.is_whole);
    assert_eq!(counts(&salvaged), [0; 3]);
    assert_eq!(
        people(&world, "g"),
        [("a".to_owned(), 1), ("b".to_owned(), 3)]
    );
}

#[test]
fn a_lost_feature_costs_its_face_and_a_last_face_its_person() {
    let mut world = world();
    lose(&mut world, Table::Face, &feature(3));
    let storage = Box::new(world.storage.clone());
    let opened = Gallery::open(storage, &secret(), &Opening::default(), world.limits);
    assert_eq!(status(opened), Status::GalleryCorrupt);
    assert_eq!(counts(&salvage(&mut world)), [0, 1, 0]);
    assert_eq!(
        people(&world, "g"),
        [("a".to_owned(), 1), ("b".to_owned(), 2)]
    );
    lose(&mut world, Table::Face, &feature(1));
    assert_eq!(counts(&salvage(&mut world)), [1, 1, 0]);
    assert_eq!(people(&world, "g"), [("b".to_owned(), 2)]);
}

#[test]
fn a_lost_person_leaves_no_features_behind() {
    let mut world = world();
    lose(&mut world, Table::Person, b"b");
    assert_eq!(counts(&salvage(&mut world)), [0; 3]);
    assert_eq!(people(&world, "g"), [("a".to_owned(), 1)]);
    assert_eq!(world.gallery().store().count(Table::Face).unwrap(), 1);
    // A number that was given is not given again.
    let Enrolment::Created(face) = world.person("g", "c").unwrap() else {
        panic!("level 0 compares with no one");
    };
    assert!(face.get() > 4);
}

#[test]
fn a_lost_group_is_remade_and_a_lost_counter_found_again() {
    let mut world = world();
    lose(&mut world, Table::Group, b"h");
    assert_eq!(counts(&salvage(&mut world)), [0, 0, 1]);
    assert_eq!(people(&world, "h"), [("b".to_owned(), 3)]);
    lose(&mut world, Table::Meta, b"next face");
    assert_eq!(counts(&salvage(&mut world)), [0; 3]);
    let Enrolment::Created(face) = world.person("g", "c").unwrap() else {
        panic!("level 0 compares with no one");
    };
    assert_eq!(face.get(), 5);
}
