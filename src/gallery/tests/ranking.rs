//! Whom a search puts first, and what it asks of them as the gallery grows.

use super::world::*;
use crate::config::TargetFpir;
use crate::matching::MatchError;
use vultus_licensing::licence::Tier;
use vultus_licensing::testkit;

/// A face at this cosine from [`probe`].
fn at(cosine: f32) -> Embedding {
    let mut values = vec![0.0; DIMENSION];
    (values[0], values[1]) = (cosine, (1.0 - cosine * cosine).sqrt());
    unit(PACK, values)
}

fn probe() -> Embedding {
    at(1.0)
}

/// A group of persons with faces at these cosines, by a curve of a million pairs.
fn world_of(persons: &[(&str, &[f32])]) -> World {
    let mut world = World::new();
    world.matcher =
        Matcher::new(&testkit::grant(Tier::Recognise), &measured(PACK, 1_000_000)).unwrap();
    world.group("g").unwrap();
    let any = FaceMatchThreshold::new(0.0).unwrap();
    let faces = |cosines: &[f32]| -> Vec<EnrolFace> {
        cosines
            .iter()
            .map(|&cosine| EnrolFace::new(at(cosine), 50.0))
            .collect()
    };
    world
        .edit(|edit| {
            for (id, cosines) in persons {
                let new = NewPerson::new(person(id), "n");
                let mut first = faces(&cosines[..1]);
                let level = UniquePersonControl::default();
                edit.create_person(&world.matcher, &group("g"), &new, first.remove(0), level)?;
                if cosines.len() > 1 {
                    edit.add_faces(&world.matcher, &new.id, faces(&cosines[1..]), any)?;
                }
            }
            Ok(())
        })
        .unwrap();
    world
}

fn search(world: &World, fpir: f64, top: usize) -> Result<SearchResult> {
    let options = SearchOptions {
        top,
        fpir: TargetFpir::new(fpir)?,
        min_score: None,
    };
    world.snapshot().search(
        &world.matcher,
        &probe(),
        &[group("g")],
        Against::Faces,
        &options,
    )
}

#[test]
fn a_person_counts_with_the_closest_face_and_ties_keep_their_order() {
    let world = world_of(&[("7", &[0.2, 0.95]), ("3", &[0.9]), ("1", &[0.9])]);
    let found = search(&world, 0.1, 5).unwrap();
    let people: Vec<&str> = found.candidates.iter().map(|c| c.person.as_str()).collect();
    assert_eq!(people, ["7", "1", "3"]);
    assert_eq!(search(&world, 0.1, 1).unwrap().candidates.len(), 1);
}

/// So many persons: the last one at cosine 0.9995, the others at 0.
fn crowd(persons: usize) -> World {
    let ids: Vec<String> = (0..persons).map(|n| n.to_string()).collect();
    let cosine = |n: usize| -> &[f32] {
        match n + 1 == persons {
            true => &[0.9995],
            false => &[0.0],
        }
    };
    let persons: Vec<(&str, &[f32])> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| (id.as_str(), cosine(n)))
        .collect();
    world_of(&persons)
}

#[test]
fn the_threshold_rises_with_the_number_of_faces() {
    // 1 - 0.9995 = 5e-4 of strangers come as close: good enough among 10 faces at FPIR 1e-2,
    // not among 100.
    let found = search(&crowd(10), 1e-2, 5).unwrap();
    let accepted = found.accepted().map(|c| c.person.as_str());
    assert_eq!(accepted, Some("9"));
    assert!((found.expected_fpir - 1e-2).abs() < 1e-9);
    let many = crowd(100);
    let found = search(&many, 1e-2, 5).unwrap();
    assert_eq!(found.accepted(), None);
    assert!((found.threshold.get() - 50.0).abs() < 1e-9);
    let refused = search(&many, 1e-5, 5).unwrap_err();
    assert!(matches!(
        refused.detail(),
        Some(MatchError::SearchTooWide {
            enrolled: 100,
            most: 10,
            ..
        })
    ));
}

#[test]
fn nobody_enrolled_is_nobody_found() {
    let world = world_of(&[]);
    assert_eq!(status(search(&world, 1e-2, 5)), Status::NoFaceInGroups);
}

/// The rate of a search is what the threshold promises, to the last bit.
#[test]
fn a_search_of_all_expects_the_whole_rate() {
    for persons in 1..30 {
        let world = crowd(persons);
        let found = search(&world, 1e-2, 5).unwrap();
        let curve = measured(PACK, 1_000_000);
        let expected = crate::matching::expected_fpir(&curve, persons, found.threshold);
        assert_eq!(found.expected_fpir.to_bits(), expected.to_bits());
    }
}

/// The margin and decision of a probe at these cosines to two persons, at the widest rate.
fn apart(best: f32, other: f32, top: usize) -> SearchResult {
    let world = world_of(&[("a", &[best, 0.1]), ("b", &[other])]);
    search(&world, 1e-2, top).unwrap()
}

#[test]
fn nobody_is_named_where_two_persons_are_alike() {
    // The false match rate is 1 - cosine: 2e-4 and 1.9e-3 are 9.8 dB apart, 2e-4 and 2.1e-3 10.2.
    for top in [1, 2] {
        let found = apart(0.9998, 0.9981, top);
        assert_eq!(found.decision, SearchDecision::Ambiguous);
        assert_eq!((found.accepted(), found.candidates.len()), (None, top));
        let found = apart(0.9998, 0.9979, top);
        assert_eq!(found.decision, SearchDecision::Named);
        assert_eq!(found.accepted().unwrap().person, person("a"));
        let margin = found.margin.unwrap();
        assert!((margin.decibels - 10.2).abs() < 0.15, "{margin:?}");
        assert!((margin.cosine - 0.0019).abs() < 1e-5, "{margin:?}");
    }
    // Beyond the curve's limit scores are equal; cosines are not.
    let found = apart(1.0, 0.999_999_9, 2);
    assert_eq!(found.candidates[0].score, found.candidates[1].score);
    assert_eq!(found.decision, SearchDecision::Ambiguous);
    // An unknown person is not ambiguous.
    assert_eq!(apart(0.5, 0.5, 2).decision, SearchDecision::Unknown);
}

#[test]
fn a_person_who_is_alone_has_no_margin_and_other_faces_of_theirs_make_none() {
    let alone = search(&world_of(&[("a", &[0.9999, 0.9998])]), 1e-2, 5).unwrap();
    assert_eq!(
        (alone.margin, alone.decision),
        (None, SearchDecision::Named)
    );
    // The next face is their own; the margin is that of the person behind it.
    let found = search(
        &world_of(&[("a", &[0.9999, 0.9998]), ("b", &[0.2])]),
        1e-2,
        1,
    )
    .unwrap();
    assert!((found.margin.unwrap().cosine - 0.7999).abs() < 1e-4);
    assert_eq!(found.decision, SearchDecision::Named);
}
