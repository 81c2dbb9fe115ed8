//! `vultus gallery check`

use super::args::CheckArgs;
use super::file;
use crate::Outcome;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::{Value, json};
use std::path::Path;
use vultus::error::Status;
use vultus::gallery::store::{Access, FileStorage};
use vultus::gallery::{Gallery, Limits};

pub(super) fn run(args: &CheckArgs, output: &Output) -> CliResult<Outcome> {
    if let Some(to) = &args.repair {
        return repair(args, to, output);
    }
    let checked = file::open(&args.file, Access::Write)
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
        "gallery": args.file.gallery.display().to_string(),
        "whole": true,
        "generation": report.generation,
        "records": tables.collect::<serde_json::Map<String, Value>>(),
        "tidied": report.tidied,
    });
    output.result(&json, || {
        let all: u64 = report.records.iter().map(|(_, count)| count).sum();
        format!(
            "{}: {all} records, all whole; generation {}",
            args.file.gallery.display(),
            report.generation
        )
    });
    Ok(Outcome::Yes)
}

fn repair(args: &CheckArgs, to: &Path, output: &Output) -> CliResult<Outcome> {
    let (from, storage) = (file::storage(&args.file), Box::new(FileStorage::new(to)));
    let secret = file::secret(&args.file)?;
    let (gallery, salvaged) = Gallery::salvage(&*from, storage, &secret, Limits::default())
        .map_err(Failure::from)
        .with_file(&args.file.gallery)?;
    let snapshot = gallery.snapshot();
    let key_file = file::key_file(&args.file);
    let json = json!({
        "gallery": to.display().to_string(),
        "key_file": key_file.display().to_string(),
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
            to.display(),
            snapshot.group_count(),
            snapshot.person_count(),
            snapshot.face_count(),
            lost.map_or("an unknown number of".to_owned(), |lost| lost.to_string()),
            salvaged.persons_lost,
            salvaged.faces_lost,
            salvaged.groups_remade,
            key_file.display()
        )
    });
    let whole = salvaged.records.is_whole && salvaged.persons_lost + salvaged.faces_lost == 0;
    Ok(if whole { Outcome::Yes } else { Outcome::No })
}

fn is_damage(failure: &Failure) -> bool {
    failure
        .sdk()
        .is_some_and(|error| error.status() == Status::GalleryCorrupt)
}
