//! Every rule on both sides of its limit.

use super::world::*;

type Step = fn(&World) -> Result<()>;

/// A rule, what is just allowed, what is just not, and under which name it is refused.
struct Rule {
    name: &'static str,
    allowed: Step,
    refused: Step,
    status: Status,
}

const fn rule(name: &'static str, status: Status, allowed: Step, refused: Step) -> Rule {
    Rule {
        name,
        allowed,
        refused,
        status,
    }
}

/// 3 groups of 7 faces, 9 faces altogether: one group `g` with a person `p` of one face, one empty
/// group `h`.
fn world() -> World {
    let world = World::within(Limits::new(3, 7, 9).unwrap());
    let fields = ["age", "floor"].map(str::to_owned).to_vec();
    let new = NewGroup {
        fields,
        ..NewGroup::new(group("g"), "g", PACK)
    };
    world.edit(|edit| edit.create_group(&new)).unwrap();
    world.group("h").unwrap();
    world.person("g", "p").unwrap();
    world
}

fn done<T>(result: Result<T>) -> Result<()> {
    result.map(|_| ())
}

fn group_id(id: &str) -> Result<()> {
    Ok(GroupId::new(id).map(drop)?)
}

fn person_id(id: &str) -> Result<()> {
    Ok(PersonId::new(id).map(drop)?)
}

fn named_group(world: &World, name: &str, tag: &str, fields: &[&str]) -> Result<()> {
    let new = NewGroup {
        tag: tag.to_owned(),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..NewGroup::new(group("new"), name, PACK)
    };
    world.edit(|edit| edit.create_group(&new))
}

fn named_person(world: &World, name: &str, fields: &[(&str, &str)]) -> Result<()> {
    let fields = fields
        .iter()
        .map(|&(name, value)| (name.to_owned(), value.to_owned()));
    let new = NewPerson {
        fields: fields.collect(),
        ..NewPerson::new(person("new"), name)
    };
    let face = EnrolFace::new(somebody("new"), 50.0);
    let unique = UniquePersonControl::default();
    done(world.edit(|edit| edit.create_person(&world.matcher, &group("g"), &new, face, unique)))
}

fn chars(c: char, count: usize) -> String {
    c.to_string().repeat(count)
}

fn search(world: &World, groups: &[GroupId], top: usize, by_group: bool) -> Result<()> {
    let options = SearchOptions {
        top,
        fpir: crate::config::TargetFpir::new(0.1)?,
        min_score: None,
    };
    let (probe, snapshot) = (somebody("p"), world.snapshot());
    let faces = Against::Faces;
    match by_group {
        true => done(snapshot.search_by_group(&world.matcher, &probe, groups, faces, &options)),
        false => done(snapshot.search(&world.matcher, &probe, groups, faces, &options)),
    }
}

/// `count` groups that hold the person `p`, beside those of [`world`].
fn many_groups(count: usize) -> World {
    let world = World::new();
    world.group("g").unwrap();
    world.person("g", "p").unwrap();
    let groups: Vec<GroupId> = (0..count).map(|n| group(&format!("m{n}"))).collect();
    world
        .edit(|edit| {
            for id in &groups {
                edit.create_group(&NewGroup::new(id.clone(), id.as_str(), PACK))?;
            }
            edit.copy_person(&person("p"), &groups)
        })
        .unwrap();
    world
}

fn all_groups(world: &World) -> Vec<GroupId> {
    let groups = world
        .snapshot()
        .groups(Page::new(0, PAGE).unwrap())
        .unwrap();
    groups.into_iter().map(|group| group.id).collect()
}

/// `person` has `count` more faces; refused is one more.
fn grow(world: &World, counts: &[usize]) -> Result<()> {
    for &count in counts {
        let outcomes = world.faces("p", count)?;
        assert!(
            outcomes
                .iter()
                .all(|one| matches!(one, FaceOutcome::Joined(_)))
        );
    }
    Ok(())
}

