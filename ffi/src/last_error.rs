//! Keeps the last failure of each thread, for the functions that ask for it.

use std::cell::RefCell;
use vultus::error::{Error, Result, Status};

/// The most causes that are kept of one failure.
const CAUSES_MAX: usize = 16;

thread_local! {
    static LAST: RefCell<Option<Failure>> = const { RefCell::new(None) };
}

/// What is kept of a failure.
pub(crate) struct Failure {
    pub(crate) status: Status,
    /// What happened, then its causes, outermost first. Never empty.
    pub(crate) texts: Vec<String>,
}

/// Keeps a failure in place of the thread's last one.
pub(crate) fn keep(error: &Error) {
    let status = error.status();
    let mut texts = vec![error.to_string()];
    let mut cause = std::error::Error::source(error);
    while let (Some(error), true) = (cause, texts.len() <= CAUSES_MAX) {
        texts.push(error.to_string());
        cause = error.source();
    }
    // While a thread ends its storage is gone, and no function of it can ask any more.
    let _ = LAST.try_with(|last| *last.borrow_mut() = Some(Failure { status, texts }));
}

/// Reads the thread's last failure.
pub(crate) fn read<T>(answer: impl FnOnce(Option<&Failure>) -> Result<T>) -> Result<T> {
    LAST.with(|last| answer(last.borrow().as_ref()))
}
