//! The exported functions that set and clear the log's callback.

use crate::fence::fence;
use crate::logging::{self, Listener};
use crate::misuse::Misuse;
use std::ffi::c_void;

pub use crate::logging::{
    VULTUS_LOG_ERROR, VULTUS_LOG_INFO, VULTUS_LOG_WARNING, vultus_log_callback,
};

/// Sets the callback of the log, which is told everything up to a level, VULTUS_LOG_ERROR to
/// VULTUS_LOG_INFO, from every thread of the process. It replaces the one before. This function waits until
/// no callback is running, so do not hold a lock here that a callback needs; after it returns, the old
/// callback is not called any more. `user_data` may be NULL.
///
/// No line of the log holds personal data: no person's id, no picture, no embedding.
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
        logging::replace(Some(Listener {
            level,
            callback,
            user_data: user_data as usize,
        }))
    })
}

/// Removes the callback of the log. Waits until no callback is running, as `vultus_log_set` does.
///
/// Errors: VULTUS_ERROR_HANDLE_BUSY from inside a callback.
///
/// ```c
/// code = vultus_log_clear();
/// ```
#[unsafe(no_mangle)]
pub extern "C" fn vultus_log_clear() -> i32 {
    fence(|| logging::replace(None))
}
