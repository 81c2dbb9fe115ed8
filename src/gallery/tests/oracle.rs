//! The library against a simple model under random operations, reopened in between.

use super::model::{
    Answer, FACES, FACES_IN_GROUP, GROUPS, Model, Op, f, g, look, near, p, quality,
};
use super::world::*;
use crate::config::TargetFpir;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn op() -> impl Strategy<Value = Op> {
    let (g, p, f) = (0..4_u8, 0..5_u8, 0..3_u8);
    let fields = prop::collection::vec(f.clone(), 0..3);
    let groups = prop::collection::vec(g.clone(), 0..4);
    prop_oneof![
        2 => (g.clone(), fields).prop_map(|(g, f)| Op::CreateGroup(g, f)),
        1 => (g.clone(), g.clone()).prop_map(|(g, n)| Op::RenameGroup(g, n)),
        1 => g.clone().prop_map(Op::DeleteGroup),
        1 => (g.clone(), f.clone()).prop_map(|(g, f)| Op::AddField(g, f)),
        1 => (g.clone(), f.clone(), f.clone()).prop_map(|(g, f, n)| Op::RenameField(g, f, n)),
        1 => (g.clone(), f.clone()).prop_map(|(g, f)| Op::RemoveField(g, f)),
        6 => (p.clone(), g.clone(), p.clone()).prop_map(|(p, g, look)| Op::Create(p, g, look)),
        4 => (p.clone(), prop::collection::vec(any::<bool>(), 0..5))
            .prop_map(|(p, alike)| Op::AddFaces(p, alike)),
        2 => (p.clone(), prop::collection::vec(0..6_u8, 0..4)).prop_map(|(p, f)| Op::DeleteFaces(p, f)),
        4 => (p.clone(), groups).prop_map(|(p, g)| Op::Copy(p, g)),
        2 => (p.clone(), g.clone(), f, 0..3_u8).prop_map(|(p, g, f, v)| Op::SetField(p, g, f, v)),
        2 => (p.clone(), g).prop_map(|(p, g)| Op::Leave(p, g)),
        1 => p.prop_map(Op::DeletePerson),
        2 => Just(Op::Reopen),
    ]
}

/// The same operation on the library.
fn run(world: &mut World, op: &Op) -> Answer {
    if let Op::Reopen = op {
        world.reopen();
        return Ok(String::new());
    }
    let before = world.snapshot();
    let nothing = |()| String::new();
    let answer = world.edit(|edit| match op {
        Op::CreateGroup(id, fields) => {
            let new = NewGroup {
                fields: fields.iter().map(|&field| f(field)).collect(),
                ..NewGroup::new(group(&g(*id)), &g(*id), PACK)
            };
            edit.create_group(&new).map(nothing)
        }
        Op::RenameGroup(id, name) => edit.rename_group(&group(&g(*id)), &g(*name)).map(nothing),
        Op::DeleteGroup(id) => edit
            .delete_group(&group(&g(*id)))
            .map(|gone| gone.to_string()),
        Op::AddField(id, field) => edit.add_field(&group(&g(*id)), &f(*field)).map(nothing),
        Op::RenameField(id, field, new) => edit
            .rename_field(&group(&g(*id)), &f(*field), &f(*new))
            .map(nothing),
        Op::RemoveField(id, field) => edit.remove_field(&group(&g(*id)), &f(*field)).map(nothing),
        Op::Create(id, into, looks) => {
            let new = NewPerson::new(person(&p(*id)), "n");
            let face = EnrolFace::new(look(*looks), 80.0);
            let none = UniquePersonControl::default();
            let made = edit.create_person(&world.matcher, &group(&g(*into)), &new, face, none)?;
            let Enrolment::Created(face) = made else {
                panic!("level 0 compares with no one");
            };
            Ok(face.to_string())
        }
        Op::AddFaces(id, alike) => {
            let first = before.contents.persons.get(&person(&p(*id))).map(|person| {
                let row = person.faces[0].row(PACK).unwrap();
                before.contents.features[PACK].embedding(row).unwrap()
            });
            let first = first.unwrap_or_else(|| look(0));
            let face = |(n, alike): (usize, &bool)| {
                let embedding = match alike {
                    true => near(&first, n),
                    false => unit(PACK, first.values().iter().map(|v| -v).collect()),
                };
                EnrolFace::new(embedding, quality(n))
            };
            let faces = alike.iter().enumerate().map(face).collect();
            let threshold = FaceMatchThreshold::new(20.0)?;
            let outcomes = edit.add_faces(&world.matcher, &person(&p(*id)), faces, threshold)?;
            let text = |outcome: &FaceOutcome| match outcome {
                FaceOutcome::Joined(face) => format!("{face} "),
                FaceOutcome::NotSimilar(_) => "not similar ".to_owned(),
            };
            Ok(outcomes.iter().map(text).collect())
        }
        Op::DeleteFaces(id, places) => {
            let faces = before.person(&person(&p(*id)))?.faces;
            let number = |place: &u8| faces.get(usize::from(*place)).map(|face| face.id);
            let missing = FaceId::from_number(u64::MAX);
            let faces: Vec<FaceId> = places
                .iter()
                .map(|place| number(place).unwrap_or(missing))
                .collect();
            edit.delete_faces(&person(&p(*id)), &faces).map(nothing)
        }
        Op::Copy(id, groups) => {
            let groups: Vec<GroupId> = groups.iter().map(|&id| group(&g(id))).collect();
            edit.copy_person(&person(&p(*id)), &groups).map(nothing)
        }
        Op::SetField(id, into, field, value) => {
            let value = match value {
                0 => String::new(),
                value => value.to_string(),
            };
            let fields = [(f(*field), value)];
            edit.set_fields(&person(&p(*id)), &group(&g(*into)), &fields)
                .map(nothing)
        }
        Op::Leave(id, from) => {
            let gone = edit.remove_from_group(&person(&p(*id)), &group(&g(*from)))?;
            Ok(gone.to_string())
        }
        Op::DeletePerson(id) => edit.delete_person(&person(&p(*id))).map(nothing),
        Op::Reopen => Ok(String::new()),
    });
    answer.map_err(|error| error.status())
}

