//! `vultus eval`

mod calibration;
mod identification;
pub(crate) mod pairs;
pub(crate) mod plots;
mod quality;
pub(crate) mod report;
mod split;
mod statistics;
mod verification;

use crate::Outcome;
use crate::args::{EvalArgs, EvalCommand};
use crate::failure::CliResult;
use crate::output::Output;

pub(crate) fn run(args: &EvalArgs, output: &Output) -> CliResult<Outcome> {
    match &args.what {
        EvalCommand::Verification(args) => verification::run(args, output),
        EvalCommand::Quality(args) => quality::run(args, output),
        EvalCommand::Calibration(args) => calibration::run(args, output),
        EvalCommand::Identification(args) => identification::run(args, output),
    }
}
