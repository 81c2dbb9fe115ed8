//! How long it takes to open a large gallery.

use super::*;
use crate::gallery::store::FilePlace;
use rustix::time::{ClockId, clock_gettime};
use std::fs;
use std::path::PathBuf;

const FACES: usize = 50_000;
const VALUES: usize = 512;

/// Processor time of this thread in seconds, so that a busy machine does not count.
fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn face(number: usize) -> Embedding {
    let blocks = (0..VALUES / DIMENSION).flat_map(|block| random((number * VALUES + block) as u64));
    unit(PACK, blocks.collect())
}

/// Meaningful with --release only.
#[test]
#[ignore = "long"]
#[allow(clippy::print_stdout)]
fn fifty_thousand_faces_are_loaded_and_timed() {
    let folder = Folder(std::env::temp_dir().join(format!("vultus-speed-{}", std::process::id())));
    fs::create_dir_all(&folder.0).unwrap();
    let place = || Box::new(FilePlace::new(folder.0.join("large.gallery")));
    let gallery = Gallery::create(place(), &secret(), Limits::default()).unwrap();
    let matcher = matcher(PACK);
    gallery
        .edit(|edit| edit.create_group(&NewGroup::new(group("g"), "g", PACK)))
        .unwrap();
    for first in (0..FACES).step_by(5_000) {
        let enrol = |edit: &mut Edit| {
            for number in first..first + 5_000 {
                let new = NewPerson::new(person(&format!("p{number}")), "n");
                let face = EnrolFace::new(face(number), 50.0);
                let none = UniquePersonControl::default();
                edit.create_person(&matcher, &group("g"), &new, face, none)?;
            }
            Ok(())
        };
        gallery.edit(enrol).unwrap();
    }
    drop(gallery);
    let mut times: Vec<f64> = (0..3)
        .map(|_| {
            let begun = processor_seconds();
            let opening = Opening::default();
            let gallery = Gallery::open(place(), &secret(), &opening, Limits::default()).unwrap();
            let took = processor_seconds() - begun;
            assert_eq!(gallery.snapshot().face_count(), FACES);
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{FACES} faces of {VALUES} values loaded in {:.2} s of processor time",
        times[1]
    );
}
