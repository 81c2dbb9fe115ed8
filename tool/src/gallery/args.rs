//! The command line of `vultus gallery`. Long because it is one table of commands and their help.

use crate::args::{FaceArgs, SdkArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct GalleryArgs {
    #[command(subcommand)]
    pub(crate) what: GalleryCommand,
}

#[derive(Subcommand)]
pub(crate) enum GalleryCommand {
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

/// Which gallery.
#[derive(Args)]
pub(crate) struct FileArgs {
    /// The gallery's file.
    #[arg(long, value_name = "FILE", env = "VULTUS_GALLERY")]
    pub(crate) gallery: PathBuf,
    /// File with the gallery's secret, 32 bytes [default: the gallery's file with .key behind it].
    #[arg(long, value_name = "FILE", env = "VULTUS_GALLERY_KEY")]
    pub(crate) key_file: Option<PathBuf>,
}

/// Which part of a list.
#[derive(Args)]
pub(crate) struct PageArgs {
    /// Entries to pass over.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// Entries to show, 1 to 1000.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

#[derive(Args)]
pub(crate) struct GroupsArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// Make a group of this id.
    #[arg(long, value_name = "ID", conflicts_with_all = ["change", "delete"])]
    pub(crate) create: Option<String>,
    /// Change the name or tag of a group, or add fields to it.
    #[arg(long, value_name = "ID", conflicts_with = "delete")]
    pub(crate) change: Option<String>,
    /// Delete a group, and every person who is in no other.
    #[arg(long, value_name = "ID")]
    pub(crate) delete: Option<String>,
    /// Its name [default: its id].
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Its tag.
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// A custom field of its members; may be given several times.
    #[arg(long, value_name = "NAME")]
    pub(crate) field: Vec<String>,
    /// Pack that a new group is for.
    #[command(flatten)]
    pub(crate) pack: crate::args::PackArgs,
    #[command(flatten)]
    pub(crate) page: PageArgs,
}

#[derive(Args)]
pub(crate) struct PersonsArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The group to list, or whose fields are set.
    #[arg(long, value_name = "ID", required_unless_present = "person")]
    pub(crate) group: Option<String>,
    /// Show this person only.
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// Rename them.
    #[arg(long, value_name = "NAME", requires = "person")]
    pub(crate) name: Option<String>,
    /// 0 not given, 1 male, 2 female.
    #[arg(long, value_name = "N", requires = "person")]
    pub(crate) gender: Option<u8>,
    /// Set a custom field; an empty value removes it. May be given several times.
    #[arg(long, value_name = "FIELD=VALUE", requires_all = ["person", "group"], value_parser = pair)]
    pub(crate) set: Vec<(String, String)>,
    /// Add them to another group; may be given several times.
    #[arg(long, value_name = "GROUP", requires = "person")]
    pub(crate) copy_to: Vec<String>,
    #[command(flatten)]
    pub(crate) page: PageArgs,
}

#[derive(Args)]
pub(crate) struct FacesArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The person.
    #[arg(long, value_name = "ID")]
    pub(crate) person: String,
}

#[derive(Args)]
pub(crate) struct EnrollArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The group to enrol into.
    #[arg(long, value_name = "ID")]
    pub(crate) group: String,
    /// One person, whose pictures follow; they are made or get more faces.
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// The person's name [default: the id].
    #[arg(long, value_name = "NAME", requires = "person")]
    pub(crate) name: Option<String>,
    /// A folder with one folder a person, or pictures of one person.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) pictures: Vec<PathBuf>,
    /// Quality control: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) quality: u8,
    /// Check for the same person: 0 none, 1 to 4 hold back who looks like somebody in the group.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) unique: u8,
    /// Score that further faces of a person must reach with the first.
    #[arg(long, value_name = "SCORE", default_value_t = 60.0)]
    pub(crate) threshold: f64,
    /// Keep a crop of each face, encrypted, for upgrades to other packs.
    #[arg(long)]
    pub(crate) keep_crops: bool,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The person.
    #[arg(long, value_name = "ID")]
    pub(crate) person: String,
    /// From this group only.
    #[arg(long, value_name = "ID", conflicts_with = "face")]
    pub(crate) group: Option<String>,
    /// This face only; may be given several times.
    #[arg(long, value_name = "N")]
    pub(crate) face: Vec<u64>,
}

