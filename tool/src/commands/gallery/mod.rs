//! `vultus gallery`

mod args;
mod batches;
mod bench;
mod check;
mod dedupe;
mod enroll;
mod files;
mod groups;
mod info;
mod init;
mod opening;
mod persons;
mod pictures;
mod print;
mod search;
mod searcher;
mod transfer;
mod upgrade;
mod verify;

pub(super) use args::{FileArgs, group_ids};
pub(super) use searcher::Searcher;

use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use bench::BenchArgs;
use check::CheckArgs;
use clap::{Args, Subcommand};
use dedupe::DedupeArgs;
use enroll::EnrollArgs;
use groups::GroupsArgs;
use persons::{FacesArgs, PersonsArgs, RemoveArgs};
use search::SearchArgs;
use transfer::{ExportArgs, ImportArgs};
use upgrade::{RollbackArgs, UpgradeArgs};
use verify::VerifyArgs;

#[derive(Args)]
pub(crate) struct GalleryArgs {
    #[command(subcommand)]
    command: GalleryCommand,
}

#[derive(Subcommand)]
enum GalleryCommand {
    /// Make an empty gallery and the file with its secret.
    #[command(after_help = "Example:\n  \
        vultus gallery init --gallery staff.gallery --key-file staff.key\n\n\
        The secret opens the gallery and nothing else does: without it nobody can read a single record, \
        the vendor included. Keep a copy where the gallery is not; destroy every copy to erase the gallery.")]
    Init(FileArgs),
    /// Say what a gallery holds.
    #[command(after_help = "Example:\n  vultus gallery info --gallery staff.gallery --json")]
    Info(FileArgs),
    /// List, make, change or delete groups.
    #[command(after_help = "Examples:\n  \
        vultus gallery groups --gallery staff.gallery\n  \
        vultus gallery groups --gallery staff.gallery --create staff --name Staff --field floor\n  \
        vultus gallery groups --gallery staff.gallery --change staff --tag day-shift\n  \
        vultus gallery groups --gallery staff.gallery --delete staff")]
    Groups(GroupsArgs),
    /// List the persons of a group, or show or change one.
    #[command(after_help = "Examples:\n  \
        vultus gallery persons --gallery staff.gallery --group staff --offset 100 --limit 50\n  \
        vultus gallery persons --gallery staff.gallery --person p17 --name Zhang_Wei\n  \
        vultus gallery persons --gallery staff.gallery --person p17 --group staff --set floor=3\n  \
        vultus gallery persons --gallery staff.gallery --person p17 --copy-to visitors")]
    Persons(PersonsArgs),
    /// List the faces of a person.
    #[command(after_help = "Example:\n  vultus gallery faces --gallery staff.gallery --person p17")]
    Faces(FacesArgs),
    /// Enrol persons from a folder with one folder a person, or one person from pictures.
    #[command(after_help = "Examples:\n  \
        vultus gallery enroll --gallery staff.gallery --group staff people/ --quality 2 --unique 3\n  \
        vultus gallery enroll --gallery staff.gallery --group staff --person p17 --name Zhang_Wei a.jpg b.jpg\n\n\
        A folder's name is the person's id, and their name where it can be one. Up to 5 pictures a person \
        are used, in the order of their names.")]
    Enroll(EnrollArgs),
    /// Remove a person from a group or altogether, or faces of a person.
    #[command(after_help = "Examples:\n  \
        vultus gallery remove --gallery staff.gallery --person p17\n  \
        vultus gallery remove --gallery staff.gallery --person p17 --group visitors\n  \
        vultus gallery remove --gallery staff.gallery --person p17 --face 4 --face 5")]
    Remove(RemoveArgs),
    /// Name the people in photographs.
    #[command(after_help = "Examples:\n  \
        vultus gallery search --gallery staff.gallery --group staff door.jpg\n  \
        vultus gallery search --gallery staff.gallery --group staff,visitors --by-group --fused door.jpg\n\n\
        Exit code 0 when any face is named, 1 when none is.")]
    Search(SearchArgs),
    /// Say whether a photograph shows a person of the gallery.
    #[command(after_help = "Example:\n  \
        vultus gallery verify --gallery staff.gallery --person p17 door.jpg --fmr 1e-4\n\n\
        Exit code 0 for yes, 1 for no.")]
    Verify(VerifyArgs),
    /// Find persons who were enrolled twice.
    #[command(after_help = "Examples:\n  \
        vultus gallery dedupe --gallery staff.gallery --group staff --estimate\n  \
        vultus gallery dedupe --gallery staff.gallery --group staff --fmr 1e-5\n\n\
        Exit code 1 when there are any.")]
    Dedupe(DedupeArgs),
    /// Move a group to another pack: from kept crops, and from new photographs.
    #[command(after_help = "Examples:\n  \
        vultus gallery upgrade --gallery staff.gallery --group staff --models models/standard\n  \
        vultus gallery upgrade --gallery staff.gallery --group staff --models models/standard --photos new/ --finish\n\n\
        The group answers from its old pack until --finish. Exit code 1 when faces are left without a feature.")]
    Upgrade(UpgradeArgs),
    /// Return a group to the pack it had before its last upgrade, once.
    #[command(
        after_help = "Example:\n  vultus gallery rollback --gallery staff.gallery --group staff"
    )]
    Rollback(RollbackArgs),
    /// Write everything to one file, sealed with another key, or in the clear.
    #[command(after_help = "Examples:\n  \
        vultus gallery export --gallery staff.gallery --out staff.export --export-key-file export.key\n  \
        vultus gallery export --gallery staff.gallery --out staff.jsonl --in-the-clear\n\n\
        Needs no licence. The key file is made where it is missing.")]
    Export(ExportArgs),
    /// Read an export into a gallery. An id that is there already is refused, and nothing changes.
    #[command(after_help = "Example:\n  \
        vultus gallery import --gallery new.gallery staff.export --export-key-file export.key")]
    Import(ImportArgs),
    /// Read and verify every record, or save what is intact of a damaged gallery.
    #[command(after_help = "Examples:\n  \
        vultus gallery check --gallery staff.gallery\n  \
        vultus gallery check --gallery damaged.gallery --repair saved.gallery\n\n\
        The damaged gallery is not changed. Exit code 1 when something is damaged or lost.")]
    Check(CheckArgs),
    /// Measure loading, searching and enrolling with made-up faces.
    #[command(after_help = "Example:\n  vultus gallery bench --faces 50000 --dimension 512")]
    Bench(BenchArgs),
}

pub(crate) fn run(args: &GalleryArgs, output: &Output) -> Result<Outcome> {
    match &args.command {
        GalleryCommand::Init(args) => init::run(args, output),
        GalleryCommand::Info(args) => info::run(args, output),
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
