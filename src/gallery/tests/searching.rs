//! Enrolment control, search, verification and duplicates.

use super::world::*;
use crate::config::TargetFmr;
use crate::matching::cosine;
use crate::model::Score;
use std::ops::ControlFlow;

fn ids(found: &SearchResult) -> Vec<&str> {
    found
        .candidates
        .iter()
        .map(|one| one.person.as_str())
        .collect()
}

#[test]
fn a_search_names_the_person_and_says_what_to_expect() {
    let world = two_groups();
    let probe = like(&somebody("a"), 3, 1e-3);
    let groups = [group("g"), group("h")];
    let snapshot = world.snapshot();
    let search = |against| {
        snapshot
            .search(&world.matcher, &probe, &groups, against, &options(1e-2))
            .unwrap()
    };
    let found = search(Against::Faces);
    // Five faces: a, three of b (in both groups, counted once), c.
    assert_eq!(
        (found.searched, ids(&found)[0], found.candidates.len()),
        (5, "a", 3)
    );
    let threshold = 10.0 + 10.0 * (5.0_f64 / 1e-2).log10();
    assert!((found.threshold.get() - threshold).abs() < 1e-9);
    assert!((found.expected_fpir - 1e-2).abs() < 1e-9);
    assert_eq!(found.accepted().unwrap().person, person("a"));
    let expected = cosine(&probe, &somebody("a")).unwrap();
    assert_eq!(
        (found.candidates[0].cosine, found.candidates[0].face),
        (expected, Some(FaceId::from_number(1)))
    );
    // Three persons: b's faces are one feature.
    let found = search(Against::Persons);
    assert_eq!(
        (found.searched, found.candidates[0].face),
        (3, Some(FaceId::from_number(1)))
    );
    let of_b = found
        .candidates
        .iter()
        .find(|one| one.person == person("b"))
        .unwrap();
    assert_eq!(of_b.face, None);
}

#[test]
fn a_stranger_is_unknown_and_a_low_score_can_be_left_out() {
    let world = two_groups();
    let stranger = somebody("stranger");
    let groups = [group("g"), group("h")];
    let search = |min_score| {
        let options = SearchOptions {
            min_score,
            ..options(1e-2)
        };
        world
            .snapshot()
            .search(&world.matcher, &stranger, &groups, Against::Faces, &options)
            .unwrap()
    };
    let all = search(None);
    assert_eq!((all.accepted(), all.candidates.len()), (None, 3));
    let least = all.candidates[1].score;
    assert!(least > all.candidates[2].score || least == all.candidates[0].score);
    let filtered = search(Some(least));
    assert!(filtered.candidates.iter().all(|one| one.score >= least));
    assert_eq!(filtered.threshold, all.threshold);
    assert!(
        search(Some(Score::new(100.0).unwrap()))
            .candidates
            .is_empty()
    );
}

#[test]
fn by_group_each_answers_for_itself_at_one_threshold() {
    let world = two_groups();
    let probe = somebody("b");
    let groups = [group("h"), group("g")];
    let answers = world
        .snapshot()
        .search_by_group(
            &world.matcher,
            &probe,
            &groups,
            Against::Persons,
            &options(1e-2),
        )
        .unwrap();
    let of: Vec<(&str, Vec<&str>, usize)> = answers
        .iter()
        .map(|(group, found)| (group.as_str(), ids(found), found.searched))
        .collect();
    assert_eq!(of[0].0, "h");
    assert_eq!((&of[0].1[0], of[0].2), (&"b", 2));
    assert_eq!((of[1].0, &of[1].1[0], of[1].2), ("g", &"b", 2));
    // Two groups of two persons: four comparisons bound the whole call.
    let threshold = 10.0 + 10.0 * (4.0_f64 / 1e-2).log10();
    for (_, found) in &answers {
        assert!((found.threshold.get() - threshold).abs() < 1e-9);
        assert!((found.expected_fpir - 0.5e-2).abs() < 1e-9);
    }
}

