//! `vultus models quantize`: a pack whose networks run on bytes, made with photographs.

mod args;
mod exercise;
mod job;
mod print;
mod tiled;

pub(super) use args::QuantizeArgs;

use crate::failure::{Failure, Result, WithFile};
use crate::observer::Observer;
use crate::packs::Signer;
use crate::shown::shown_path;
use crate::terminal::opening::open_folder;
use crate::terminal::{Outcome, Output};
use exercise::exercise;
use job::Job;
use serde_json::{Value, json};
use vultus::internals::model::{InBytes, NetworkSpec, Recorder, quantise, usual_snr_db};

/// Values of a network's inputs that are kept, at most: 256 MiB, which is 13 pictures of 1280 × 1280.
const MOST_VALUES: usize = 1 << 26;

/// Steps of the bar for one network.
const STEPS: usize = 100;

pub(super) fn run(args: &QuantizeArgs, output: &Output) -> Result<Outcome> {
    let signer = Signer::open(args.sign.sign_key.as_deref())?;
    let pack = open_folder(&args.pack, &[signer.public()])?;
    let job = Job::new(args, &pack)?;
    let names = job.chosen.iter().map(|spec| spec.name.as_str());
    let recorder = Recorder::new(names, MOST_VALUES);
    let photographs = exercise(pack.recorded(&recorder), &args.images, output)?;
    let done = quantise_all(&job, &recorder, output)?;
    let kept_float = job.write(&done, &signer)?;
    output.note(&signer.note());
    if job.had_curve {
        output.note(&format!(
            "{} has no curve: embeddings of bytes are another model. Measure one with\n  vultus calibrate --models {} --images PEOPLE --set NAME --install",
            job.model_id(),
            shown_path(&job.out)
        ));
    }
    let json = json!({
        "model_id": job.model_id(),
        "folder": shown_path(&job.out),
        "photographs": photographs,
        "networks": done.iter().map(|(spec, done)| print::network_json(spec, done)).collect::<Vec<_>>(),
        "kept_float": kept_float,
        "calibration": Value::Null,
    });
    output.result(&json, || print::text(&job, photographs, &done, &kept_float));
    Ok(Outcome::Yes)
}

fn quantise_all(
    job: &Job,
    recorder: &Recorder,
    output: &Output,
) -> Result<Vec<(NetworkSpec, InBytes)>> {
    let progress = output.begin("quantising", job.chosen.len() * STEPS);
    let mut all = Vec::new();
    for (number, spec) in job.chosen.iter().enumerate() {
        let inputs = recorder.take(&spec.name);
        let mut show = |share: f64| {
            progress.set(number * STEPS + (share * STEPS as f64) as usize);
        };
        let snr_db = job.snr_db.unwrap_or(usual_snr_db(spec.role));
        let done = quantise(&job.from, spec, &inputs, snr_db, &mut show);
        let done = done.map_err(Failure::from).with_file(&job.from)?;
        all.push((spec.clone(), done));
    }
    Ok(all)
}
