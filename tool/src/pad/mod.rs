//! `vultus pad`: presentation attack detection, simulated, judged and reported.

pub(crate) mod args;
mod bounds;
pub(crate) mod evaluate;
pub(crate) mod judge;
mod page;
mod plot;
pub(crate) mod record;
mod report;
mod set;
mod simulate;
mod tally;

use crate::Outcome;
use crate::failure::CliResult;
use crate::output::Output;
use args::{PadArgs, PadCommand};

pub(crate) fn run(args: &PadArgs, output: &Output) -> CliResult<Outcome> {
    match &args.what {
        PadCommand::Simulate(args) => simulate::run(args, output),
        PadCommand::Evaluate(args) => evaluate::run(args, output),
        PadCommand::Report(args) => report::run(args, output),
    }
}