#[test]
fn equal_faces_come_in_the_order_of_ids_whatever_their_history() {
    let mut world = World::new();
    world.group("g").unwrap();
    let twin = |id: &str| {
        let face = EnrolFace::new(somebody("same"), 50.0);
        let new = NewPerson::new(person(id), "n");
        let none = UniquePersonControl::default();
        world
            .edit(|edit| edit.create_person(&world.matcher, &group("g"), &new, face, none))
            .unwrap();
    };
    for id in ["d", "b", "e", "a", "c"] {
        twin(id);
    }
    world.edit(|edit| edit.delete_person(&person("b"))).unwrap();
    twin("b");
    let search = |world: &World, top| {
        let options = SearchOptions {
            top,
            ..options(0.1)
        };
        let found = world
            .snapshot()
            .search(
                &world.matcher,
                &somebody("same"),
                &[group("g")],
                Against::Faces,
                &options,
            )
            .unwrap();
        ids(&found).join("")
    };
    for top in 1..=5 {
        assert_eq!(search(&world, top), "abcde"[..top]);
    }
    world.reopen();
    for top in 1..=5 {
        assert_eq!(search(&world, top), "abcde"[..top]);
    }
}

#[test]
fn a_threshold_that_the_curve_cannot_support_is_refused() {
    let world = two_groups();
    let found = world.snapshot().search(
        &world.matcher,
        &somebody("a"),
        &[group("g")],
        Against::Faces,
        &options(1e-7),
    );
    assert_eq!(status(found), Status::CalibrationInsufficient);
}

#[test]
fn verifying_takes_the_best_face_or_all_of_them() {
    let world = two_groups();
    let target = TargetFmr::new(1e-3).unwrap();
    let probe = like(&somebody("b"), 1, 0.001);
    let snapshot = world.snapshot();
    let face = snapshot
        .verify_face(&world.matcher, &person("b"), &probe, target)
        .unwrap();
    // The first face added to b is exactly this one.
    assert_eq!(face.face, Some(FaceId::from_number(4)));
    assert!(face.comparison.is_match && face.comparison.cosine > 0.999_999);
    let fused = snapshot
        .verify_person(&world.matcher, &person("b"), &probe, target)
        .unwrap();
    assert_eq!(fused.face, None);
    assert!(fused.comparison.is_match && fused.comparison.cosine < face.comparison.cosine);
    let single = snapshot
        .verify_person(&world.matcher, &person("a"), &probe, target)
        .unwrap();
    assert_eq!(single.face, Some(FaceId::from_number(1)));
    assert!(!single.comparison.is_match);
    let nobody = snapshot.verify_face(&world.matcher, &person("z"), &probe, target);
    assert_eq!(status(nobody), Status::PersonIdNotExist);
    let other = snapshot.verify_face(&world.matcher, &person("a"), &in_other(&probe), target);
    assert_eq!(status(other), Status::AcrossVersions);
}

#[test]
fn each_level_holds_back_who_looks_like_somebody_in_the_group() {
    let world = World::new();
    world.group("g").unwrap();
    world.group("h").unwrap();
    world.person("g", "a").unwrap();
    let enrol = |into: &str, distance: f32, level: u8| {
        let probe = at_cosine(&somebody("a"), 1.0 - distance);
        let new = NewPerson::new(person(&format!("n{level}{into}")), "n");
        let level = UniquePersonControl::new(level).unwrap();
        let face = EnrolFace::new(probe, 50.0);
        let made = world.edit(|edit| {
            let made = edit.create_person(&world.matcher, &group(into), &new, face, level)?;
            if let Enrolment::Created(_) = made {
                edit.delete_person(&new.id)?;
            }
            Ok(made)
        });
        made.unwrap()
    };
    // At cosine 1 - d a share d of strangers come as close.
    for (level, rate) in [(1, 1e-2_f32), (2, 1e-3), (3, 1e-4), (4, 1e-5)] {
        let Enrolment::Similar(similar) = enrol("g", rate * 0.7, level) else {
            panic!("level {level} lets a double through");
        };
        assert_eq!(
            (similar.person, similar.face),
            (person("a"), FaceId::from_number(1))
        );
        assert!(similar.comparison.is_match);
        assert!(
            matches!(enrol("g", rate * 1.4, level), Enrolment::Created(_)),
            "level {level}"
        );
        assert!(
            matches!(enrol("h", rate * 0.7, level), Enrolment::Created(_)),
            "another group"
        );
    }
    assert!(matches!(enrol("g", 0.0, 0), Enrolment::Created(_)));
    assert_eq!(world.snapshot().person_count(), 1);
}

/// A vector of exactly this cosine, as far as `f32` goes.
fn at_cosine(embedding: &Embedding, cosine: f32) -> Embedding {
    let other = somebody("a direction");
    let along = crate::matching::cosine(embedding, &other).unwrap();
    let across: Vec<f32> = other
        .values()
        .iter()
        .zip(embedding.values())
        .map(|(o, e)| o - along * e)
        .collect();
    let across = unit(PACK, across);
    let sine = (1.0 - cosine * cosine).sqrt();
    let mixed = embedding.values().iter().zip(across.values());
    unit(PACK, mixed.map(|(e, a)| cosine * e + sine * a).collect())
}

