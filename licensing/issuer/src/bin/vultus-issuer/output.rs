//! Where results go: text for people or one JSON object a line.

use crate::failure::Failure;
use crate::outcome::Outcome;
use serde_json::Value;
use std::io::{self, ErrorKind, Write};
use std::process;

pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result in the form that was asked for.
    pub(crate) fn result(&self, json: &Value, text: impl FnOnce() -> String) {
        if self.json {
            print_line(&json.to_string());
        } else {
            print_line(&text());
        }
    }

    /// Prints why a command or one of its files failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            print_line(&failure.json().to_string());
        }
        complain(&format!("error: {failure}"));
    }

    /// Something a person should know that does not stop the work.
    pub(crate) fn warning(&self, message: &str) {
        complain(&format!("warning: {message}"));
    }
}

/// Whatever keeps results from being written must not pass for success: what was printed may be
/// the only copy of a licence until it is asked for again.
fn print_line(line: &str) {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(Outcome::Done as i32),
        Err(error) => {
            complain(&format!("error: results cannot be written: {error}"));
            process::exit(Outcome::BadInput as i32);
        }
    }
}

/// Standard error may be closed; then there is no other way to report.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
