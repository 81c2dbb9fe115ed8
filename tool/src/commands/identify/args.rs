//! The command line of `vultus identify`.

use crate::terminal::args::{FaceArgs, SdkArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct IdentifyArgs {
    /// Folder with one folder a person.
    #[arg(long, value_name = "DIR", required_unless_present = "gallery")]
    pub(crate) people: Option<PathBuf>,
    /// A gallery's file, instead of a folder.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "people",
        requires = "group"
    )]
    pub(crate) gallery: Option<PathBuf>,
    /// File with the gallery's secret [default: the gallery's file with .key behind it].
    #[arg(long, value_name = "FILE", requires = "gallery")]
    pub(crate) key_file: Option<PathBuf>,
    /// Go on with a key file that others than its owner may read.
    #[arg(long, requires = "gallery")]
    pub(crate) insecure_key: bool,
    /// Groups of the gallery to look in, with commas between them.
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "gallery")]
    pub(crate) group: Vec<String>,
    /// Photographs of the people to name.
    #[arg(required = true, value_name = "PROBE")]
    pub(crate) probes: Vec<PathBuf>,
    /// Share of strangers that may be given a name (FPIR).
    #[arg(long, value_name = "RATE", default_value_t = 1e-3)]
    pub(crate) fpir: f64,
    /// Candidates to print for each face, 1 to 100.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) top: u8,
    /// Write the picture with names and scores drawn (one probe only).
    #[arg(long, value_name = "OUT.png")]
    pub(crate) annotate: Option<PathBuf>,
    /// Quality control of enrolment photographs; one that fails is left out: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) quality: u8,
    #[command(flatten)]
    pub(crate) face: FaceArgs,
    #[command(flatten)]
    pub(crate) sdk: SdkArgs,
}