#[test]
fn a_face_joins_only_its_own_person() {
    let world = World::new();
    world.group("g").unwrap();
    world.person("g", "a").unwrap();
    let faces = vec![
        EnrolFace::new(at_cosine(&somebody("a"), 1.0 - 0.7e-5), 50.0),
        EnrolFace::new(at_cosine(&somebody("a"), 1.0 - 1.4e-5), 50.0),
        EnrolFace::new(somebody("b"), 50.0),
    ];
    let outcomes = world
        .edit(|edit| {
            edit.add_faces(
                &world.matcher,
                &person("a"),
                faces,
                FaceMatchThreshold::default(),
            )
        })
        .unwrap();
    assert_eq!(outcomes[0], FaceOutcome::Joined(FaceId::from_number(2)));
    for outcome in &outcomes[1..] {
        let FaceOutcome::NotSimilar(score) = outcome else {
            panic!("{outcome:?}");
        };
        assert!(score.get() < 60.0);
    }
    assert_eq!(
        world.snapshot().person(&person("a")).unwrap().faces.len(),
        2
    );
}

#[test]
fn duplicates_are_the_pairs_of_a_brute_force() {
    let world = World::new();
    world.group("g").unwrap();
    let names: Vec<String> = (0..40).map(|n| format!("p{n:02}")).collect();
    let target = TargetFmr::new(0.3).unwrap();
    let look = |n: usize| like(&somebody("everybody"), n as u64, 1.0);
    world
        .edit(|edit| {
            for (n, name) in names.iter().enumerate() {
                let face = EnrolFace::new(look(n), 50.0);
                let new = NewPerson::new(person(name), "n");
                let none = UniquePersonControl::default();
                edit.create_person(&world.matcher, &group("g"), &new, face, none)?;
            }
            Ok(())
        })
        .unwrap();
    let mut expected = Vec::new();
    for i in 0..names.len() {
        for j in i + 1..names.len() {
            let cosine = cosine(&look(i), &look(j)).unwrap();
            if world.matcher.score(cosine) >= Score::from_fmr(0.3) {
                expected.push((cosine, names[i].clone(), names[j].clone()));
            }
        }
    }
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    assert!(
        expected.len() > 10 && expected.len() < 700,
        "{}",
        expected.len()
    );
    let snapshot = world.snapshot();
    let groups = [group("g")];
    let find = |progress: &mut dyn FnMut(usize) -> ControlFlow<()>| {
        snapshot
            .find_duplicates(&world.matcher, &groups, Against::Faces, target, progress)
            .unwrap()
    };
    let found = find(&mut |_| ControlFlow::Continue(()));
    let text = |one: &Duplicate| (one.cosine, one.first.to_string(), one.second.to_string());
    assert_eq!(found.iter().map(text).collect::<Vec<_>>(), expected);
    let estimate = snapshot
        .estimate_duplicates(&world.matcher, &groups, Against::Faces, target)
        .unwrap();
    assert_eq!((estimate.persons, estimate.comparisons), (40, 1600));
    assert!((estimate.expected_false_pairs - 780.0 * 0.3).abs() < 1e-6);
    // Stopped after three persons: their pairs and no others.
    let mut heard = 0;
    let some = find(&mut |done| {
        heard = done;
        if done == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    let begun = expected.iter().filter(|pair| pair.1 < names[3]).count();
    assert_eq!((heard, some.len()), (3, begun));
}

#[test]
fn debug_texts_keep_ids_names_and_embeddings_secret() {
    let world = two_groups();
    let mut new = NewPerson::new(person("zhang"), "Zhang Wei");
    new.fields = vec![("floor".to_owned(), "seventh".to_owned())];
    let info = world.snapshot().person(&person("b")).unwrap();
    let value = somebody("b").values()[0].to_string();
    let texts = [
        format!("{:?}", world.gallery()),
        format!("{:?}", world.matcher),
        format!("{new:?}"),
        format!("{info:?}"),
        format!("{:?}", EnrolFace::new(somebody("b"), 50.0)),
        world.edit(|edit| Ok(format!("{edit:?}"))).unwrap(),
    ];
    for text in &texts {
        for secret in ["zhang", "Zhang", "Li", "seventh", &value] {
            assert!(!text.replace("Limits", "").contains(secret), "{text}");
        }
    }
    assert!(texts[0].contains("persons: 3"), "{}", texts[0]);
}
