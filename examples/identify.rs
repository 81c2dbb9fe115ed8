//! Who is in a photograph, of the people of a gallery?
//!
//! ```sh
//! cargo run --release --example identify -- LICENCE_FOLDER models/lite staff.gallery staff.key tests/data/probe.jpg
//! ```
//!
//! The example `gallery` makes the gallery and its key.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::fs;
use vultus::gallery::store::{FileStorage, Opening, Secret};
use vultus::gallery::{Against, Limits, SearchDecision, SearchOptions};
use vultus::{Config, DetectOptions, Device, Gallery, GroupId, MaskState, Photo, Sdk};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [licence, pack, file, key, photo] = words.as_slice() else {
        return Err("usage: identify LICENCE_FOLDER PACK GALLERY KEY PHOTO".into());
    };
    let grant = Device::here(licence.as_ref())?.activate()?;
    let sdk = Sdk::open(&Config::new(pack), grant)?;
    let secret = Secret::new(
        fs::read(key)?
            .try_into()
            .map_err(|_| "the key is not 32 bytes")?,
    );
    let storage = Box::new(FileStorage::new(file));
    let gallery = Gallery::open(storage, &secret, &Opening::default(), Limits::default())?;

    let matcher = sdk.matcher(MaskState::BARE)?;
    let mut session = sdk.session()?;
    let photo = Photo::decode(&fs::read(photo)?)?;
    let people = gallery.snapshot(); // what others enrol meanwhile does not change this search
    for (face, probe) in session.probes(&photo.frame(), &DetectOptions::default(), 10)? {
        let found = people.search(
            &matcher,
            &probe,
            &[GroupId::new("staff")?],
            Against::Persons,
            &SearchOptions::default(), // one search of a stranger in 1,000 may name somebody
        )?;
        let (x, y) = (face.rect.x, face.rect.y);
        match found.accepted() {
            Some(best) => println!("{} at {x:.0}, {y:.0}, score {}", best.person, best.score),
            None if found.decision == SearchDecision::Ambiguous => {
                println!("one of two persons at {x:.0}, {y:.0}");
            }
            None => println!("unknown person at {x:.0}, {y:.0}"),
        }
    }
    Ok(())
}
