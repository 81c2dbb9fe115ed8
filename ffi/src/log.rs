//! What a host may want to read later.
//!
//! The one thing that is the process's and not a handle's: failures have to be told of before there
//! is any handle. It decides nothing; every failure is returned as well.

use crate::error::Misuse;
use crate::fence::fence;
use std::cell::Cell;
use std::ffi::{c_char, c_void};
use std::sync::{PoisonError, RwLock};
use vultus::error::{Error, Family, Result};

/// A defect of the SDK.
pub const VULTUS_LOG_ERROR: u32 = 1;
/// A call that was refused, or something that somebody should know.
pub const VULTUS_LOG_WARNING: u32 = 2;
/// What was opened, and of which version.
pub const VULTUS_LOG_INFO: u32 = 3;

/// Hears what the SDK has to say: the `user_data` of `vultus_log_set`, VULTUS_LOG_*, and a line of
/// English in UTF-8, NUL-terminated, which is valid until the callback returns.
///
/// Any thread that calls the SDK may call it, several at once. What it calls of the SDK works, but is
/// not told of; `vultus_log_set` and `vultus_log_clear` are refused there with VULTUS_ERROR_HANDLE_BUSY.
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

/// Who listens.
struct Listener {
    level: u32,
    callback: unsafe extern "C" fn(*mut c_void, u32, *const c_char, usize),
    /// A pointer of the host, which is nobody's business here.
    user_data: usize,
}

static LISTENER: RwLock<Option<Listener>> = RwLock::new(None);

thread_local! {
    /// Whether this thread is inside the callback.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Tells a callback everything up to a level, VULTUS_LOG_ERROR to VULTUS_LOG_INFO, from every thread of
/// the process. It replaces the one before, which is not called any more when this returns: a callback
/// that is running is waited for, so do not hold a lock here that it needs. `user_data` may be NULL.
///
/// Nothing that is told holds personal data: no person's id, no picture, no embedding.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a callback that is NULL or a level that does not exist;
/// VULTUS_ERROR_HANDLE_BUSY from inside a callback.
///
/// ```c
/// code = vultus_log_set(VULTUS_LOG_WARNING, to_stderr, NULL);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_log_set(
    level: u32,
    callback: vultus_log_callback,
    user_data: *mut c_void,
) -> i32 {
    fence(|| {
        if !(VULTUS_LOG_ERROR..=VULTUS_LOG_INFO).contains(&level) {
            return Err(Misuse::choice("level", level, "1 to 3").into());
        }
        let callback = callback.ok_or(Misuse::Null { name: "callback" })?;
        exchange(Some(Listener {
            level,
            callback,
            user_data: user_data as usize,
        }))
    })
}

/// Tells nobody any more. A callback that is running is waited for, as in `vultus_log_set`.
///
/// Errors: VULTUS_ERROR_HANDLE_BUSY from inside a callback.
///
/// ```c
/// code = vultus_log_clear();
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn vultus_log_clear() -> i32 {
    fence(|| exchange(None))
}

fn exchange(listener: Option<Listener>) -> Result<()> {
    if INSIDE.get() {
        let (name, of) = ("the log", "callback");
        return Err(Misuse::Busy { name, of }.into());
    }
    *LISTENER.write().unwrap_or_else(PoisonError::into_inner) = listener;
    Ok(())
}

/// Tells of a failure.
pub(crate) fn failure(error: &Error) {
    let level = match error.status().family() {
        Family::Internal => VULTUS_LOG_ERROR,
        _ => VULTUS_LOG_WARNING,
    };
    tell(level, || error.to_string());
}

/// Tells of something that somebody should know.
pub(crate) fn warning(text: impl FnOnce() -> String) {
    tell(VULTUS_LOG_WARNING, text);
}

/// Tells of what was opened.
pub(crate) fn info(text: impl FnOnce() -> String) {
    tell(VULTUS_LOG_INFO, text);
}

fn tell(level: u32, text: impl FnOnce() -> String) {
    // What the callback does must not be told to it, or it would never end. A thread that is ending
    // has nobody to tell.
    if INSIDE
        .try_with(|inside| inside.replace(true))
        .unwrap_or(true)
    {
        return;
    }
    let listener = LISTENER.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(listener) = listener.as_ref().filter(|listener| level <= listener.level) {
        let mut text = text().replace('\0', " ");
        let length = text.len();
        text.push('\0');
        // SAFETY: a callback of this type, with what it was registered with and a text that outlives
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
