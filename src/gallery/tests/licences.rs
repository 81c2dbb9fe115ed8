//! What a licence opens in a gallery, and what stays open without one.

use super::world::*;
use crate::config::TargetFmr;
use std::sync::Arc;
use vultus_licensing::licence::{Licence, Tier};
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::testkit::{self, ISSUED_AT, TestClock};

#[test]
fn what_the_owner_of_data_needs_outlives_the_trial() {
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    let mut world = two_groups();
    world.matcher =
        Matcher::new(&testkit::grant_of(&testkit::trial(), &clock), curve(PACK)).unwrap();
    world.person("g", "d").unwrap();
    clock.pass(TRIAL_SECONDS + 60);
    let probe = somebody("a");
    let snapshot = world.snapshot();
    let groups = [group("g")];
    let target = TargetFmr::new(1e-3).unwrap();
    let faces = Against::Faces;
    let refused = [
        status(snapshot.search(&world.matcher, &probe, &groups, faces, &options(0.1))),
        status(snapshot.search_by_group(&world.matcher, &probe, &groups, faces, &options(0.1))),
        status(snapshot.verify_face(&world.matcher, &person("a"), &probe, target)),
        status(snapshot.verify_person(&world.matcher, &person("a"), &probe, target)),
        status(snapshot.estimate_duplicates(&world.matcher, &groups, faces, target)),
        status(world.person("g", "e")),
        status(world.faces("a", 1)),
    ];
    assert_eq!(refused, [Status::LicenceExpired; 7]);
    // Opening, listing, changing and deleting ask for no licence.
    world.reopen();
    assert_eq!(world.snapshot().person_count(), 4);
    assert_eq!(
        world
            .snapshot()
            .persons(&group("g"), Page::default())
            .unwrap()
            .len(),
        3
    );
    world
        .edit(|edit| edit.rename_person(&person("a"), "Wang"))
        .unwrap();
    world
        .edit(|edit| edit.delete_faces(&person("b"), &[FaceId::from_number(2)]))
        .unwrap();
    world.edit(|edit| edit.delete_group(&group("h"))).unwrap();
    world.edit(|edit| edit.delete_person(&person("a"))).unwrap();
    world.reopen();
    let snapshot = world.snapshot();
    assert_eq!(
        (
            snapshot.group_count(),
            snapshot.person_count(),
            snapshot.face_count()
        ),
        (1, 2, 3)
    );
}

#[test]
fn a_licence_that_does_not_recognise_makes_no_matcher() {
    let grant = testkit::grant(Tier::Detect);
    assert!(Matcher::new(&grant, curve(PACK)).is_err());
}

#[test]
fn a_licence_may_set_fewer_faces() {
    let grant = |most| {
        let licence = Licence {
            gallery_max: Some(most),
            ..testkit::licence()
        };
        let clock = Arc::new(TestClock::at(ISSUED_AT));
        testkit::grant_of(&licence, &clock)
    };
    let mut world = World::new();
    world.group("g").unwrap();
    world.matcher = Matcher::new(&grant(2), curve(PACK)).unwrap();
    world.person("g", "p").unwrap();
    world.person("g", "q").unwrap();
    assert_eq!(status(world.person("g", "r")), Status::AccountFaceNumExceed);
    assert_eq!(status(world.faces("p", 1)), Status::AccountFaceNumExceed);
    // The same gallery under a wider licence.
    world.matcher = Matcher::new(&grant(3), curve(PACK)).unwrap();
    world.person("g", "r").unwrap();
}
