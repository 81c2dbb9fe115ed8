//! Sessions: the working memory of one thread.

use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::sdk::vultus_sdk;
use std::ops::{Deref, DerefMut};
use vultus::{Sdk, Session};

/// Working memory of one thread or camera. Make one for each; a session may move from thread to
/// thread, but two calls at once are refused with VULTUS_ERROR_HANDLE_BUSY.
///
/// A call that ends in a defect of the SDK (VULTUS_ERROR_INTERNAL_ERROR) makes the session unusable: every
/// later call answers VULTUS_ERROR_HANDLE_POISONED until it is freed. The SDK and other sessions keep
/// working.
#[derive(Debug)]
pub struct vultus_session {
    _private: (),
}

/// A session, and the SDK that it was made from, which makes the judges of liveness.
pub(crate) struct OpenSession {
    session: Session,
    pub(crate) sdk: Sdk,
}

impl Deref for OpenSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for OpenSession {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

object!(vultus_session, OpenSession, b"vultSESS", Exclusive, Owned);

/// Makes a session. Networks get their memory when they are first used.
///
/// The time of a trial is checked here and, while sessions run, every 60 seconds; after its end the next
/// call is refused.
///
/// Errors: VULTUS_ERROR_LICENCE_EXPIRED, or the reason why a trial's time is not known.
///
/// ```c
/// vultus_session *session = NULL;
/// int32_t code = vultus_session_new(sdk, &session);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_new(
    sdk: *const vultus_sdk,
    out: *mut *mut vultus_session,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (sdk, out) = unsafe { (shared(sdk, "sdk")?, OutHandle::at(out, "out")?) };
        out.give(OpenSession {
            session: sdk.session()?,
            sdk: sdk.clone(),
        });
        Ok(())
    })
}

/// Frees a session; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_free(session: *mut vultus_session) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(session, "session") });
}

/// Panics inside a session: what a defect of the SDK would do.
///
/// cbindgen:ignore
#[cfg(feature = "test-keys")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_test_panic(session: *mut vultus_session) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let _session = unsafe { crate::handle::exclusive(session, "session")? };
        panic!("a defect that a test asked for");
    })
}
