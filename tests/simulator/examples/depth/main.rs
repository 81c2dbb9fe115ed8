//! Fits the rules of depth liveness to simulated presentations, draws what its network is trained on, and judges other
//! presentations by both.
//!
//! Usage: `depth fit models/liveness/depth.toml` writes the file, for stage A alone; `depth dump FILE [SHARE]` draws training
//! pictures for stage B (`models/train/README.md` gives the format; a SHARE below 1 draws fewer); `depth fit-look MODELS
//! models/liveness/depth.toml` adds thresholds for the network of a pack; `depth evaluate MODELS FILE [COUNT]` prints the tables
//! of `docs/liveness.md` (COUNT identities and artefacts a species); `depth heads MODELS FILE HEADS` judges living people of another
//! model of heads (`models/train/heads.py`); `depth motion [COUNT]` looks at reliefs that change
//! between frames. Seeds of training, tuning and test are disjoint, and with them people and artefacts.
#![allow(clippy::print_stdout)]

mod classifier;
mod dump;
mod evaluate;
mod fit;
mod heads;
mod motion;
#[path = "../shared/parallel.rs"]
mod parallel;
#[path = "../shared/tally.rs"]
mod tally;

use evaluate::Judges;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["dump", file] => dump::dump(file.as_ref(), 1.0)?,
        ["dump", file, share] => dump::dump(file.as_ref(), share.parse()?)?,
        ["fit", file] => std::fs::write(file, fit::fit()?)?,
        ["motion"] => motion::motion(100)?,
        ["motion", count] => motion::motion(count.parse()?)?,
        ["fit-look", models, file] => classifier::fit(models, file.as_ref())?,
        ["evaluate", models, file] => evaluate::evaluate(&Judges::of(models, file)?, 300)?,
        ["evaluate", models, file, count] => {
            evaluate::evaluate(&Judges::of(models, file)?, count.parse()?)?;
        }
        ["heads", models, rules, file] => {
            heads::evaluate(&Judges::of(models, rules)?, file.as_ref())?;
        }
        _ => {
            return Err(
                "usage: depth dump FILE [SHARE] | fit FILE | fit-look MODELS FILE | evaluate MODELS FILE [COUNT] | \
                 heads MODELS FILE HEADS | motion [COUNT]"
                    .into(),
            );
        }
    }
    Ok(())
}
