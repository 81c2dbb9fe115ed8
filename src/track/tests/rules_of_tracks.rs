//! When tracks begin, pause and end.

use super::super::TrackError;
use super::*;

#[test]
fn a_face_enters_when_it_was_seen_twice() {
    let mut door = Door::new();
    let first = door.show(&[face(100.0, 100.0, 60.0)]);
    assert_eq!((first.tracks, first.changes), (vec![None], vec![]));
    let second = door.show(&[face(102.0, 100.0, 60.0)]);
    assert_eq!(second.tracks, [Some(id(1))]);
    assert_eq!(second.changes, [Change::Entered(id(1))]);
}

#[test]
fn one_sighting_is_enough_where_the_rules_say_so() {
    let rules = TrackRules::default().with_sightings_to_enter(1).expect("1");
    let update = Door::with(rules).show(&[face(100.0, 100.0, 60.0)]);
    assert_eq!(update.changes, [Change::Entered(id(1))]);
}

#[test]
fn what_flickers_never_enters() {
    let mut door = Door::new();
    for _ in 0..20 {
        assert_eq!(door.show(&[face(100.0, 100.0, 60.0)]).changes, []);
        assert_eq!(door.show(&[]).changes, []);
    }
}

#[test]
fn a_weak_detection_goes_on_with_a_face_but_begins_none() {
    let mut door = Door::new();
    for _ in 0..5 {
        assert_eq!(door.show(&[weak(100.0, 100.0, 60.0)]).tracks, [None]);
    }
    door.show(&[face(100.0, 100.0, 60.0)]);
    door.show(&[face(100.0, 100.0, 60.0)]);
    let covered = door.show(&[weak(101.0, 100.0, 60.0)]);
    assert_eq!(
        (covered.tracks, covered.changes),
        (vec![Some(id(1))], vec![])
    );
}

#[test]
fn a_weak_detection_beside_a_face_is_not_that_face() {
    let mut door = Door::new();
    door.show(&[face(100.0, 100.0, 60.0)]);
    door.show(&[face(100.0, 100.0, 60.0)]);
    let beside = door.show(&[weak(150.0, 100.0, 60.0)]);
    assert_eq!(beside.tracks, [None]);
    assert_eq!(beside.changes, [Change::Lost(id(1))]);
}

#[test]
fn a_face_is_lost_then_gone_and_its_number_never_returns() {
    let rules = TrackRules::default()
        .with_gone_after_us(400_000)
        .expect("0.4 s");
    let mut door = Door::with(rules);
    door.show(&[face(100.0, 100.0, 60.0)]);
    door.show(&[face(100.0, 100.0, 60.0)]);
    assert_eq!(door.wait(9), [Change::Lost(id(1))]);
    assert_eq!(
        door.wait(1),
        [Change::Left(id(1))],
        "0.4 s after it was seen"
    );
    door.show(&[face(100.0, 100.0, 60.0)]);
    let back = door.show(&[face(100.0, 100.0, 60.0)]);
    assert_eq!(back.changes, [Change::Entered(id(2))]);
}

#[test]
fn a_gap_of_half_a_second_is_bridged_by_place_a_longer_one_by_looks_alone() {
    for (frames, bridged) in [(11, true), (12, false)] {
        let mut door = Door::new();
        door.show(&[face(100.0, 100.0, 60.0)]);
        door.show(&[face(100.0, 100.0, 60.0)]);
        door.wait(frames);
        let back = door.show(&[face(100.0, 100.0, 60.0)]);
        let expected = bridged.then(|| id(1));
        assert_eq!(back.tracks, [expected], "{frames} frames without a face");
    }
}

#[test]
fn who_comes_back_elsewhere_is_known_by_looks() {
    let mut door = Door::new();
    door.show_people(&[7], &[face(100.0, 100.0, 60.0)]);
    door.show_people(&[7], &[face(100.0, 100.0, 60.0)]);
    door.wait(40);
    let back = door.show_people(&[7], &[face(500.0, 300.0, 90.0)]);
    assert_eq!(back.tracks, [Some(id(1))]);
    assert_eq!(back.changes, [Change::Found(id(1))]);
}

#[test]
fn who_steps_into_the_place_of_another_gets_a_number_of_their_own() {
    let mut door = Door::new();
    door.show_people(&[7], &[face(100.0, 100.0, 60.0)]);
    door.show_people(&[7], &[face(100.0, 100.0, 60.0)]);
    door.wait(20);
    door.show_people(&[8], &[face(100.0, 100.0, 60.0)]);
    let other = door.show_people(&[8], &[face(100.0, 100.0, 60.0)]);
    assert_eq!(other.changes, [Change::Entered(id(2))]);
}

