//! What a device links: the SDK without the tool, from a licence to the people in a picture.
//!
//! `scripts/check-shipped.sh` builds it and searches the program for what must not ship: test keys,
//! the demonstration's grant, issuer code, network calls.
//!
//! A package of its own, because tests, benches and examples link the test keys.
//!
//! Usage: device LICENCE_FOLDER SECRET_FILE PACK PICTURE
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs;
use std::path::Path;
use vultus::DetectOptions;
use vultus::frame::Photo;
use vultus::licensing::device::Device;
use vultus::licensing::fingerprint::{ComponentKind, Given};
use vultus::{Config, Sdk};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [licence, secret, pack, picture] = words.as_slice() else {
        return Err("usage: device LICENCE_FOLDER SECRET_FILE PACK PICTURE".into());
    };
    let secret = Given::new().bytes(ComponentKind::OemSecret, &fs::read(secret)?);
    let grant = Device::here(Path::new(licence))?
        .with_source(Box::new(secret))
        .activate()?;
    let sdk = Sdk::open(&Config::new(pack), grant)?;
    let mut session = sdk.session()?;
    let photo = Photo::decode(&fs::read(picture)?)?;
    let frame = photo.frame();
    for face in session.detect(&frame, &DetectOptions::default())?.faces {
        let embedding = session.embed(&frame, &face)?;
        println!("{} numbers", embedding.values().len());
    }
    Ok(())
}
