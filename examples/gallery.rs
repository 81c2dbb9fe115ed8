//! Enrols people from photographs into an encrypted gallery.
//!
//! ```sh
//! cargo run --release --example gallery -- LICENCE_FOLDER models/lite staff.gallery staff.key tests/data/people
//! ```
//!
//! PEOPLE has one folder a person, named by their id. The gallery is made where there is none; its key is 32 bytes of the
//! system's random source in a file of its own, which a device keeps in its keystore instead.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::fs;
use std::path::Path;
use vultus::gallery::store::{FileStorage, Opening, Secret};
use vultus::gallery::{Enrolment, Limits, NewGroup, NewPerson, UniquePersonControl};
use vultus::{
    Config, Device, EnrolOptions, Gallery, GroupId, MaskState, PersonId, QualityControl, Sdk,
};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [licence, pack, file, key, people] = words.as_slice() else {
        return Err("usage: gallery LICENCE_FOLDER PACK GALLERY KEY PEOPLE".into());
    };
    let grant = Device::here(licence.as_ref())?.activate()?;
    let sdk = Sdk::open(&Config::new(pack), grant)?;
    let gallery = open(file.as_ref(), key.as_ref())?;

    let staff = GroupId::new("staff")?;
    if gallery.snapshot().group(&staff).is_err() {
        let new = NewGroup::new(staff.clone(), "Staff", sdk.model_id());
        gallery.edit(|edit| edit.create_group(&new))?;
    }

    let matcher = sdk.matcher(MaskState::BARE)?;
    let mut session = sdk.session()?;
    let options = EnrolOptions {
        control: QualityControl::new(2)?, // refuses what is clearly not good enough
        ..EnrolOptions::default()
    };
    for folder in fs::read_dir(people)? {
        let folder = folder?.path();
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(photo) = fs::read_dir(&folder)?.next() else {
            continue;
        };
        let bytes = fs::read(photo?.path())?;
        let face = match session.enrol_photo(&bytes, &options) {
            Ok(face) => face,
            Err(refused) => {
                println!("{name}: {refused}");
                continue;
            }
        };
        let person = NewPerson::new(PersonId::new(&name)?, &name);
        // Level 2 holds back whoever looks like somebody who is there already.
        let unique = UniquePersonControl::new(2)?;
        match gallery.edit(|edit| edit.create_person(&matcher, &staff, &person, face, unique))? {
            Enrolment::Created(_) => println!("{name}: enrolled"),
            Enrolment::Similar(other) => println!("{name}: already there as {}", other.person),
        }
    }
    println!("{} persons", gallery.snapshot().person_count());
    Ok(())
}

/// Opens a gallery, or makes it with a new key.
fn open(file: &Path, key: &Path) -> Result<Gallery, Box<dyn Error>> {
    let storage = Box::new(FileStorage::new(file));
    if let Ok(bytes) = fs::read(key) {
        let secret = Secret::new(bytes.try_into().map_err(|_| "the key is not 32 bytes")?);
        return Ok(Gallery::open(
            storage,
            &secret,
            &Opening::default(),
            Limits::default(),
        )?);
    }
    let mut bytes = [0; 32];
    std::io::Read::read_exact(&mut fs::File::open("/dev/urandom")?, &mut bytes)?;
    fs::write(key, bytes)?;
    Ok(Gallery::create(
        storage,
        &Secret::new(bytes),
        Limits::default(),
    )?)
}
