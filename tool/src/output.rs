//! Where results go: text for people or one JSON object a line, progress on standard error.

use crate::Outcome;
use crate::failure::Failure;
use indicatif::{ProgressBar, ProgressStyle};
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

    /// Something a person should know about the answer.
    pub(crate) fn note(&self, message: &str) {
        complain(&format!("note: {message}"));
    }

    /// Something a person should know that does not stop the work.
    pub(crate) fn warning(&self, message: &str) {
        complain(&format!("warning: {message}"));
    }

    /// A bar for long work; invisible when standard error is no terminal.
    pub(crate) fn progress(&self, what: &str, steps: usize) -> ProgressBar {
        let bar = ProgressBar::new(steps as u64);
        let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}")
            .expect("the template is a constant");
        bar.set_style(style);
        bar.set_message(what.to_owned());
        bar
    }
}

/// A reader that has seen enough (`vultus ... | head`) ends the tool quietly; anything else that
/// keeps results from being written must not pass for success.
fn print_line(line: &str) {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(Outcome::Yes as i32),
        Err(error) => {
            complain(&format!("error: results cannot be written: {error}"));
            process::exit(Outcome::BadInput as i32);
        }
    }
}

/// Standard error may be closed; then there is nobody left to tell.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
