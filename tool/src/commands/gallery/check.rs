//! `vultus gallery check`

use super::args::FileArgs;
use super::opening;
use crate::failure::{Failure, Result, WithFile};
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use vultus::error::Status;
use vultus::gallery::store::{Access, FileStorage};
use vultus::gallery::{Gallery, Limits};

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Write what is intact to a new gallery, sealed with the same secret.
    #[arg(long, value_name = "FILE")]
    repair: Option<PathBuf>,
}

pub(super) fn run(args: &CheckArgs, output: &Output) -> Result<Outcome> {
    if let Some(to) = &args.repair {
        return repair(args, to, output);
    }
    let checked = opening::open(&args.file, Access::Write)
        .and_then(|gallery| Ok(gallery.store().check()?))
        .with_file(&args.file.gallery);
    let report = match checked {
        Err(failure) if is_damage(&failure) => {
            output.failure(&failure);
            return Ok(Outcome::No);
        }
        other => other?,
    };
    let records = report.records.iter();
    let tables = records.map(|(table, count)| (format!("{table:?}").to_lowercase(), json!(count)));
    let json = json!({
        "gallery": shown_path(&args.file.gallery),
        "whole": true,
        "generation": report.generation,
        "records": tables.collect::<serde_json::Map<String, Value>>(),
        "tidied": report.tidied,
    });
    output.result(&json, || {
        let all: u64 = report.records.iter().map(|(_, count)| count).sum();
        format!(
            "{}: {all} records, all whole; generation {}",
            shown_path(&args.file.gallery),
            report.generation
        )
    });
    Ok(Outcome::Yes)
}

fn repair(args: &CheckArgs, to: &Path, output: &Output) -> Result<Outcome> {
    let (from, storage) = (opening::storage(&args.file), Box::new(FileStorage::new(to)));
    let secret = opening::secret(&args.file)?;
    let (gallery, salvaged) = Gallery::salvage(&*from, storage, &secret, Limits::default())
        .map_err(Failure::from)
        .with_file(&args.file.gallery)?;
    let snapshot = gallery.snapshot();
    let key_file = opening::key_file(&args.file);
    let json = json!({
        "gallery": shown_path(&to),
        "key_file": shown_path(&key_file),
        "whole": salvaged.records.is_whole,
        "groups": snapshot.group_count(),
        "persons": snapshot.person_count(),
        "faces": snapshot.face_count(),
        "records_lost": salvaged.records.lost(),
        "records_damaged": salvaged.records.damaged,
        "persons_lost": salvaged.persons_lost,
        "faces_lost": salvaged.faces_lost,
        "groups_remade": salvaged.groups_remade,
    });
    output.result(&json, || {
        let lost = salvaged.records.lost();
        format!(
            "{}: {} groups, {} persons, {} faces saved; {} records lost, {} persons and {} faces \
             left out, {} groups made again\n  The secret is the same: --key-file {}",
            shown_path(&to),
            snapshot.group_count(),
            snapshot.person_count(),
            snapshot.face_count(),
            lost.map_or("an unknown number of".to_owned(), |lost| lost.to_string()),
            salvaged.persons_lost,
            salvaged.faces_lost,
            salvaged.groups_remade,
            shown_path(&key_file)
        )
    });
    let whole = salvaged.records.is_whole && salvaged.persons_lost + salvaged.faces_lost == 0;
    Ok(Outcome::from_answer(whole))
}

fn is_damage(failure: &Failure) -> bool {
    failure
        .sdk_error()
        .is_some_and(|error| error.status() == Status::GalleryCorrupt)
}
