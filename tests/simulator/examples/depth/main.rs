//! Fits the rules of depth liveness to simulated presentations, and judges others by them.
//!
//! Usage: `depth fit models/liveness/depth.toml` writes the file; `depth evaluate [COUNT]` prints the tables of
//! `docs/liveness.md` (COUNT identities and artefacts a species). Seeds of training, tuning and test are
//! disjoint, and with them people and artefacts.
#![allow(clippy::print_stdout)]

mod evaluate;
mod fit;
#[path = "../shared/parallel.rs"]
mod parallel;
#[path = "../../../common/simulated.rs"]
mod simulated;
#[path = "../shared/tally.rs"]
mod tally;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fit", file] => std::fs::write(file, fit::fit()?)?,
        ["evaluate"] => evaluate::evaluate(300)?,
        ["evaluate", count] => evaluate::evaluate(count.parse()?)?,
        _ => return Err("usage: depth fit FILE | depth evaluate [COUNT]".into()),
    }
    Ok(())
}
