//! `vultus pad`: presentation attack detection, simulated, judged and reported.

mod args;
mod evaluate;
mod report;
mod simulate;

use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use args::SetArgs;
use clap::{Args, Subcommand};
use report::ReportArgs;
use simulate::SimulateArgs;

#[derive(Args)]
pub(crate) struct PadArgs {
    #[command(subcommand)]
    command: PadCommand,
}

#[derive(Subcommand)]
enum PadCommand {
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

pub(crate) fn run(args: &PadArgs, output: &Output) -> Result<Outcome> {
    match &args.command {
        PadCommand::Simulate(args) => simulate::run(args, output),
        PadCommand::Evaluate(args) => evaluate::run(args, output),
        PadCommand::Report(args) => report::run(args, output),
    }
}
