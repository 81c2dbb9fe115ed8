//! Groups that move from one pack to another.

use super::world::*;
use crate::config::TargetFpir;

const PEOPLE: [&str; 4] = ["a", "b", "c", "d"];

/// `g` with a to d; b has three faces, and is in `h` as well; faces of a have a crop.
fn world() -> World {
    let world = World::new();
    world.group("g").unwrap();
    world.group("h").unwrap();
    let crop = EnrolFace {
        crop: Some(b"a picture of a".to_vec()),
        ..EnrolFace::new(somebody("a"), 80.0)
    };
    let none = UniquePersonControl::default();
    let new = NewPerson::new(person("a"), "Li");
    world
        .edit(|edit| edit.create_person(&world.matcher, &group("g"), &new, crop, none))
        .unwrap();
    for id in &PEOPLE[1..] {
        world.person("g", id).unwrap();
    }
    world.faces("b", 2).unwrap();
    world
        .edit(|edit| edit.copy_person(&person("b"), &[group("h")]))
        .unwrap();
    world
}

/// The best candidate of a search of `g` for a person as a pack sees them.
fn best(world: &World, model: &str, who: &str) -> Result<String> {
    let probe = match model {
        PACK => somebody(who),
        _ => in_other(&somebody(who)),
    };
    let options = SearchOptions {
        fpir: TargetFpir::new(0.1)?,
        ..SearchOptions::default()
    };
    let found = world.snapshot().search(
        &matcher(model),
        &probe,
        &[group("g")],
        Against::Persons,
        &options,
    )?;
    Ok(found
        .accepted()
        .map_or("nobody", |one| one.person.as_str())
        .to_owned())
}

/// Gives every face of `g` that waits for it its feature of the other pack, but for those of `but`.
fn fill(world: &World, but: &str) {
    let snapshot = world.snapshot();
    for face in snapshot.unready(&group("g")).unwrap() {
        if face.person != person(but) {
            let embedding = in_other(&somebody(face.person.as_str()));
            world
                .edit(|edit| {
                    edit.upgrade_face(
                        &matcher(OTHER),
                        &group("g"),
                        &face.person,
                        face.face,
                        &embedding,
                    )
                })
                .unwrap();
        }
    }
}

fn models(world: &World, id: &str) -> Vec<Vec<String>> {
    let faces = world.snapshot().person(&person(id)).unwrap().faces;
    faces.into_iter().map(|face| face.models).collect()
}

#[test]
fn the_old_version_answers_until_the_new_one_is_complete() {
    let mut world = world();
    world
        .edit(|edit| edit.begin_upgrade(&group("g"), OTHER))
        .unwrap();
    assert_eq!(world.snapshot().unready(&group("g")).unwrap().len(), 6);
    assert!(world.snapshot().unready(&group("g")).unwrap()[0].has_crop);
    fill(&world, "d");
    world.reopen();
    for who in PEOPLE {
        assert_eq!(best(&world, PACK, who).unwrap(), who);
    }
    assert_eq!(status(best(&world, OTHER, "a")), Status::AcrossVersions);

    let switched = world.edit(|edit| edit.finish_upgrade(&group("g"))).unwrap();
    assert_eq!(
        (switched.model_id.as_str(), switched.searchable),
        (OTHER, 5)
    );
    assert_eq!(switched.failed.len(), 1);
    assert_eq!(
        (&switched.failed[0].person, switched.failed[0].has_crop),
        (&person("d"), false)
    );
    for reopened in [false, true] {
        if reopened {
            world.reopen();
        }
        for who in &PEOPLE[..3] {
            assert_eq!(best(&world, OTHER, who).unwrap(), *who);
        }
        assert_eq!(best(&world, OTHER, "d").unwrap(), "nobody");
        assert_eq!(status(best(&world, PACK, "a")), Status::AcrossVersions);
    }
    let info = world.snapshot().group(&group("g")).unwrap();
    assert_eq!(
        (
            info.model_id.as_str(),
            info.rollback.as_deref(),
            info.searchable
        ),
        (OTHER, Some(PACK), 5)
    );
}

#[test]
fn there_is_exactly_one_way_back() {
    let mut world = world();
    let id = group("g");
    assert_eq!(
        status(world.edit(|edit| edit.roll_back(&id))),
        Status::UpgradeCannotRollback
    );
    world.edit(|edit| edit.begin_upgrade(&id, OTHER)).unwrap();
    assert_eq!(
        status(world.edit(|edit| edit.roll_back(&id))),
        Status::UpgradeCannotRollback
    );
    fill(&world, "nobody");
    world.edit(|edit| edit.finish_upgrade(&id)).unwrap();
    // A person who came after the upgrade.
    let new = NewPerson::new(person("e"), "n");
    let face = EnrolFace::new(in_other(&somebody("e")), 50.0);
    let none = UniquePersonControl::default();
    world
        .edit(|edit| edit.create_person(&matcher(OTHER), &id, &new, face, none))
        .unwrap();

    world.reopen();
    let switched = world.edit(|edit| edit.roll_back(&id)).unwrap();
    assert_eq!((switched.model_id.as_str(), switched.searchable), (PACK, 6));
    assert_eq!(
        switched
            .failed
            .iter()
            .map(|one| one.person.as_str())
            .collect::<Vec<_>>(),
        ["e"]
    );
    for reopened in [false, true] {
        if reopened {
            world.reopen();
        }
        for who in PEOPLE {
            assert_eq!(best(&world, PACK, who).unwrap(), who);
        }
        assert_eq!(best(&world, PACK, "e").unwrap(), "nobody");
        assert_eq!(
            status(world.edit(|edit| edit.roll_back(&id))),
            Status::UpgradeCannotRollback
        );
    }
    // The features of the pack that was left are gone.
    assert_eq!(models(&world, "b"), vec![vec![PACK.to_owned()]; 3]);
}

