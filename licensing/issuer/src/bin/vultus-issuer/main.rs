//! The vendor's tool: makes signing keys, enters orders and trials, issues and revokes licences,
//! and keeps the ledger behind them.

#![forbid(unsafe_code)]

mod args;
mod failure;
mod issuing;
mod keeping;
mod keys;
mod output;
mod selling;

use args::{Cli, Command, LedgerCommand};
use clap::Parser;
use failure::CliResult;
use output::Output;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.json);
    match run(&cli.command, &output) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            output.failure(&failure);
            failure.outcome().into()
        }
    }
}

fn run(command: &Command, output: &Output) -> CliResult<Outcome> {
    match command {
        Command::Keygen(args) => keys::generate(args, output),
        Command::Order(args) => selling::order(args, output),
        Command::Trial(args) => selling::trial(args, output),
        Command::Issue(args) => issuing::issue(args, output),
        Command::Revoke(args) => issuing::revoke(args, output),
        Command::Ledger(args) => match &args.what {
            LedgerCommand::Init(args) => keeping::init(args, output),
            LedgerCommand::Verify(args) => keeping::verify(args, output),
            LedgerCommand::Report(args) => keeping::report(args, output),
            LedgerCommand::AdoptKey(args) => keeping::adopt(args, output),
        },
    }
}

/// What a command came to, as its exit code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Outcome {
    /// Done.
    Done = 0,
    /// A rule says no, or the ledger fails its check.
    Refused = 1,
    /// Bad usage or input, or something broke.
    BadInput = 2,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome as u8)
    }
}