#[test]
fn places_alone_are_enough_where_nobody_is_near() {
    let mut door = Door::new();
    for n in 0..50 {
        let x = 4.0 * n as f32;
        door.show_people(
            &[7, 8],
            &[face(100.0 + x, 100.0, 60.0), face(400.0 + x, 100.0, 60.0)],
        );
    }
    assert_eq!(door.asked, 0);
}

#[test]
fn a_track_that_turns_out_to_be_an_older_one_takes_its_number() {
    let mut door = Door::new();
    door.show(&[face(100.0, 100.0, 60.0)]);
    door.show(&[face(100.0, 100.0, 60.0)]);
    door.wait(30);
    door.show(&[face(400.0, 100.0, 60.0)]);
    door.show(&[face(400.0, 100.0, 60.0)]);
    let merged = door.tracker.merge(id(2), id(1));
    let change = Change::Merged {
        ended: id(2),
        into: id(1),
    };
    assert_eq!(merged, Ok(change));
    assert_eq!(door.show(&[face(400.0, 100.0, 60.0)]).tracks, [Some(id(1))]);
    assert_eq!(
        door.tracker.merge(id(2), id(1)),
        Err(TrackError::Unknown { track: id(2) })
    );
}

#[test]
fn two_faces_of_one_frame_are_never_one_person() {
    let mut door = Door::new();
    for _ in 0..2 {
        door.show(&[face(100.0, 100.0, 60.0), face(400.0, 100.0, 60.0)]);
    }
    let refused = TrackError::BothSeen {
        ended: id(2),
        into: id(1),
    };
    assert_eq!(door.tracker.merge(id(2), id(1)), Err(refused));
    assert!(door.tracker.merge(id(1), id(1)).is_err());
    let both = door.show(&[face(100.0, 100.0, 60.0), face(400.0, 100.0, 60.0)]);
    assert_eq!(both.tracks, [Some(id(1)), Some(id(2))]);
}

#[test]
fn times_have_to_rise_and_a_refused_frame_changes_nothing() {
    let mut tracker = Tracker::default();
    let one = [face(100.0, 100.0, 60.0)];
    tracker
        .update(1000, &one, &mut ByMotion)
        .expect("the first");
    for value_us in [1000, 999, 0] {
        let refused = TrackError::TimeNotRising {
            previous_us: 1000,
            value_us,
        };
        assert_eq!(tracker.update(value_us, &one, &mut ByMotion), Err(refused));
    }
    let second = tracker.update(41_000, &one, &mut ByMotion).expect("later");
    assert_eq!(second.changes, [Change::Entered(id(1))]);
}

#[test]
fn numbers_that_no_face_has_are_refused() {
    let mut tracker = Tracker::default();
    let good = face(100.0, 100.0, 60.0);
    for bad in [
        face(f32::NAN, 100.0, 60.0),
        face(100.0, f32::INFINITY, 60.0),
        face(100.0, 100.0, 0.0),
        face(100.0, 100.0, -5.0),
        Sighting { score: 1.5, ..good },
        Sighting {
            score: f32::NAN,
            ..good
        },
    ] {
        let refused = tracker.update(1, &[good, bad], &mut ByMotion);
        assert_eq!(
            refused,
            Err(TrackError::SightingInvalid { index: 1 }),
            "{bad:?}"
        );
    }
}

#[test]
fn of_a_crowd_the_strongest_are_followed_and_the_rest_is_counted() {
    let crowd: Vec<Sighting> = (0..80)
        .map(|n| Sighting {
            score: 0.99 - n as f32 * 0.001,
            ..face(
                50.0 + 100.0 * (n % 10) as f32,
                50.0 + 100.0 * (n / 10) as f32,
                30.0,
            )
        })
        .collect();
    let mut door = Door::new();
    door.show(&crowd);
    let update = door.show(&crowd);
    assert_eq!(update.left_out, 16);
    assert!(update.tracks[..64].iter().all(Option::is_some));
    assert!(update.tracks[64..].iter().all(Option::is_none));
}

#[test]
fn where_a_face_is_expected_and_how_unsure_that_is() {
    let mut door = Door::new();
    for n in 0..10 {
        door.show(&[face(100.0 + 8.0 * n as f32, 100.0, 60.0)]);
    }
    let at = |frames: u64| {
        let mut expected = door.tracker.expected((door.frame + frames) * FRAME_US);
        expected.next().expect("one face")
    };
    let (track, rect, doubt) = at(1);
    assert_eq!(track, Some(id(1)));
    assert!((rect.centre().x - 180.0).abs() < 4.0);
    assert!(doubt < 0.15, "{doubt}");
    assert!(at(10).2 > doubt);
}
