//! A gallery over a file in memory, with a made-up pack, and people who look as they are told.

use crate::config::TargetFpir;
pub(super) use crate::error::{Error, Result, Status};
use crate::gallery::store::MemoryStorage;
pub(super) use crate::gallery::store::{Opening, Secret};
pub(super) use crate::gallery::*;
use crate::model::{Curve, CurveSource};
pub(super) use crate::stages::embed::Embedding;
use std::sync::OnceLock;
use vultus_licensing::licence::Tier;
use vultus_licensing::testkit;

/// The pack of most groups here, and another one.
pub(super) const PACK: &str = "pack@1";
pub(super) const OTHER: &str = "pack@2";

/// Values of an embedding.
pub(super) const DIMENSION: usize = 16;

/// The false match rate at cosine `c` is `1 - c`, supported up to score 61.
pub(super) fn curve(model: &str) -> &'static Curve {
    static CURVES: [OnceLock<Curve>; 2] = [OnceLock::new(), OnceLock::new()];
    CURVES[usize::from(model == OTHER)].get_or_init(|| measured(model, 4_000_000))
}

/// The same from so many pairs.
pub(super) fn measured(model: &str, pairs: u32) -> Curve {
    let source = CurveSource {
        set: "made up".into(),
        images: 0,
        people: 0,
        failed_to_detect: 0,
        impostor_pairs: 0,
    };
    let impostors = (0..pairs)
        .map(|i| (f64::from(i) / f64::from(pairs)) as f32)
        .collect();
    Curve::measure(model, source, impostors).unwrap()
}

pub(super) fn matcher(model: &str) -> Matcher {
    Matcher::new(&testkit::grant(Tier::Recognise), curve(model)).unwrap()
}

/// A gallery over memory that can be closed and opened again.
pub(super) struct World {
    pub(super) storage: MemoryStorage,
    pub(super) limits: Limits,
    pub(super) matcher: Matcher,
    pub(super) gallery: Option<Gallery>,
}

impl World {
    pub(super) fn new() -> Self {
        Self::within(Limits::default())
    }

    pub(super) fn within(limits: Limits) -> Self {
        let storage = MemoryStorage::default();
        let gallery = Gallery::create(Box::new(storage.clone()), &secret(), limits).unwrap();
        Self {
            storage,
            limits,
            matcher: matcher(PACK),
            gallery: Some(gallery),
        }
    }

    pub(super) fn gallery(&self) -> &Gallery {
        self.gallery.as_ref().unwrap()
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.gallery().snapshot()
    }

    /// Closes the gallery and loads it again.
    pub(super) fn reopen(&mut self) {
        self.gallery = None;
        let storage = Box::new(self.storage.clone());
        let opened = Gallery::open(storage, &secret(), &Opening::default(), self.limits);
        self.gallery = Some(opened.unwrap());
    }

    pub(super) fn edit<T>(&self, change: impl FnOnce(&mut Edit) -> Result<T>) -> Result<T> {
        self.gallery().edit(change)
    }

    pub(super) fn group(&self, id: &str) -> Result<()> {
        self.edit(|edit| edit.create_group(&NewGroup::new(group(id), id, PACK)))
    }

    /// Enrols a person who looks like no other.
    pub(super) fn person(&self, into: &str, id: &str) -> Result<Enrolment> {
        let face = EnrolFace::new(somebody(id), 80.0);
        let new = NewPerson::new(person(id), "Li");
        self.edit(|edit| {
            edit.create_person(
                &self.matcher,
                &group(into),
                &new,
                face,
                UniquePersonControl::default(),
            )
        })
    }

    /// Adds faces that look like the person's own.
    pub(super) fn faces(&self, id: &str, count: usize) -> Result<Vec<FaceOutcome>> {
        let faces = (0..count)
            .map(|n| EnrolFace::new(like(&somebody(id), n as u64 + 1, 0.001), 50.0))
            .collect();
        let threshold = FaceMatchThreshold::new(20.0)?;
        self.edit(|edit| edit.add_faces(&self.matcher, &person(id), faces, threshold))
    }
}

pub(super) fn secret() -> Secret {
    Secret::new([9; 32])
}

pub(super) fn group(id: &str) -> GroupId {
    GroupId::new(id).unwrap()
}

pub(super) fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub(super) fn status<T>(result: Result<T>) -> Status {
    result.err().map(|error: Error| error.status()).unwrap()
}

/// The face of a person of this name, in [`PACK`].
pub(super) fn somebody(name: &str) -> Embedding {
    let seed = name
        .bytes()
        .fold(7, |seed, byte| seed * 31 + u64::from(byte));
    unit(PACK, random(seed))
}

/// A vector near another one: `distance` is the length of what is added.
pub(super) fn like(embedding: &Embedding, seed: u64, distance: f32) -> Embedding {
    let noise = unit(embedding.model_id(), random(seed ^ 0xa5a5));
    let mixed = embedding
        .values()
        .iter()
        .zip(noise.values())
        .map(|(value, noise)| value + distance * noise);
    unit(embedding.model_id(), mixed.collect())
}

/// The same face as another pack sees it.
pub(super) fn in_other(embedding: &Embedding) -> Embedding {
    let mut values = embedding.values().to_vec();
    values.reverse();
    unit(OTHER, values)
}

pub(super) fn unit(model: &str, values: Vec<f32>) -> Embedding {
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    let values = values.iter().map(|value| value / norm).collect();
    Embedding::from_parts(model, values).unwrap()
}

/// Values in `-1..1` (splitmix64).
fn random(seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..DIMENSION).map(|_| next()).collect()
}

/// Two groups: `g` with `a` (one face) and `b` (three), `h` with `b` as well and `c`.
pub(super) fn two_groups() -> World {
    let world = World::new();
    world.group("g").unwrap();
    world.group("h").unwrap();
    world.person("g", "a").unwrap();
    world.person("g", "b").unwrap();
    world.person("h", "c").unwrap();
    world.faces("b", 2).unwrap();
    world
        .edit(|edit| edit.copy_person(&person("b"), &[group("h")]))
        .unwrap();
    world
}

pub(super) fn options(fpir: f64) -> SearchOptions {
    SearchOptions {
        top: 5,
        fpir: TargetFpir::new(fpir).unwrap(),
        min_score: None,
    }
}
