//! The one fence: nothing unwinds into C, and every failure leaves its details behind.

use crate::error;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vultus::error::{Coded, Result, Status};

/// What the caller of a function sees when its body fails, or panics.
pub(crate) trait Answer {
    /// What the body returns.
    type Body;

    /// The answer to a body that came to its end.
    fn of(body: Self::Body) -> Self;

    /// The answer to a body that panicked.
    fn of_panic(defect: Defect) -> Self;
}

/// Most functions: 0 or a number of the status table.
impl Answer for i32 {
    type Body = Result<()>;

    fn of(body: Result<()>) -> Self {
        match body {
            Ok(()) => 0,
            Err(error) => error::remember(&error),
        }
    }

    fn of_panic(defect: Defect) -> Self {
        error::remember(&defect.into())
    }
}

/// Freeing: there is nobody to tell, but the details can be asked for.
impl Answer for () {
    type Body = Result<()>;

    fn of(body: Result<()>) -> Self {
        let _ = i32::of(body);
    }

    fn of_panic(defect: Defect) -> Self {
        let _ = i32::of_panic(defect);
    }
}

/// Numbers that cannot fail to be known.
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
    // Whatever a panic leaves half done lies in a handle, which is poisoned then.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(body) => A::of(body),
        // Remembering could only panic for want of memory, which aborts anyway.
        Err(payload) => A::of_panic(Defect::of(&*payload)),
    }
}

/// The same for questions about the last failure, which they must not overwrite.
pub(crate) fn quiet(body: impl FnOnce() -> Result<()>) -> i32 {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => 0,
        Ok(Err(error)) => i32::from(error.status().code()),
        Err(_) => i32::from(Status::InternalError.code()),
    }
}

/// A panic that was caught.
#[derive(Debug)]
pub(crate) struct Defect {
    what: String,
}

impl Defect {
    fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self {
            what: text.unwrap_or("a panic without words").to_owned(),
        }
    }
}

impl std::fmt::Display for Defect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Defect {}

impl Coded for Defect {
    fn status(&self) -> Status {
        Status::InternalError
    }
}