#[test]
fn features_stay_as_long_as_some_group_needs_them() {
    let mut world = world();
    let id = group("g");
    world.edit(|edit| edit.begin_upgrade(&id, OTHER)).unwrap();
    fill(&world, "nobody");
    let both = vec![PACK.to_owned(), OTHER.to_owned()];
    assert_eq!(models(&world, "a"), vec![both.clone()]);
    world.edit(|edit| edit.finish_upgrade(&id)).unwrap();
    assert_eq!(models(&world, "a"), vec![both.clone()]);
    world.edit(|edit| edit.forget_previous(&id)).unwrap();
    assert_eq!(models(&world, "a"), vec![vec![OTHER.to_owned()]]);
    // b is in h too, which still answers from the first pack.
    assert_eq!(models(&world, "b"), vec![both; 3]);
    // Who has no feature of a group's pack cannot be copied there.
    let copied = world.edit(|edit| edit.copy_person(&person("a"), &[group("h")]));
    assert_eq!(status(copied), Status::AcrossVersions);
    world.edit(|edit| edit.delete_group(&group("h"))).unwrap();
    assert_eq!(models(&world, "b"), vec![vec![OTHER.to_owned()]; 3]);
    world.reopen();
    assert_eq!(best(&world, OTHER, "b").unwrap(), "b");
    assert_eq!(
        status(world.edit(|edit| edit.roll_back(&id))),
        Status::UpgradeCannotRollback
    );
}

#[test]
fn an_upgrade_is_given_up_without_a_trace() {
    let mut world = world();
    let id = group("g");
    world.edit(|edit| edit.begin_upgrade(&id, OTHER)).unwrap();
    fill(&world, "d");
    world.edit(|edit| edit.cancel_upgrade(&id)).unwrap();
    world.reopen();
    assert_eq!(models(&world, "b"), vec![vec![PACK.to_owned()]; 3]);
    assert_eq!(world.snapshot().group(&id).unwrap().upgrade, None);
    assert_eq!(best(&world, PACK, "c").unwrap(), "c");
}

#[test]
fn upgrades_that_make_no_sense_are_refused() {
    let (world, new) = (world(), matcher(OTHER));
    let id = group("g");
    let refused = |result: Result<()>| assert_eq!(status(result), Status::GroupCannotUpgrade);
    let finish = || world.edit(|edit| edit.finish_upgrade(&id).map(drop));
    refused(world.edit(|edit| edit.begin_upgrade(&id, PACK)));
    refused(world.edit(|edit| edit.cancel_upgrade(&id)));
    refused(finish());
    refused(world.edit(|edit| {
        edit.upgrade_face(
            &new,
            &id,
            &person("a"),
            FaceId::from_number(1),
            &in_other(&somebody("a")),
        )
    }));
    world.edit(|edit| edit.begin_upgrade(&id, OTHER)).unwrap();
    refused(world.edit(|edit| edit.begin_upgrade(&id, "third@1")));
    // No person could be found any more.
    refused(finish());
    let face = |who: &str, number, embedding| {
        let number = FaceId::from_number(number);
        status(world.edit(|edit| edit.upgrade_face(&new, &id, &person(who), number, &embedding)))
    };
    assert_eq!(face("a", 1, somebody("a")), Status::AcrossVersions);
    assert_eq!(
        face("a", 2, in_other(&somebody("a"))),
        Status::FaceIdNotExist
    );
    assert_eq!(
        face("z", 1, in_other(&somebody("a"))),
        Status::PersonIdNotExist
    );
}

#[test]
fn crops_are_kept_and_go_with_their_faces() {
    let mut world = world();
    let first = FaceId::from_number(1);
    for reopened in [false, true] {
        if reopened {
            world.reopen();
        }
        assert_eq!(
            world.gallery().crop(first).unwrap().as_deref(),
            Some(&b"a picture of a"[..])
        );
    }
    assert_eq!(world.gallery().crop(FaceId::from_number(2)).unwrap(), None);
    world.edit(|edit| edit.delete_person(&person("a"))).unwrap();
    assert_eq!(world.gallery().crop(first).unwrap(), None);
}
