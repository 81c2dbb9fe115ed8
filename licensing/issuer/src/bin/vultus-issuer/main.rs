//! The vendor's tool: makes signing keys, enters orders and trials, issues and revokes licences,
//! and keeps the ledger behind them.

#![forbid(unsafe_code)]

mod args;
mod failure;
mod keys;
mod ledger;
mod licences;
mod orders;
mod outcome;
mod output;

use args::{Cli, Command, LedgerCommand};
use clap::Parser;
use failure::CliResult;
use outcome::Outcome;
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
        Command::Order(args) => orders::order(args, output),
        Command::Trial(args) => orders::trial(args, output),
        Command::Issue(args) => licences::issue(args, output),
        Command::Revoke(args) => licences::revoke(args, output),
        Command::Ledger(args) => match &args.what {
            LedgerCommand::Init(args) => ledger::init(args, output),
            LedgerCommand::Verify(args) => ledger::verify(args, output),
            LedgerCommand::Report(args) => ledger::report(args, output),
            LedgerCommand::AdoptKey(args) => ledger::adopt(args, output),
        },
    }
}