// A table: one rule, one place.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule("id of a group: 64 bytes", Status::GroupIdTooLong,
        |_| group_id(&chars('a', 64)), |_| group_id(&chars('a', 65))),
    rule("id of a group: its characters", Status::GroupIdIllegal,
        |_| group_id("AZaz09-%@#&_"), |_| group_id("a.b")),
    rule("id of a group: not empty", Status::ErrorParameterEmpty,
        |_| group_id("a"), |_| group_id("")),
    rule("id of a group: unique", Status::GroupIdAlreadyExist,
        |world| world.group("G"), |world| world.edit(|edit| edit.create_group(&NewGroup::new(group("g"), "other", PACK)))),
    rule("id of a person: 64 bytes", Status::PersonIdTooLong,
        |_| person_id(&chars('9', 64)), |_| person_id(&chars('9', 65))),
    rule("id of a person: its characters", Status::PersonIdIllegal,
        |_| person_id("AZaz09-%@#&_"), |_| person_id("张")),
    rule("id of a person: not empty", Status::ErrorParameterEmpty,
        |_| person_id("a"), |_| person_id("")),
    rule("id of a person: unique in the gallery", Status::PersonIdAlreadyExist,
        |world| done(world.person("h", "q")), |world| done(world.person("h", "p"))),
    rule("name of a group: 60 characters", Status::GroupNameTooLong,
        |world| named_group(world, &chars('门', 60), "", &[]), |world| named_group(world, &chars('门', 61), "", &[])),
    rule("name of a group: its characters", Status::GroupNameIllegal,
        |world| named_group(world, "一楼_East-1", "", &[]), |world| named_group(world, "first floor", "", &[])),
    rule("name of a group: not empty", Status::ErrorParameterEmpty,
        |world| named_group(world, "a", "", &[]), |world| named_group(world, "", "", &[])),
    rule("name of a group: unique", Status::GroupNameAlreadyExist,
        |world| named_group(world, "G", "", &[]), |world| named_group(world, "g", "", &[])),
    rule("name of a group: unique when renamed", Status::GroupNameAlreadyExist,
        |world| world.edit(|edit| edit.rename_group(&group("g"), "g")),
        |world| world.edit(|edit| edit.rename_group(&group("g"), "h"))),
    rule("tag: 40 characters", Status::GroupTagTooLong,
        |world| named_group(world, "new", &chars('标', 40), &[]), |world| named_group(world, "new", &chars('标', 41), &[])),
    rule("tag: its characters", Status::GroupTagIllegal,
        |world| world.edit(|edit| edit.set_group_tag(&group("g"), "a_1")),
        |world| world.edit(|edit| edit.set_group_tag(&group("g"), "a!"))),
    rule("custom fields: 5 a group", Status::GroupExDescriptionsExceed,
        |world| named_group(world, "new", "", &["a", "b", "c", "d", "e"]),
        |world| named_group(world, "new", "", &["a", "b", "c", "d", "e", "f"])),
    rule("custom fields: 5 a group, one by one", Status::GroupExDescriptionsExceed,
        |world| world.edit(|edit| ["c", "d", "e"].iter().try_for_each(|name| edit.add_field(&group("g"), name))),
        |world| world.edit(|edit| ["c", "d", "e", "f"].iter().try_for_each(|name| edit.add_field(&group("g"), name)))),
    rule("custom fields: unique", Status::GroupExDescriptionsNameIdentical,
        |world| named_group(world, "new", "", &["a", "A"]), |world| named_group(world, "new", "", &["a", "a"])),
    rule("custom fields: unique when renamed", Status::GroupExDescriptionsNameIdentical,
        |world| world.edit(|edit| edit.rename_field(&group("g"), "age", "age")),
        |world| world.edit(|edit| edit.rename_field(&group("g"), "age", "floor"))),
    rule("custom fields: 30 characters", Status::GroupExDescriptionsNameTooLong,
        |world| named_group(world, "new", "", &[&chars('f', 30)]), |world| named_group(world, "new", "", &[&chars('f', 31)])),
    rule("custom fields: their characters", Status::GroupExDescriptionsNameIllegal,
        |world| named_group(world, "new", "", &["工号"]), |world| named_group(world, "new", "", &["工 号"])),
    rule("custom fields: one that there is", Status::GroupExDescriptionsNameIllegal,
        |world| world.edit(|edit| edit.remove_field(&group("g"), "age")),
        |world| world.edit(|edit| edit.remove_field(&group("h"), "age"))),
    rule("groups of the gallery", Status::GroupNumExceed,
        |world| world.group("i"), |world| { world.group("i")?; world.group("j") }),
    rule("a group that there is", Status::GroupIdNotExist,
        |world| done(world.edit(|edit| edit.delete_group(&group("h")))),
        |world| done(world.edit(|edit| edit.delete_group(&group("i"))))),
    rule("name of a person: 60 characters", Status::PersonNameTooLong,
        |world| named_person(world, &chars('李', 60), &[]), |world| named_person(world, &chars('李', 61), &[])),
    rule("name of a person: its characters", Status::PersonNameIllegal,
        |world| named_person(world, "Li-1_伟", &[]), |world| named_person(world, "Li Wei", &[])),
    rule("name of a person: not empty", Status::ErrorParameterEmpty,
        |world| world.edit(|edit| edit.rename_person(&person("p"), "w")),
        |world| world.edit(|edit| edit.rename_person(&person("p"), ""))),
    rule("gender", Status::PersonGenderIllegal,
        |_| Ok(Gender::new(2).map(drop)?), |_| Ok(Gender::new(3).map(drop)?)),
    rule("values: 60 characters", Status::PersonExDescriptionsNameTooLong,
        |world| named_person(world, "n", &[("age", &chars('.', 60))]),
        |world| named_person(world, "n", &[("age", &chars('.', 61))])),
    rule("values: no control characters", Status::PersonExDescriptionsNameIllegal,
        |world| named_person(world, "n", &[("age", "3 1/2, or so")]),
        |world| named_person(world, "n", &[("age", "3\n4")])),
    rule("values: of fields that there are", Status::PersonExDescriptionsNameIllegal,
        |world| named_person(world, "n", &[("floor", "1")]), |world| named_person(world, "n", &[("flor", "1")])),
    rule("values: each field once", Status::PersonExDescriptionsNameIdentical,
        |world| named_person(world, "n", &[("age", "1"), ("floor", "1")]),
        |world| named_person(world, "n", &[("age", "1"), ("age", "1")])),
    rule("values: 5 at most", Status::PersonExDescriptionInfosExceed,
        |world| world.edit(|edit| {
            ["c", "d", "e"].iter().try_for_each(|name| edit.add_field(&group("g"), name))?;
            let values = ["age", "floor", "c", "d", "e"].map(|name| (name.to_owned(), "1".to_owned()));
            edit.set_fields(&person("p"), &group("g"), &values)
        }),
        |world| world.edit(|edit| {
            let values = ["age"; 6].map(|name| (name.to_owned(), "1".to_owned()));
            edit.set_fields(&person("p"), &group("g"), &values)
        })),
    rule("values: in a group that the person is in", Status::GroupPersonMapNotExist,
        |world| world.edit(|edit| edit.set_fields(&person("p"), &group("g"), &[])),
        |world| world.edit(|edit| edit.set_fields(&person("p"), &group("h"), &[]))),
    rule("a person that there is", Status::PersonIdNotExist,
        |world| world.edit(|edit| edit.delete_person(&person("p"))),
        |world| world.edit(|edit| edit.delete_person(&person("q")))),
    rule("faces: 5 a person", Status::PersonFaceNumExceed,
        |world| grow(world, &[2, 2]), |world| grow(world, &[2, 3])),
    rule("faces: 4 a call", Status::UploadFaceNumExceed,
        |world| grow(world, &[4]), |world| grow(world, &[5])),
    rule("faces: at least one a call", Status::ErrorParameterEmpty,
        |world| grow(world, &[1]), |world| grow(world, &[0])),
    rule("faces: one stays", Status::DeleteFaceNumExceed,
        |world| { grow(world, &[1])?; delete_faces(world, 1) },
        |world| { grow(world, &[1])?; delete_faces(world, 2) }),
    rule("faces: ones that there are", Status::FaceIdNotExist,
        |world| { grow(world, &[2])?; world.edit(|edit| edit.delete_faces(&person("p"), &[FaceId::from_number(2)])) },
        |world| { grow(world, &[2])?; world.edit(|edit| edit.delete_faces(&person("p"), &[FaceId::from_number(9)])) }),
    rule("faces of a group", Status::GroupFaceNumExceed,
        |world| { grow(world, &[4])?; done(world.person("g", "q"))?; done(world.person("g", "r")) },
        |world| { grow(world, &[4])?; done(world.person("g", "q"))?; done(world.person("g", "r"))?; done(world.person("g", "s")) }),
    rule("faces of a group, when copied", Status::GroupFaceNumExceed,
        |world| { grow(world, &[4])?; done(world.person("h", "q"))?; done(world.person("h", "r"))?;
            world.edit(|edit| edit.copy_person(&person("p"), &[group("h")])) },
        |world| { grow(world, &[4])?; ["q", "r", "s"].iter().try_for_each(|id| done(world.person("h", id)))?;
            world.edit(|edit| edit.copy_person(&person("p"), &[group("h")])) }),
    rule("faces of the gallery", Status::AccountFaceNumExceed,
        |world| { grow(world, &[4])?; ["q", "r", "s", "t"].iter().try_for_each(|id| done(world.person("h", id))) },
        |world| { grow(world, &[4])?; ["q", "r", "s", "t", "u"].iter().try_for_each(|id| done(world.person("h", id))) }),
    rule("quality of a face", Status::InvalidParameter,
        |world| one_face(world, EnrolFace::new(somebody("new"), 100.0)),
        |world| one_face(world, EnrolFace::new(somebody("new"), 100.1))),
    rule("crop: up to 1 MiB", Status::InvalidParameter,
        |world| one_face(world, EnrolFace { crop: Some(vec![1; CROP_BYTES]), ..EnrolFace::new(somebody("new"), 1.0) }),
        |world| one_face(world, EnrolFace { crop: Some(vec![1; CROP_BYTES + 1]), ..EnrolFace::new(somebody("new"), 1.0) })),
    rule("crop: some bytes", Status::InvalidParameter,
        |world| one_face(world, EnrolFace { crop: Some(vec![1]), ..EnrolFace::new(somebody("new"), 1.0) }),
        |world| one_face(world, EnrolFace { crop: Some(Vec::new()), ..EnrolFace::new(somebody("new"), 1.0) })),
    rule("faces of the group's pack", Status::AcrossVersions,
        |world| one_face(world, EnrolFace::new(somebody("new"), 1.0)),
        |world| one_face(world, EnrolFace::new(in_other(&somebody("new")), 1.0))),
    rule("a person is in a group once", Status::PersonExistInGroup,
        |world| world.edit(|edit| edit.copy_person(&person("p"), &[group("h")])),
        |world| world.edit(|edit| edit.copy_person(&person("p"), &[group("g")]))),
    rule("each group is named once", Status::InvalidParameter,
        |world| world.edit(|edit| edit.copy_person(&person("p"), &[group("h")])),
        |world| world.edit(|edit| edit.copy_person(&person("p"), &[group("h"), group("h")]))),
    rule("removing from a group that the person is in", Status::GroupPersonMapNotExist,
        |world| done(world.edit(|edit| edit.remove_from_group(&person("p"), &group("g")))),
        |world| done(world.edit(|edit| edit.remove_from_group(&person("p"), &group("h"))))),
    rule("level of the check for the same person", Status::UniquePersonControlIllegal,
        |_| Ok(UniquePersonControl::new(4).map(drop)?), |_| Ok(UniquePersonControl::new(5).map(drop)?)),
    rule("score that new faces reach: up to 100", Status::FaceMatchThresholdIllegal,
        |_| Ok(FaceMatchThreshold::new(100.0).map(drop)?), |_| Ok(FaceMatchThreshold::new(100.1).map(drop)?)),
    rule("score that new faces reach: from 0 on", Status::FaceMatchThresholdIllegal,
        |_| Ok(FaceMatchThreshold::new(0.0).map(drop)?), |_| Ok(FaceMatchThreshold::new(-0.1).map(drop)?)),
    rule("score that new faces reach: a number", Status::FaceMatchThresholdIllegal,
        |_| Ok(FaceMatchThreshold::new(60.0).map(drop)?), |_| Ok(FaceMatchThreshold::new(f64::NAN).map(drop)?)),
    rule("model id: id@version", Status::FaceModelVersionIllegal,
        |world| world.edit(|edit| edit.create_group(&NewGroup::new(group("i"), "i", "a@1"))),
        |world| world.edit(|edit| edit.create_group(&NewGroup::new(group("i"), "i", "a1")))),
    rule("page: 1000 entries", Status::LimitExceed,
        |_| Ok(Page::new(0, 1000).map(drop)?), |_| Ok(Page::new(0, 1001).map(drop)?)),
    rule("page: at least one entry", Status::ErrorParameterEmpty,
        |_| Ok(Page::new(0, 1).map(drop)?), |_| Ok(Page::new(0, 0).map(drop)?)),
    rule("page: begins at the end at the latest", Status::OffsetExceed,
        |world| done(Ok(world.snapshot().groups(Page::new(2, 9)?)?)),
        |world| done(Ok(world.snapshot().groups(Page::new(3, 9)?)?))),
    rule("search: some groups", Status::ErrorParameterEmpty,
        |world| search(world, &[group("g")], 1, false), |world| search(world, &[], 1, false)),
    rule("search: groups that have faces", Status::NoFaceInGroups,
        |world| search(world, &[group("h"), group("g")], 1, false), |world| search(world, &[group("h")], 1, false)),
    rule("search: 100 persons", Status::SearchPersonsExceed,
        |world| search(world, &[group("g")], 100, false), |world| search(world, &[group("g")], 101, false)),
    rule("search by group: 10 persons", Status::SearchPersonsExceed,
        |world| search(world, &[group("g")], 10, true), |world| search(world, &[group("g")], 11, true)),
    rule("search: one person at least", Status::ErrorParameterEmpty,
        |world| search(world, &[group("g")], 1, false), |world| search(world, &[group("g")], 0, false)),
    rule("search: each group once", Status::InvalidParameter,
        |world| search(world, &[group("g"), group("h")], 1, false),
        |world| search(world, &[group("g"), group("g")], 1, false)),
    rule("groups of the gallery's limits", Status::InvalidParameter,
        |_| Ok(Limits::new(100_000, 3_000_000, 10_000_000).map(drop)?),
        |_| Ok(Limits::new(100_001, 3_000_000, 10_000_000).map(drop)?)),
    rule("faces of a group's limits", Status::InvalidParameter,
        |_| Ok(Limits::new(1, 3_000_000, 1).map(drop)?), |_| Ok(Limits::new(1, 3_000_001, 1).map(drop)?)),
    rule("faces of the gallery's limits", Status::InvalidParameter,
        |_| Ok(Limits::new(1, 1, 1).map(drop)?), |_| Ok(Limits::new(1, 1, 0).map(drop)?)),
];

