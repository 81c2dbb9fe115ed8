//! Where results go: text for people or one JSON object a line, progress on standard error.

use super::Outcome;
use super::json;
use crate::failure::Failure;
use crate::observer::{Observer, Progress};
use crate::shown::{shown_json, shown_lines};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use serde_json::Value;
use std::io::{self, ErrorKind, Write};
use std::process;

/// The terminal, or the program that reads the output.
pub(crate) struct Output {
    json: bool,
    bars: MultiProgress,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            bars: MultiProgress::new(),
        }
    }

    /// Prints a result in the form that was asked for.
    pub(crate) fn result(&self, json: &Value, text: impl FnOnce() -> String) {
        if self.json {
            print_line(&shown_json(&json.to_string()));
        } else {
            print_line(&shown_lines(&text()));
        }
    }

    /// Prints why a command or one of its files failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            print_line(&shown_json(&json::failure(failure).to_string()));
        }
        print_error_line(&format!("error: {failure}"));
    }

    /// Something a person should know about the answer.
    pub(crate) fn note(&self, message: &str) {
        print_error_line(&format!("note: {message}"));
    }
}

impl Observer for Output {
    fn warning(&self, message: &str) {
        self.bars
            .suspend(|| print_error_line(&format!("warning: {message}")));
    }

    /// A bar, invisible when standard error is no terminal.
    fn begin(&self, work: &str, steps: usize) -> Box<dyn Progress> {
        let bar = self.bars.add(ProgressBar::new(steps as u64));
        let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {eta}")
            .expect("the template is a constant");
        bar.set_style(style);
        bar.set_message(work.to_owned());
        Box::new(Bar(bar))
    }
}

/// A bar that is cleared away with the value.
struct Bar(ProgressBar);

impl Progress for Bar {
    fn advance(&self, steps: usize) {
        self.0.inc(steps as u64);
    }

    fn set(&self, steps: usize) {
        self.0.set_position(steps as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A reader that has seen enough (`vultus ... | head`) ends the tool quietly; anything else that
/// keeps results from being written must not pass for success.
fn print_line(line: &str) {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(Outcome::Yes as i32),
        Err(error) => {
            print_error_line(&format!("error: results cannot be written: {error}"));
            process::exit(Outcome::BadInput as i32);
        }
    }
}

/// Standard error may be closed; then there is nobody left to tell.
fn print_error_line(line: &str) {
    let _ = writeln!(io::stderr(), "{}", shown_lines(line));
}
