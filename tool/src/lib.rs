//! The desktop tool `vultus`: demonstrates, evaluates and diagnoses the SDK. It is a library too, whose drawing, data sets
//! and reports other desktop programs share.

mod args;
mod calibrate;
mod compare;
mod context;
mod dataset;
mod detect;
mod draw;
mod embed;
mod eval;
mod failure;
mod folder;
mod gallery;
mod identify;
mod licence;
mod liveness;
mod models;
mod output;
mod pad;
mod quality;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let output = output::Output::new(cli.json);
    let result = match &cli.command {
        Command::Detect(args) => detect::run(args, &output),
        Command::Embed(args) => embed::run(args, &output),
        Command::Compare(args) => compare::run(args, &output),
        Command::Identify(args) => identify::run(args, &output),
        Command::Quality(args) => quality::run(args, &output),
        Command::Eval(args) => eval::run(args, &output),
        Command::Calibrate(args) => calibrate::run(args, &output),
        Command::Models(args) => models::run(args, &output),
        Command::Gallery(args) => gallery::run(args, &output),
        Command::Liveness(args) => liveness::run(args, &output),
        Command::Pad(args) => pad::run(args, &output),
        Command::Licence(args) => licence::run(args, &output),
    };
    match result {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            output.failure(&failure);
            Outcome::BadInput.into()
        }
    }
}

/// What a command found, as its exit code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Outcome {
    /// Yes, or done.
    Yes = 0,
    /// No match, or no face.
    No = 1,
    /// Bad usage or input.
    BadInput = 2,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}
