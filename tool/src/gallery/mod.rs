//! `vultus gallery`

pub(crate) mod args;
mod bench;
mod check;
mod dedupe;
mod enroll;
mod file;
mod groups;
mod persons;
mod pictures;
mod search;
mod text;
mod transfer;
mod upgrade;
mod verify;

pub(crate) use search::Searcher;

use crate::Outcome;
use crate::failure::CliResult;
use crate::output::Output;
use args::{GalleryArgs, GalleryCommand};

pub(crate) fn run(args: &GalleryArgs, output: &Output) -> CliResult<Outcome> {
    match &args.what {
        GalleryCommand::Init(args) => file::init(args, output),
        GalleryCommand::Info(args) => file::info(args, output),
        GalleryCommand::Groups(args) => groups::run(args, output),
        GalleryCommand::Persons(args) => persons::run(args, output),
        GalleryCommand::Faces(args) => persons::faces(args, output),
        GalleryCommand::Enroll(args) => enroll::run(args, output),
        GalleryCommand::Remove(args) => persons::remove(args, output),
        GalleryCommand::Search(args) => search::run(args, output),
        GalleryCommand::Verify(args) => verify::run(args, output),
        GalleryCommand::Dedupe(args) => dedupe::run(args, output),
        GalleryCommand::Upgrade(args) => upgrade::run(args, output),
        GalleryCommand::Rollback(args) => upgrade::rollback(args, output),
        GalleryCommand::Export(args) => transfer::export(args, output),
        GalleryCommand::Import(args) => transfer::import(args, output),
        GalleryCommand::Check(args) => check::run(args, output),
        GalleryCommand::Bench(args) => bench::run(args, output),
    }
}
