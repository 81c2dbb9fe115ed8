//! Embeddings under a site's key.

use super::world::*;
use crate::gallery::store::TemplateKey;
use crate::matching::cosine;

fn site(key: u8) -> Matcher {
    matcher(PACK)
        .for_site(&TemplateKey::new([key; 32]))
        .unwrap()
}

/// A group of one person whose face is kept under the first site's key.
fn world() -> World {
    let mut world = World::new();
    world.matcher = site(1);
    let new = NewGroup::new(group("g"), "g", world.matcher.model_id());
    world.edit(|edit| edit.create_group(&new)).unwrap();
    world.person("g", "a").unwrap();
    world
}

#[test]
fn a_site_finds_its_own_people_as_well_as_without_a_key() {
    let mut world = world();
    let probe = like(&somebody("a"), 1, 0.01);
    for reopened in [false, true] {
        if reopened {
            world.reopen();
        }
        let found = world
            .snapshot()
            .search(
                &world.matcher,
                &probe,
                &[group("g")],
                Against::Faces,
                &options(0.01),
            )
            .unwrap();
        let best = found.accepted().unwrap();
        let expected = cosine(&probe, &somebody("a")).unwrap();
        assert_eq!(best.person, person("a"));
        assert!(
            (best.cosine - expected).abs() < 1e-5,
            "{} {expected}",
            best.cosine
        );
    }
    world.faces("a", 2).unwrap();
    assert_eq!(
        world.snapshot().person(&person("a")).unwrap().faces.len(),
        3
    );
}

#[test]
fn what_is_kept_is_not_the_embedding() {
    let world = world();
    let contents = world.snapshot().contents;
    let model = world.matcher.model_id();
    let row = contents.persons.get(&person("a")).unwrap().faces[0]
        .row(model)
        .unwrap();
    let kept = contents.features[model].embedding(row).unwrap();
    let original = somebody("a");
    let dot: f32 = kept
        .values()
        .iter()
        .zip(original.values())
        .map(|(k, o)| k * o)
        .sum();
    assert!(dot.abs() < 0.9, "{dot}");
}

#[test]
fn keys_do_not_mix_with_each_other_or_with_none() {
    let world = world();
    let probe = somebody("a");
    let (other, none) = (site(2), matcher(PACK));
    assert_eq!(site(1).model_id(), world.matcher.model_id());
    assert_ne!(other.model_id(), world.matcher.model_id());
    for stranger in [&other, &none] {
        let found = world.snapshot().search(
            stranger,
            &probe,
            &[group("g")],
            Against::Faces,
            &options(0.01),
        );
        assert_eq!(status(found), Status::AcrossVersions);
        let new = NewPerson::new(person("b"), "n");
        let face = EnrolFace::new(somebody("b"), 50.0);
        let level = UniquePersonControl::default();
        let made = world.edit(|edit| edit.create_person(stranger, &group("g"), &new, face, level));
        assert_eq!(status(made), Status::AcrossVersions);
    }
    // Another pack's embeddings are refused before any key is at work.
    let found = world.snapshot().search(
        &world.matcher,
        &in_other(&probe),
        &[group("g")],
        Against::Faces,
        &options(0.01),
    );
    assert_eq!(status(found), Status::AcrossVersions);
}

#[test]
fn a_site_changes_its_key_as_it_changes_its_pack() {
    let world = world();
    let (id, new) = (group("g"), site(2));
    world
        .edit(|edit| {
            edit.begin_upgrade(&id, new.model_id())?;
            edit.upgrade_face(
                &new,
                &id,
                &person("a"),
                FaceId::from_number(1),
                &somebody("a"),
            )?;
            edit.finish_upgrade(&id)
        })
        .unwrap();
    let found = world
        .snapshot()
        .search(&new, &somebody("a"), &[id], Against::Faces, &options(0.01))
        .unwrap();
    assert_eq!(found.accepted().unwrap().person, person("a"));
}
