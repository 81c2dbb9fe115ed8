//! Ctrl-C and a terminal that goes away, during work that can be stopped between two steps.

use super::Outcome;
use std::io::{self, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the person wants the work to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// From now on the first interrupt asks the work to stop where nothing is lost; a second one ends the program at once.
    /// Where the operating system gives no such notice, an interrupt ends the program as ever.
    pub(crate) fn listen() -> Self {
        let interrupt = Self::default();
        let asked = interrupt.clone();
        let _ = ctrlc::set_handler(move || {
            if asked.0.swap(true, Ordering::SeqCst) {
                process::exit(Outcome::Interrupted as i32);
            }
            let words = "note: stopping; what has been read is kept (once more to stop at once)";
            let _ = writeln!(io::stderr(), "{words}");
        });
        interrupt
    }

    /// Whether it was asked for.
    pub(crate) fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
