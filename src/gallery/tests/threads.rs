//! One writer, several readers, and failures in the middle of a change.

use super::world::*;
use crate::config::TargetFpir;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const READERS: usize = 4;

/// What readers saw.
#[derive(Default)]
struct Seen {
    searches: usize,
    wrong: usize,
    /// Milliseconds, rising.
    times: Vec<f64>,
}

/// Persons come and go under ids and rows that are used again. Every search is for somebody who
/// stays: the answer must be that person, with a face that the same snapshot says is theirs.
fn readers_beside_a_writer(time: Duration, writing: bool) -> Seen {
    let world = World::new();
    world.group("g").unwrap();
    let stay: Vec<String> = (0..50).map(|n| format!("stay{n}")).collect();
    for id in &stay {
        world.person("g", id).unwrap();
    }
    let stop = AtomicBool::new(false);
    let mut seen = Seen::default();
    thread::scope(|scope| {
        let (world, stop, stay) = (&world, &stop, &stay);
        let readers: Vec<_> = (0..READERS)
            .map(|n| scope.spawn(move || read(world, stay, n, stop)))
            .collect();
        let end = Instant::now() + time;
        let mut round = 0;
        while Instant::now() < end {
            if writing {
                write(world, round);
                round += 1;
            } else {
                thread::yield_now();
            }
        }
        stop.store(true, Ordering::Relaxed);
        for reader in readers {
            let one = reader.join().unwrap();
            seen.searches += one.searches;
            seen.wrong += one.wrong;
            seen.times.extend(one.times);
        }
    });
    seen.times.sort_by(f64::total_cmp);
    seen
}

/// A person comes, gets a face more, loses the first and goes: rows change hands all the time.
fn write(world: &World, round: usize) {
    let id = format!("come{}", round % 7);
    if world.snapshot().person(&person(&id)).is_ok() {
        world.edit(|edit| edit.delete_person(&person(&id))).unwrap();
        return;
    }
    world.person("g", &id).unwrap();
    world.faces(&id, 2).unwrap();
    let faces = world.snapshot().person(&person(&id)).unwrap().faces;
    world
        .edit(|edit| edit.delete_faces(&person(&id), &[faces[0].id]))
        .unwrap();
}

fn read(world: &World, stay: &[String], offset: usize, stop: &AtomicBool) -> Seen {
    let options = SearchOptions {
        top: 3,
        fpir: TargetFpir::new(0.5).unwrap(),
        min_score: None,
    };
    let probes: Vec<Embedding> = stay.iter().map(|id| like(&somebody(id), 5, 1e-3)).collect();
    let mut seen = Seen::default();
    let mut owners: HashMap<FaceId, PersonId> = HashMap::new();
    while !stop.load(Ordering::Relaxed) {
        let who = (seen.searches + offset) % stay.len();
        let begun = Instant::now();
        let snapshot = world.snapshot();
        let found = snapshot
            .search(
                &world.matcher,
                &probes[who],
                &[group("g")],
                Against::Faces,
                &options,
            )
            .unwrap();
        seen.times.push(begun.elapsed().as_secs_f64() * 1e3);
        seen.searches += 1;
        let right = found
            .accepted()
            .is_some_and(|one| one.person.as_str() == stay[who]);
        let whole = found.candidates.iter().all(|one| {
            let face = one.face.unwrap();
            let info = snapshot.person(&one.person).unwrap();
            // A face keeps its person for ever.
            let owner = owners.entry(face).or_insert_with(|| one.person.clone());
            info.faces.iter().any(|other| other.id == face) && *owner == one.person
        });
        seen.wrong += usize::from(!(right && whole));
    }
    seen
}

#[test]
fn nobody_is_given_another_name_while_others_are_enrolled() {
    let seen = readers_beside_a_writer(Duration::from_secs(2), true);
    assert_eq!(seen.wrong, 0, "of {}", seen.searches);
    assert!(seen.searches > 100);
}

/// A minute with the writer and a minute without it.
#[test]
#[ignore = "long"]
#[allow(clippy::print_stdout)]
fn nobody_is_given_another_name_for_a_minute() {
    for writing in [false, true] {
        let seen = readers_beside_a_writer(Duration::from_secs(60), writing);
        let p99 = seen.times[seen.times.len() * 99 / 100];
        println!(
            "{} readers, writer {writing}: {} searches, {} wrong, p99 {p99:.3} ms",
            READERS, seen.searches, seen.wrong
        );
        assert_eq!(seen.wrong, 0);
    }
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let world = World::new();
    world.group("g").unwrap();
    world.person("g", "a").unwrap();
    let before = world.snapshot();
    world.person("g", "b").unwrap();
    world.edit(|edit| edit.delete_person(&person("a"))).unwrap();
    assert_eq!(before.person_count(), 1);
    assert!(before.person(&person("a")).is_ok() && before.person(&person("b")).is_err());
    assert!(world.snapshot().person(&person("a")).is_err());
}

#[test]
fn a_change_is_made_whole_or_not_at_all() {
    let mut world = World::new();
    world.group("g").unwrap();
    let refused = world.edit(|edit| {
        edit.rename_group(&group("g"), "new")?;
        edit.delete_group(&group("h"))
    });
    assert_eq!(status(refused), Status::GroupIdNotExist);
    assert_eq!(world.snapshot().group(&group("g")).unwrap().name, "g");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        world.edit::<()>(|edit| {
            edit.rename_group(&group("g"), "new")?;
            panic!("the caller's mistake")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(world.snapshot().group(&group("g")).unwrap().name, "g");
    // Neither keeps the next change from being made.
    world.person("g", "a").unwrap();
    world.reopen();
    assert_eq!(world.snapshot().person_count(), 1);
}

#[test]
fn numbers_of_faces_never_come_back() {
    let mut world = World::new();
    world.group("g").unwrap();
    let mut last = 0;
    for round in 0..6 {
        let Enrolment::Created(face) = world.person("g", "a").unwrap() else {
            panic!("level 0 compares with no one");
        };
        assert!(face.get() > last, "round {round}");
        last = face.get();
        world.edit(|edit| edit.delete_person(&person("a"))).unwrap();
        world.reopen();
    }
}
