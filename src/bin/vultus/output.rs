//! Where results go: text for people or one JSON object a line, progress on standard error.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use crate::failure::Failure;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

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
            println!("{json}");
        } else {
            println!("{}", text());
        }
    }

    /// Prints why a command or one of its files failed.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            println!("{}", failure.json());
        }
        eprintln!("error: {failure}");
    }

    /// Something a person should know that does not stop the work.
    pub(crate) fn warning(&self, message: &str) {
        eprintln!("warning: {message}");
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
