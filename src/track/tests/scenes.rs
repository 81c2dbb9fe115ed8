//! People who walk, cross, hide and come back, seen by a detector that is a little off and sometimes blind.

use super::*;
use std::collections::HashMap;
use std::ops::Range;
use vultus_test_basics::Rng;

/// Somebody in the scene: where their face is in frame `n`, while they can be seen.
struct Walker {
    from: Point,
    /// Pixels a frame.
    step: Point,
    side: f32,
    /// Frames in which they can be seen.
    there: Range<u64>,
    /// Frames in which they are behind somebody.
    hidden: Range<u64>,
}

impl Walker {
    fn is_seen(&self, n: u64) -> bool {
        self.there.contains(&n) && !self.hidden.contains(&n)
    }

    fn at(&self, n: u64) -> Point {
        let n = n as f32;
        Point::new(self.from.x + self.step.x * n, self.from.y + self.step.y * n)
    }
}

/// What a tracker made of a scene.
#[derive(Debug, Default)]
struct Outcome {
    /// Numbers that people had after their first one.
    switches: usize,
    /// Frames in which somebody who was seen had the number they had first.
    right: usize,
    /// Frames in which somebody was seen, those before they entered apart.
    seen: usize,
}

/// `-1..=1`.
fn spread(dice: &mut Rng) -> f32 {
    dice.below(2001) as f32 / 1000.0 - 1.0
}

/// Once in ten times.
fn happens(dice: &mut Rng) -> bool {
    dice.below(10) == 0
}

/// Detections of a scene: places off by 4 % of a side, one in ten missing, one in ten weak.
fn watch(people: &[Walker], frames: u64, seed: u64) -> Outcome {
    let mut dice = Rng(seed);
    let mut door = Door::new();
    let mut first: HashMap<u32, TrackId> = HashMap::new();
    let mut last: HashMap<u32, TrackId> = HashMap::new();
    let mut outcome = Outcome::default();
    for n in 0..frames {
        let (mut who, mut sightings) = (Vec::new(), Vec::new());
        for (person, walker) in people.iter().enumerate() {
            if !walker.is_seen(n) || happens(&mut dice) {
                continue;
            }
            let (place, off) = (walker.at(n), walker.side * 0.04);
            let mut shake = || spread(&mut dice) * off;
            let mut seen = face(place.x + shake(), place.y + shake(), walker.side + shake());
            if happens(&mut dice) {
                seen.score = 0.3;
            }
            who.push(person as u32);
            sightings.push(seen);
        }
        let update = door.show_people(&who, &sightings);
        for (person, track) in who.iter().zip(&update.tracks) {
            let Some(track) = track else { continue };
            outcome.seen += 1;
            let own = *first.entry(*person).or_insert(*track);
            outcome.right += usize::from(own == *track);
            let before = last.insert(*person, *track);
            outcome.switches += usize::from(before.is_some_and(|before| before != *track));
        }
    }
    outcome
}

fn walker(from: (f32, f32), step: (f32, f32), there: Range<u64>) -> Walker {
    Walker {
        from: Point::new(from.0, from.1),
        step: Point::new(step.0, step.1),
        side: 70.0,
        there,
        hidden: 0..0,
    }
}

#[test]
fn eight_people_side_by_side_keep_their_numbers() {
    let people: Vec<Walker> = (0..8)
        .map(|n| walker((60.0 + 110.0 * n as f32, 200.0), (0.5, 0.2), 0..250))
        .collect();
    let outcome = watch(&people, 250, 1);
    assert_eq!(outcome.switches, 0, "{outcome:?}");
    assert_eq!(outcome.right, outcome.seen);
}

#[test]
fn people_who_cross_keep_their_numbers() {
    for seed in 0..40 {
        let people = [
            walker((0.0, 200.0), (4.0, 0.0), 0..200),
            walker((800.0, 215.0), (-4.0, 0.0), 0..200),
            walker((300.0, 0.0), (0.5, 2.2), 0..200),
        ];
        let outcome = watch(&people, 200, seed);
        assert_eq!(outcome.switches, 0, "seed {seed}: {outcome:?}");
    }
}

#[test]
fn who_hides_behind_another_and_comes_out_is_the_same_person() {
    for seed in 0..40 {
        let mut behind = walker((0.0, 200.0), (4.0, 0.0), 0..200);
        behind.hidden = 85..120;
        let people = [behind, walker((400.0, 200.0), (0.1, 0.0), 0..200)];
        let outcome = watch(&people, 200, seed);
        assert_eq!(outcome.switches, 0, "seed {seed}: {outcome:?}");
    }
}

#[test]
fn runners_at_ten_frames_a_second_keep_their_numbers() {
    // A third of their width from frame to frame.
    let people = [
        walker((0.0, 100.0), (25.0, 0.0), 0..60),
        walker((900.0, 400.0), (-25.0, 3.0), 0..60),
    ];
    let outcome = watch(&people, 60, 5);
    assert_eq!(outcome.switches, 0, "{outcome:?}");
}

#[test]
fn a_scene_is_answered_alike_in_every_run() {
    let people = [
        walker((0.0, 200.0), (4.0, 0.0), 0..200),
        walker((800.0, 215.0), (-4.0, 0.0), 0..200),
    ];
    let (one, two) = (watch(&people, 200, 9), watch(&people, 200, 9));
    assert_eq!(
        (one.right, one.seen, one.switches),
        (two.right, two.seen, two.switches)
    );
}