fn describe(snapshot: &Snapshot) -> String {
    let page = Page::new(0, PAGE).unwrap();
    let mut text = String::new();
    let mut persons: BTreeMap<String, PersonInfo> = BTreeMap::new();
    for info in snapshot.groups(page).unwrap() {
        let members = snapshot.persons(&info.id, page).unwrap();
        let ids: Vec<&str> = members.iter().map(|person| person.id.as_str()).collect();
        assert_eq!((info.persons, info.searchable), (ids.len(), info.faces));
        text += &format!(
            "{} {} {:?} {ids:?} {}\n",
            info.id, info.name, info.fields, info.faces
        );
        persons.extend(members.iter().map(|one| (one.id.to_string(), one.clone())));
    }
    assert_eq!(persons.len(), snapshot.person_count());
    let mut all_faces = 0;
    for (id, person) in persons {
        let groups: BTreeMap<String, BTreeMap<String, String>> = person
            .groups
            .iter()
            .map(|(group, values)| (group.to_string(), values.iter().cloned().collect()))
            .collect();
        let faces: Vec<u64> = person.faces.iter().map(|face| face.id.get()).collect();
        all_faces += faces.len();
        text += &format!("{id} {groups:?} {faces:?}\n");
    }
    assert_eq!(all_faces, snapshot.face_count());
    text
}

fn same_answers(world: &World, model: &Model, probe: &Embedding) {
    let (ids, groups): (Vec<String>, Vec<GroupId>) = model
        .groups
        .keys()
        .map(|id| (id.clone(), group(id)))
        .unzip();
    let options = SearchOptions {
        top: 2,
        fpir: TargetFpir::new(0.5).unwrap(),
        min_score: None,
    };
    for against in [Against::Faces, Against::Persons] {
        let expected = model.search(probe, &ids, against);
        let found = world
            .snapshot()
            .search(&world.matcher, probe, &groups, against, &options);
        let text = |one: &Candidate| {
            let face = one.face.map(FaceId::get);
            format!("{:?}", (one.cosine, one.person.as_str(), face))
        };
        match found {
            Ok(found) => {
                let found: Vec<String> = found.candidates.iter().map(text).collect();
                assert_eq!(found, expected, "{against:?}");
            }
            Err(error) => {
                assert!(expected.is_empty(), "{error}");
                let empty = if ids.is_empty() {
                    Status::ErrorParameterEmpty
                } else {
                    Status::NoFaceInGroups
                };
                assert_eq!(error.status(), empty);
            }
        }
    }
}

fn library_and_model_agree(ops: &[Op]) {
    let limits = Limits::new(GROUPS, FACES_IN_GROUP, FACES).unwrap();
    let (mut world, mut model) = (World::within(limits), Model::default());
    for (n, op) in ops.iter().enumerate() {
        let expected = model.apply(op);
        assert_eq!(run(&mut world, op), expected, "operation {n}: {op:?}");
        assert_eq!(
            describe(&world.snapshot()),
            model.describe(),
            "operation {n}: {op:?}"
        );
        same_answers(&world, &model, &look(n as u8 % 5));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_library_does_what_the_model_does(ops in prop::collection::vec(op(), 1..60)) {
        library_and_model_agree(&ops);
    }
}

/// 200 times up to 200 operations: minutes.
#[test]
#[ignore = "long"]
fn the_library_does_what_the_model_does_at_length() {
    let config = ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let ops = prop::collection::vec(op(), 100..200);
    let result = runner.run(&ops, |ops| {
        library_and_model_agree(&ops);
        Ok(())
    });
    result.unwrap();
}
