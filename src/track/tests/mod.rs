//! Scripted scenes: who is where in each frame is known, and so is who should have which number.

mod rules_of_tracks;
mod scenes;

use super::{Appearance, ByMotion, Change, Sighting, TrackRules, Tracker, Update};
use crate::config::TrackId;
use crate::geom::{Point, Rect};

/// Time between frames: 25 a second.
const FRAME_US: u64 = 40_000;

fn face(x: f32, y: f32, side: f32) -> Sighting {
    Sighting {
        rect: Rect::centred(Point::new(x, y), side, side * 1.2),
        score: 0.9,
    }
}

fn weak(x: f32, y: f32, side: f32) -> Sighting {
    Sighting {
        score: 0.3,
        ..face(x, y, side)
    }
}

fn id(number: u64) -> TrackId {
    TrackId::new(number)
}

/// Looks by who the sightings of the frame are; a person is remembered by the number that the track had first.
struct KnownPeople<'a> {
    /// Of each sighting of this frame.
    people: &'a [u32],
    /// Of each track, in the order of their numbers.
    of_tracks: &'a [u32],
    asked: usize,
}

impl Appearance for KnownPeople<'_> {
    fn likeness(&mut self, track: TrackId, sighting: usize) -> Option<f32> {
        self.asked += 1;
        let person = self.of_tracks.get(track.get() as usize - 1)?;
        Some(if *person == self.people[sighting] {
            0.8
        } else {
            0.1
        })
    }
}

/// A tracker and its clock.
struct Door {
    tracker: Tracker,
    frame: u64,
    /// Who each track was when it entered.
    of_tracks: Vec<u32>,
    asked: usize,
}

impl Door {
    fn new() -> Self {
        Self::with(TrackRules::default())
    }

    fn with(rules: TrackRules) -> Self {
        Self {
            tracker: Tracker::new(rules),
            frame: 0,
            of_tracks: Vec::new(),
            asked: 0,
        }
    }

    /// The next frame, by places alone.
    fn show(&mut self, sightings: &[Sighting]) -> Update {
        self.frame += 1;
        let at = self.frame * FRAME_US;
        self.tracker
            .update(at, sightings, &mut ByMotion)
            .expect("a valid frame")
    }

    /// The next frame, with somebody who knows the people.
    fn show_people(&mut self, people: &[u32], sightings: &[Sighting]) -> Update {
        self.frame += 1;
        let mut looks = KnownPeople {
            people,
            of_tracks: &self.of_tracks,
            asked: 0,
        };
        let at = self.frame * FRAME_US;
        let update = self.tracker.update(at, sightings, &mut looks);
        self.asked += looks.asked;
        let update = update.expect("a valid frame");
        for change in &update.changes {
            if let Change::Entered(entered) = change {
                let at = update.tracks.iter().position(|t| *t == Some(*entered));
                self.of_tracks.push(people[at.expect("it was seen")]);
            }
        }
        update
    }

    /// Frames without a face.
    fn wait(&mut self, frames: u64) -> Vec<Change> {
        (0..frames).flat_map(|_| self.show(&[]).changes).collect()
    }
}