/// What a search looks at.
#[derive(Args)]
pub(crate) struct ScopeArgs {
    /// Groups to look in, with commas between them.
    #[arg(long, value_name = "ID", value_delimiter = ',', required = true)]
    pub(crate) group: Vec<String>,
    /// Compare one fused feature a person instead of every face.
    #[arg(long)]
    pub(crate) fused: bool,
}

#[derive(Args)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Photographs.
    #[arg(required = true, value_name = "IMG")]
    pub(crate) pictures: Vec<PathBuf>,
    /// Share of strangers that may be given a name (FPIR).
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    pub(crate) fpir: f64,
    /// Candidates for each face, 1 to 100; by group 1 to 10.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) top: usize,
    /// Leave out candidates below this score.
    #[arg(long, value_name = "SCORE")]
    pub(crate) min_score: Option<f64>,
    /// Answer for each group on its own.
    #[arg(long)]
    pub(crate) by_group: bool,
    /// Faces of a photograph to search for, largest first, 1 to 10.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) max_faces: usize,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The person.
    #[arg(long, value_name = "ID")]
    pub(crate) person: String,
    /// A photograph.
    #[arg(value_name = "IMG")]
    pub(crate) picture: PathBuf,
    /// False match rate at which to decide.
    #[arg(long, value_name = "RATE", default_value_t = 1e-5)]
    pub(crate) fmr: f64,
    /// Compare with the person's fused feature instead of each face.
    #[arg(long)]
    pub(crate) fused: bool,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct DedupeArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// False match rate from which two persons count as one.
    #[arg(long, value_name = "RATE", default_value_t = 1e-5)]
    pub(crate) fmr: f64,
    /// Only say how much work it is and how many pairs chance makes.
    #[arg(long)]
    pub(crate) estimate: bool,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct UpgradeArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The group.
    #[arg(long, value_name = "ID")]
    pub(crate) group: String,
    /// New photographs: a folder with one folder a person, named after their id.
    #[arg(long, value_name = "DIR")]
    pub(crate) photos: Option<PathBuf>,
    /// Answer from the new pack from now on; what has no feature of it cannot be found any more.
    #[arg(long, conflicts_with = "cancel")]
    pub(crate) finish: bool,
    /// Give the upgrade up.
    #[arg(long)]
    pub(crate) cancel: bool,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The group.
    #[arg(long, value_name = "ID")]
    pub(crate) group: String,
}

#[derive(Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// Where to write; must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// File with the export's key, 32 bytes.
    #[arg(long, value_name = "FILE", required_unless_present = "in_the_clear")]
    pub(crate) export_key_file: Option<PathBuf>,
    /// Write names, fields and features for everybody to read.
    #[arg(long, conflicts_with = "export_key_file")]
    pub(crate) in_the_clear: bool,
}

#[derive(Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// The export.
    #[arg(value_name = "FILE")]
    pub(crate) export: PathBuf,
    /// File with the export's key.
    #[arg(long, value_name = "FILE")]
    pub(crate) export_key_file: PathBuf,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) file: FileArgs,
    /// Write what is intact to a new gallery, sealed with the same secret.
    #[arg(long, value_name = "FILE")]
    pub(crate) repair: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Persons with one face each.
    #[arg(long, value_name = "N", default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) faces: u32,
    /// Values of an embedding.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(2..=4096))]
    pub(crate) dimension: u32,
    /// Searches to time.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) searches: u32,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "it reads FIELD=VALUE".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
