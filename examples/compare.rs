//! Do two photographs show one person?
//!
//! ```sh
//! cargo run --release --example compare -- LICENCE_FOLDER models/lite a.jpg b.jpg
//! ```
//!
//! LICENCE_FOLDER is where the device keeps its licence (docs/licensing.md). Exit code 0 for a match, 1 for none, 2 for an error.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::process::ExitCode;
use vultus::{Config, DetectOptions, Device, Embedding, MaskState, Photo, Sdk, Session, TargetFmr};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [licence, pack, a, b] = words.as_slice() else {
        return Err("usage: compare LICENCE_FOLDER PACK A.jpg B.jpg".into());
    };
    let grant = Device::here(licence.as_ref())?.activate()?;
    let sdk = Sdk::open(&Config::new(pack), grant)?;
    let mut session = sdk.session()?;
    let (a, b) = (embed(&mut session, a)?, embed(&mut session, b)?);
    // One stranger in 100,000 may pass.
    let comparison = sdk.compare(&a, &b, MaskState::BARE, TargetFmr::new(1e-5)?)?;
    println!("score {}, match {}", comparison.score, comparison.is_match);
    Ok(comparison.is_match)
}

/// The embedding of the largest face of a photograph.
fn embed(session: &mut Session, file: &str) -> Result<Embedding, Box<dyn Error>> {
    let photo = Photo::decode(&std::fs::read(file)?)?;
    let face = session.largest_face(&photo.frame(), &DetectOptions::default())?;
    Ok(session.embed(&photo.frame(), &face)?)
}
