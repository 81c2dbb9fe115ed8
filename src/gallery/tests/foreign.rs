//! Faces and probes of another pack.

use super::world::*;

#[test]
fn a_face_of_another_pack_does_not_join_a_person() {
    let world = World::new();
    world.group("g").unwrap();
    world.person("g", "a").unwrap();
    let any = FaceMatchThreshold::new(0.0).unwrap();
    let add = |embedding, model| {
        let face = EnrolFace::new(embedding, 80.0);
        world.edit(|edit| edit.add_faces(&matcher(model), &person("a"), vec![face], any))
    };
    let foreign = in_other(&somebody("a"));
    assert_eq!(status(add(foreign.clone(), OTHER)), Status::AcrossVersions);
    assert_eq!(status(add(foreign, PACK)), Status::AcrossVersions);
    assert_eq!(status(add(somebody("a"), OTHER)), Status::AcrossVersions);
    assert_eq!(
        world.snapshot().person(&person("a")).unwrap().faces.len(),
        1
    );
    assert!(add(somebody("a"), PACK).is_ok());
}

#[test]
fn a_probe_of_another_pack_finds_nobody() {
    let world = World::new();
    world.group("g").unwrap();
    world.person("g", "a").unwrap();
    let search = |model, probe: &Embedding| {
        let (groups, options) = ([group("g")], SearchOptions::default());
        let snapshot = world.snapshot();
        snapshot.search(&matcher(model), probe, &groups, Against::Faces, &options)
    };
    let foreign = in_other(&somebody("a"));
    for (model, probe) in [(OTHER, &somebody("a")), (OTHER, &foreign), (PACK, &foreign)] {
        assert_eq!(
            status(search(model, probe)),
            Status::AcrossVersions,
            "{model}"
        );
    }
    assert!(search(PACK, &somebody("a")).is_ok());
}
