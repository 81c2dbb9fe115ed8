//! Draws the pictures that the network of infrared liveness is trained on, fits thresholds, and judges other
//! presentations by them.
//!
//! Usage: `infrared dump FILE [SHARE]` writes training pictures (`models/train/README.md` gives the format; a SHARE below 1
//! draws fewer); `infrared fit MODELS FILE` writes `models/liveness/infrared.toml` for the network of a
//! pack; `infrared evaluate MODELS FILE [COUNT [TABLE]]` prints the tables of `docs/liveness.md`; `infrared cost MODELS FILE` the time of a call; `infrared parallax`
//! what two cameras beside each other could add.
//! Seeds of training, tuning and test are disjoint, and with them people and artefacts.
#![allow(clippy::print_stdout)]

mod cost;
mod dump;
mod evaluate;
mod fit;
mod parallax;
#[path = "../shared/parallel.rs"]
mod parallel;
#[path = "../shared/tally.rs"]
mod tally;

use std::error::Error;
use std::path::Path;
use vultus::internals::model::{Pack, PackNetwork, Role};
use vultus::internals::stages::liveness::Judge;
use vultus::liveness::infrared::{InfraredLiveness, InfraredRules};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["dump", file] => dump::dump(file.as_ref(), 1.0)?,
        ["dump", file, share] => dump::dump(file.as_ref(), share.parse()?)?,
        ["fit", models, file] => fit::fit(&network(models)?, file.as_ref())?,
        ["evaluate", models, file] => evaluate::evaluate(&judge(models, file)?, 300, None)?,
        ["evaluate", models, file, count] => {
            evaluate::evaluate(&judge(models, file)?, count.parse()?, None)?;
        }
        ["evaluate", models, file, count, part] => {
            evaluate::evaluate(&judge(models, file)?, count.parse()?, Some(part))?;
        }
        ["cost", models, file] => cost::cost(&judge(models, file)?)?,
        ["parallax"] => parallax::parallax(),
        _ => {
            return Err(
                "usage: infrared dump FILE [SHARE] | fit MODELS FILE | evaluate MODELS FILE [COUNT [TABLE]] | cost MODELS FILE | parallax"
                    .into(),
            );
        }
    }
    Ok(())
}

fn network(models: &str) -> Result<PackNetwork, Box<dyn Error>> {
    let pack = Pack::open(Path::new(models))?;
    let network = pack.with_role(Role::LivenessInfrared).next().cloned();
    Ok(network.ok_or("the pack has no network of infrared liveness")?)
}

fn judge(models: &str, rules: &str) -> Result<InfraredLiveness, Box<dyn Error>> {
    let rules = InfraredRules::parse(&std::fs::read_to_string(rules)?)?;
    Ok(InfraredLiveness::new((), [&network(models)?])?.with_rules(rules)?)
}
