//! `ledger`: making, checking, showing and handing over.

use crate::args::{AdoptArgs, ReadArgs, VerifyArgs, WriteArgs};
use crate::failure::CliResult;
use crate::keys;
use crate::outcome::Outcome;
use crate::output::Output;
use serde_json::json;
use vultus_issuer::environment::System;
use vultus_issuer::issuer::Issuer;
use vultus_issuer::ledger::Ledger;
use vultus_issuer::report;
use vultus_issuer::signer::Signer;

/// Opens the ledger that the signer keeps and lets an operation work on it.
pub(crate) fn with_issuer<T>(
    args: &WriteArgs,
    signer: &Signer,
    work: impl FnOnce(&mut Issuer<'_>) -> CliResult<T>,
) -> CliResult<T> {
    let ledger = Ledger::open(args.store.ledger.open()?, signer.public())?;
    let mut issuer = Issuer::new(ledger, signer, &System, &System);
    work(&mut issuer)
}

pub(crate) fn init(args: &WriteArgs, output: &Output) -> CliResult<Outcome> {
    let signer = keys::signer(&args.key)?;
    let store = args.store.ledger.create()?;
    let ledger = Ledger::create(store, &signer, &System, &System)?;
    let json = json!({ "key_id": signer.public().id().to_string(), "head": head(&ledger) });
    output.result(&json, || {
        format!("made an empty ledger, head {}", head(&ledger))
    });
    Ok(Outcome::Done)
}

pub(crate) fn verify(args: &VerifyArgs, output: &Output) -> CliResult<Outcome> {
    let ledger = open(&args.read)?;
    let since = match args.expect_head {
        Some(expected) => Some(ledger.records_since(expected)?),
        None => None,
    };
    let json = json!({
        "ok": true,
        "records": ledger.length(),
        "head": head(&ledger),
        "records_since_expected": since,
    });
    output.result(&json, || {
        let since = match since {
            Some(n) => format!(", {n} records after the expected head"),
            None => String::new(),
        };
        let (length, head) = (ledger.length(), head(&ledger));
        format!("{length} records are good, head {head}{since}")
    });
    Ok(Outcome::Done)
}

pub(crate) fn report(args: &ReadArgs, output: &Output) -> CliResult<Outcome> {
    let ledger = open(args)?;
    output.result(&report::json(&ledger), || report::text(&ledger));
    Ok(Outcome::Done)
}

pub(crate) fn adopt(args: &AdoptArgs, output: &Output) -> CliResult<Outcome> {
    let write = &args.write;
    let old = keys::signer(&write.key)?;
    let file = keys::read(&args.new_key)?;
    let named = args.new_passphrase_file.as_ref();
    let passphrase = keys::passphrase(
        named
            .or(write.key.passphrase_file.as_ref())
            .map(AsRef::as_ref),
        &args.new_key,
    )?;
    let new = keys::open(&file, &passphrase, &args.new_key)?;
    let ledger = Ledger::open(write.store.ledger.open()?, old.public())?;
    let ledger = Issuer::new(ledger, &old, &System, &System).adopt(&new)?;
    let json = json!({ "key_id": new.public().id().to_string(), "head": head(&ledger) });
    output.result(&json, || {
        format!(
            "key {} keeps the ledger from now on, head {}",
            new.public().id(),
            head(&ledger)
        )
    });
    Ok(Outcome::Done)
}

fn open(args: &ReadArgs) -> CliResult<Ledger> {
    let keys = keys::public(&args.key)?;
    Ok(Ledger::open(args.store.ledger.open()?, &keys)?)
}

fn head(ledger: &Ledger) -> String {
    ledger.head().to_string()
}
