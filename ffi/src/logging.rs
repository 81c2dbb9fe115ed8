//! The log: one callback of the host, which is told of failures and of what was opened.
//!
//! This is the only state of the library that belongs to the process and not to a handle, because failures must be
//! reported before the first handle exists. The log decides nothing: every failure is also returned.

use crate::misuse::Misuse;
use crate::process::PerProcess;
use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::sync::{PoisonError, RwLock};
use vultus::error::{Error, Family, Result};

/// A defect of the SDK.
pub const VULTUS_LOG_ERROR: u32 = 1;
/// A call that was refused, or a warning.
pub const VULTUS_LOG_WARNING: u32 = 2;
/// What was opened, and of which version.
pub const VULTUS_LOG_INFO: u32 = 3;

/// Receives one line of the log: the `user_data` of `vultus_log_set`, the level (VULTUS_LOG_*), and a line
/// of English in UTF-8, NUL-terminated, which is valid until the callback returns.
///
/// Any thread that calls the SDK may call it, several at once. Inside it, functions of the SDK work, but
/// their failures are not logged; `vultus_log_set` and `vultus_log_clear` are refused there with
/// VULTUS_ERROR_HANDLE_BUSY.
///
/// ```c
/// static void to_stderr(void *user_data, uint32_t level, const char *text, size_t length) {
///     (void)user_data;
///     fprintf(stderr, "vultus %u: %.*s\n", (unsigned)level, (int)length, text);
/// }
/// ```
pub type vultus_log_callback = Option<
    unsafe extern "C" fn(user_data: *mut c_void, level: u32, text: *const c_char, length: usize),
>;

/// The callback that is told, and up to which level.
pub(crate) struct Listener {
    pub(crate) level: u32,
    pub(crate) callback: unsafe extern "C" fn(*mut c_void, u32, *const c_char, usize),
    /// A pointer that only the host uses; kept as a number, so that it may be shared among threads.
    pub(crate) user_data: usize,
}

/// A forked child has none until it sets one: the parent's may need what the child does not have.
static LISTENER: PerProcess<RwLock<Option<Listener>>> = PerProcess::new(|| RwLock::new(None));

thread_local! {
    /// Whether this thread is inside the callback.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Sets or removes the listener. Waits until no callback is running.
pub(crate) fn replace(listener: Option<Listener>) -> Result<()> {
    if INSIDE.get() {
        let (name, type_name) = ("the log", "callback");
        return Err(Misuse::Busy { name, type_name }.into());
    }
    *LISTENER
        .get()
        .write()
        .unwrap_or_else(PoisonError::into_inner) = listener;
    Ok(())
}

/// Logs a failure.
pub(crate) fn failure(error: &Error) {
    let level = match error.status().family() {
        Family::Internal => VULTUS_LOG_ERROR,
        _ => VULTUS_LOG_WARNING,
    };
    log(level, || error.to_string());
}

/// Logs a warning.
pub(crate) fn warning(text: impl FnOnce() -> String) {
    log(VULTUS_LOG_WARNING, text);
}

/// Logs what was opened.
pub(crate) fn info(text: impl FnOnce() -> String) {
    log(VULTUS_LOG_INFO, text);
}

fn log(level: u32, text: impl FnOnce() -> String) {
    // What the callback itself does is not logged, or it would call itself for ever. While a thread ends, its storage
    // is gone and nothing is logged.
    if INSIDE
        .try_with(|inside| inside.replace(true))
        .unwrap_or(true)
    {
        return;
    }
    let listener = LISTENER
        .get()
        .read()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(listener) = listener.as_ref().filter(|listener| level <= listener.level) {
        let mut text = text().replace('\0', " ");
        let length = text.len();
        text.push('\0');
        // SAFETY: the callback and the pointer that the host registered together, and a text that lives longer than
        // the call.
        unsafe {
            (listener.callback)(
                listener.user_data as *mut c_void,
                level,
                text.as_ptr().cast(),
                length,
            );
        }
    }
    drop(listener);
    INSIDE.set(false);
}
