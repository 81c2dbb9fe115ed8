//! The command line of `vultus pad`.

use super::set::Modality;
use crate::args::PackArgs;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct PadArgs {
    #[command(subcommand)]
    pub(crate) what: PadCommand,
}

#[derive(Subcommand)]
pub(crate) enum PadCommand {
    /// Write a set of simulated presentations: people, and artefacts of every species, before simulated sensors.
    #[command(after_help = "Examples:\n  \
        vultus pad simulate --modality depth --seed 7 --out sets/depth-7\n  \
        vultus pad simulate --modality depth --seed 7 --count 50 --species live,flat,rigid-mask --out small\n  \
        vultus pad simulate --modality ir --seed 7 --count 100 --species live,inkjet,nir-reprint --out infrared\n\n\
        Every presentation of a species is another person and another artefact; distance, yaw, light and sensor go \
        around the grid. The same seed writes the same bytes on every machine. No seed gives people or artefacts that \
        the rules were trained or tuned on. A depth frame takes 0.6 MB: the whole set of 300 takes 2.8 GB. An infrared pair \
        with its colour frame takes 2.2 MB: the whole set takes 13 GB.")]
    Simulate(SimulateArgs),
    /// Judge every presentation of a set, simulated or recorded.
    #[command(after_help = "Examples:\n  \
        vultus pad evaluate --set sets/depth-7\n  \
        vultus pad evaluate --set sets/depth-7 --geometry-alone\n  \
        vultus pad evaluate --set infrared --lit-alone\n  \
        vultus --json pad evaluate --set sets/depth-7 | jq 'select(.verdict == \"live\" and .species != \"live\")'\n\n\
        docs/pad-set-format.md says how to write recordings of your own.")]
    Evaluate(SetArgs),
    /// Error rates of a set after ISO/IEC 30107-3: the worst species counts.
    #[command(after_help = "Examples:\n  \
        vultus pad report --set sets/depth-7 --html depth.html\n  \
        vultus --json pad report --set sets/depth-7 | jq .apcer_max\n\n\
        Only a test at the door, with people and artefacts of flesh and paper, says what happens there.")]
    Report(ReportArgs),
}

#[derive(Args)]
pub(crate) struct SimulateArgs {
    /// Which sensor.
    #[arg(long, value_enum)]
    pub(crate) modality: Modality,
    /// Whom and what to draw.
    #[arg(long, value_name = "N")]
    pub(crate) seed: u64,
    /// Folder of the new set, which must not be there yet.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Presentations of each species.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=4000))]
    pub(crate) count: u32,
    /// Frames of each presentation, 100 ms apart, which are decided over; nothing moves between them.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) frames: u32,
    /// Only these species, with commas between them [default: all that the modality can tell apart].
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) species: Vec<String>,
}

#[derive(Args)]
pub(crate) struct SetArgs {
    /// Folder of the set.
    #[arg(long, value_name = "DIR")]
    pub(crate) set: PathBuf,
    /// Depth: judge by rules that let children in.
    #[arg(long)]
    pub(crate) children: bool,
    /// Depth: judge by geometry, without the network of the pack that looks for masks.
    #[arg(long)]
    pub(crate) geometry_alone: bool,
    /// Infrared: leave frames of the room's light out, as of a sensor that takes none.
    #[arg(long)]
    pub(crate) lit_alone: bool,
    /// Rules of one's own, as in models/liveness/depth.toml or infrared.toml.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) set: SetArgs,
    /// Write the report as one page that needs nothing else.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}
