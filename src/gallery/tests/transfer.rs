//! What one gallery exports, another takes in.

use super::world::*;
use crate::gallery::store::ExportKey;
use std::io::{Cursor, Read};
use std::sync::Arc;
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::testkit::{self, ISSUED_AT, TestClock};

/// `g` with `a` (a crop) and `b` (three faces), who is in `h` with a custom field as well.
fn world() -> World {
    let world = World::new();
    world.group("g").unwrap();
    let field = NewGroup {
        tag: "t".to_owned(),
        fields: vec!["floor".to_owned()],
        ..NewGroup::new(group("h"), "h", PACK)
    };
    let face = EnrolFace {
        crop: Some(b"a picture of a".to_vec()),
        ..EnrolFace::new(somebody("a"), 80.0)
    };
    let new = NewPerson::new(person("a"), "Li");
    let none = UniquePersonControl::default();
    world
        .edit(|edit| {
            edit.create_group(&field)?;
            edit.create_person(&world.matcher, &group("g"), &new, face, none)
        })
        .unwrap();
    world.person("g", "b").unwrap();
    world.faces("b", 2).unwrap();
    let floor = [("floor".to_owned(), "3".to_owned())];
    world
        .edit(|edit| {
            edit.copy_person(&person("b"), &[group("h")])?;
            edit.set_fields(&person("b"), &group("h"), &floor)
        })
        .unwrap();
    world
}

fn export(world: &World, key: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let store = world.gallery().store();
    store
        .export(&ExportKey::new([key; 32]), &mut bytes)
        .unwrap();
    bytes
}

fn import(world: &World, key: u8, bytes: &[u8]) -> Result<Imported> {
    let bytes = bytes.to_vec();
    let open = || Ok(Box::new(Cursor::new(bytes.clone())) as Box<dyn Read>);
    world
        .gallery()
        .import(&world.matcher, &ExportKey::new([key; 32]), open)
}

/// Everything but numbers of faces.
fn content(world: &World) -> String {
    let snapshot = world.snapshot();
    let page = Page::new(0, PAGE).unwrap();
    let mut text = String::new();
    for group in snapshot.groups(page).unwrap() {
        text += &format!("{group:?}\n");
        for person in snapshot.persons(&group.id, page).unwrap() {
            let faces: Vec<(f32, bool, &[String])> = person
                .faces
                .iter()
                .map(|face| (face.quality, face.has_crop, &face.models[..]))
                .collect();
            let (id, groups) = (person.id.as_str(), &person.groups);
            text += &format!("{id} {} {groups:?} {faces:?}\n", person.name);
        }
    }
    text
}

#[test]
fn an_import_brings_everything_under_new_numbers() {
    let from = world();
    let bytes = export(&from, 1);
    let mut to = World::new();
    let imported = import(&to, 1, &bytes).unwrap();
    let counts = (imported.groups, imported.persons, imported.faces);
    assert_eq!(counts, (2, 2, 4));
    for reopened in [false, true] {
        if reopened {
            to.reopen();
        }
        assert_eq!(content(&to), content(&from));
        let face = to.snapshot().person(&person("a")).unwrap().faces[0].id;
        let crop = to.gallery().crop(face).unwrap();
        assert_eq!(crop.as_deref(), Some(&b"a picture of a"[..]));
    }
}

#[test]
fn an_import_joins_what_is_there_and_never_takes_a_number_that_was_given() {
    let to = World::new();
    to.group("k").unwrap();
    to.person("k", "c").unwrap();
    let before = to.snapshot().person(&person("c")).unwrap();
    import(&to, 1, &export(&world(), 1)).unwrap();
    let snapshot = to.snapshot();
    assert!(snapshot.person(&person("c")).unwrap() == before);
    let mut numbers: Vec<FaceId> = ["a", "b", "c"]
        .iter()
        .flat_map(|id| snapshot.person(&person(id)).unwrap().faces)
        .map(|face| face.id)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 5);
}

#[test]
fn a_conflict_leaves_the_gallery_as_it_was() {
    let bytes = export(&world(), 1);
    let conflicts: [(&str, &str, &str, Status); 3] = [
        ("g", "other", "c", Status::GroupIdAlreadyExist),
        ("k", "h", "c", Status::GroupNameAlreadyExist),
        ("k", "other", "a", Status::PersonIdAlreadyExist),
    ];
    for (id, name, who, expected) in conflicts {
        let mut to = World::new();
        to.edit(|edit| edit.create_group(&NewGroup::new(group(id), name, PACK)))
            .unwrap();
        to.person(id, who).unwrap();
        let before = content(&to);
        assert_eq!(status(import(&to, 1, &bytes)), expected);
        assert_eq!(content(&to), before);
        to.reopen();
        assert_eq!(content(&to), before);
    }
    let to = World::within(Limits::new(9, 9, 3).unwrap());
    assert_eq!(status(import(&to, 1, &bytes)), Status::AccountFaceNumExceed);
    let to = World::within(Limits::new(1, 9, 9).unwrap());
    assert_eq!(status(import(&to, 1, &bytes)), Status::GroupNumExceed);
    let to = World::within(Limits::new(9, 3, 9).unwrap());
    assert_eq!(status(import(&to, 1, &bytes)), Status::GroupFaceNumExceed);
}

#[test]
fn a_wrong_key_or_a_cut_export_is_refused() {
    let bytes = export(&world(), 1);
    let to = World::new();
    assert_eq!(status(import(&to, 2, &bytes)), Status::ExportKeyWrong);
    for length in (0..bytes.len()).step_by(37) {
        assert!(import(&to, 1, &bytes[..length]).is_err(), "{length}");
    }
    assert_eq!(to.snapshot().group_count(), 0);
}

#[test]
fn exporting_outlives_a_trial_and_importing_does_not() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let trial = testkit::grant_of(&testkit::trial(), &clock);
    let mut world = world();
    world.matcher = Matcher::new(&trial, curve(PACK)).unwrap();
    clock.pass(TRIAL_SECONDS + 60);
    let bytes = export(&world, 1);
    assert_eq!(status(import(&world, 1, &bytes)), Status::LicenceExpired);
    let other = World::new();
    assert_eq!(import(&other, 1, &bytes).unwrap().persons, 2);
}
