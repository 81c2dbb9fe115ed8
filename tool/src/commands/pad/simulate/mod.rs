//! `vultus pad simulate`

mod depth;
mod infrared;
mod presentation;
mod sensors;

use crate::datasets::presentations::{
    HEADER_FILE, Header, MAX_PRESENTATIONS, Modality, Simulation, write_json,
};
use crate::failure::{Failure, Result, WithFile};
use crate::observer::Observer;
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use clap::Args;
use presentation::Presentation;
use rayon::prelude::*;
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use vultus_simulator::Species;

#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// Which sensor.
    #[arg(long, value_enum)]
    modality: Modality,
    /// Whom and what to draw.
    #[arg(long, value_name = "N")]
    seed: u64,
    /// Folder of the new set, which must not be there yet.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Presentations of each species.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=4000))]
    count: u32,
    /// Frames of each presentation, 100 ms apart, which are decided over; nothing moves between them.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
    frames: u32,
    /// Only these species, with commas between them [default: all that the modality can tell apart].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    species: Vec<String>,
}

pub(super) fn run(args: &SimulateArgs, output: &Output) -> Result<Outcome> {
    let species = chosen(args.modality, &args.species)?;
    let presentations = species.len() as u32 * args.count;
    if presentations > MAX_PRESENTATIONS {
        return Err(Failure::text(format!(
            "{presentations} presentations, a set has at most {MAX_PRESENTATIONS}"
        )));
    }
    fs::create_dir(&args.out).with_file(&args.out)?;
    let progress = output.begin("simulating", presentations as usize);
    (0..presentations).into_par_iter().try_for_each(|number| {
        let one = Presentation {
            species: species[(number / args.count) as usize],
            index: number % args.count,
            number,
            frames: args.frames,
        };
        let written = sensors::write(args.modality, &one, args.seed, &args.out);
        progress.advance(1);
        written
    })?;
    drop(progress);
    let simulation = Simulation {
        simulator: vultus_simulator::NAME_AND_VERSION.to_owned(),
        sha256: sensors::fingerprint(args.modality),
        seed: args.seed,
    };
    // Last, so that a set that was broken off is none.
    write_json(
        &args.out,
        HEADER_FILE,
        &Header::simulated(args.modality, presentations, simulation),
    )?;
    let names: Vec<&str> = species.iter().map(|s| s.name()).collect();
    let json = json!({
        "set": shown_path(&args.out),
        "modality": args.modality.name(),
        "presentations": presentations,
        "species": names,
        "seed": args.seed,
    });
    output.result(&json, || {
        format!(
            "{presentations} simulated presentations in {}, {} each of {}",
            shown_path(&args.out),
            args.count,
            names.join(", ")
        )
    });
    Ok(Outcome::Yes)
}

fn chosen(modality: Modality, names: &[String]) -> Result<Vec<Species>> {
    let all = sensors::species_of(modality);
    if names.is_empty() {
        return Ok(all.to_vec());
    }
    let mut chosen = Vec::new();
    for name in names {
        let species = all.iter().copied().find(|s| s.name() == name);
        let species = species.ok_or_else(|| {
            let all: Vec<&str> = all.iter().map(|s| s.name()).collect();
            let modality = modality.name();
            Failure::text(format!(
                "no species {name} for --modality {modality}; there are {}",
                all.join(", ")
            ))
        })?;
        if chosen.contains(&species) {
            return Err(Failure::text(format!("species {name} is named twice")));
        }
        chosen.push(species);
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_species_is_answered_with_those_there_are() {
        let chosen = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
            chosen(Modality::Depth, &names)
        };
        let unknown = chosen(&["flat", "waxwork"]).expect_err("refused");
        let text = unknown.to_string();
        assert!(text.contains("waxwork") && text.contains("rigid-mask"));
        // Depth sensors see no ink.
        assert!(chosen(&["laser"]).is_err());
        assert!(chosen(&["flat", "flat"]).is_err());
        let two = chosen(&["rigid-mask", "live"]).expect("known");
        assert_eq!(two, [Species::RigidMask, Species::Live]);
    }
}
