//! The fence around the body of every exported function: no panic unwinds into C, and every failure is logged, kept for
//! `vultus_last_error` and returned as a number.

use crate::{last_error, logging};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vultus::error::{Coded, Error, Result, Status};

/// What an exported function returns to C.
pub(crate) trait Answer {
    /// What its body returns.
    type Body;

    /// The answer where the body returned.
    fn of(body: Self::Body) -> Self;

    /// The answer where the body panicked.
    fn of_panic(defect: Defect) -> Self;
}

/// Most functions return 0 or a number of the status table.
impl Answer for i32 {
    type Body = Result<()>;

    fn of(body: Result<()>) -> Self {
        match body {
            Ok(()) => 0,
            Err(error) => report(&error),
        }
    }

    fn of_panic(defect: Defect) -> Self {
        report(&defect.into())
    }
}

/// Functions that free return nothing; what went wrong can be asked for.
impl Answer for () {
    type Body = Result<()>;

    fn of(body: Result<()>) -> Self {
        let _ = i32::of(body);
    }

    fn of_panic(defect: Defect) -> Self {
        let _ = i32::of_panic(defect);
    }
}

/// Numbers that are always known.
impl Answer for u32 {
    type Body = u32;

    fn of(body: u32) -> Self {
        body
    }

    fn of_panic(defect: Defect) -> Self {
        let _ = i32::of_panic(defect);
        0
    }
}

/// Runs the body of an exported function.
pub(crate) fn fence<A: Answer>(body: impl FnOnce() -> A::Body) -> A {
    // A panic can leave only the contents of a handle half changed, and that handle is then poisoned.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(body) => A::of(body),
        // Reporting can panic only when memory runs out, which ends the process anyway.
        Err(payload) => A::of_panic(Defect::of(&*payload)),
    }
}

/// The same for functions that ask for the last failure: their own failures are neither logged nor kept.
pub(crate) fn quiet(body: impl FnOnce() -> Result<()>) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => i32::from(error.status().code()),
        Err(_) => i32::from(Status::InternalError.code()),
    }
}

/// Logs a failure, keeps it for the functions that ask, and returns its number.
fn report(error: &Error) -> i32 {
    // The log comes first: its callback may call functions that fail too, and their failures must not be kept.
    logging::failure(error);
    last_error::keep(error);
    i32::from(error.status().code())
}

/// A panic that was caught.
#[derive(Debug)]
pub(crate) struct Defect {
    message: String,
}

impl Defect {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self {
            message: text.unwrap_or("a panic without words").to_owned(),
        }
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Defect {}

impl Coded for Defect {
    fn status(&self) -> Status {
        Status::InternalError
    }
}