fn one_face(world: &World, face: EnrolFace) -> Result<()> {
    let new = NewPerson::new(person("new"), "n");
    let unique = UniquePersonControl::default();
    done(world.edit(|edit| edit.create_person(&world.matcher, &group("g"), &new, face, unique)))
}

fn delete_faces(world: &World, count: usize) -> Result<()> {
    let faces = world.snapshot().person(&person("p"))?.faces;
    let faces: Vec<FaceId> = faces.iter().take(count).map(|face| face.id).collect();
    world.edit(|edit| edit.delete_faces(&person("p"), &faces))
}

#[test]
fn every_rule_holds_on_both_sides() {
    for rule in RULES {
        let allowed = (rule.allowed)(&world());
        assert!(allowed.is_ok(), "{}: {:?}", rule.name, allowed.err());
        let error = (rule.refused)(&world()).expect_err(rule.name);
        assert_eq!(error.status(), rule.status, "{}: {error}", rule.name);
    }
}

#[test]
fn a_person_is_in_100_groups_at_most() {
    let world = many_groups(99);
    world.group("last").unwrap();
    let copied = world.edit(|edit| edit.copy_person(&person("p"), &[group("last")]));
    assert_eq!(status(copied), Status::GroupNumPerPersonExceed);
    let world = many_groups(98);
    world.group("last").unwrap();
    world
        .edit(|edit| edit.copy_person(&person("p"), &[group("last")]))
        .unwrap();
    assert_eq!(
        world.snapshot().person(&person("p")).unwrap().groups.len(),
        100
    );
}

#[test]
fn a_search_takes_100_groups_and_60_by_group() {
    let world = many_groups(99);
    let mut groups = all_groups(&world);
    assert_eq!(groups.len(), 100);
    search(&world, &groups, 1, false).unwrap();
    search(&world, &groups[..60], 1, true).unwrap();
    assert_eq!(
        status(search(&world, &groups[..61], 1, true)),
        Status::GroupIdsExceed
    );
    world.group("last").unwrap();
    groups.push(group("last"));
    assert_eq!(
        status(search(&world, &groups, 1, false)),
        Status::GroupIdsExceed
    );
}

#[test]
fn a_new_id_does_not_begin_like_an_option() {
    let world = World::new();
    assert_eq!(status(world.group("-g")), Status::GroupIdIllegal);
    world.group("g-").unwrap();
    assert_eq!(status(world.person("g-", "-a")), Status::PersonIdIllegal);
    assert!(world.person("g-", "a-").is_ok());
    // One of an earlier gallery can still be named, and removed.
    assert!(PersonId::new("-a").is_ok());
}
