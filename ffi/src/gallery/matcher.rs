//! Matchers, which compare the faces of a gallery.

use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::sdk::vultus_sdk;
use crate::strings::{OutText, vultus_bytes};
use std::ffi::c_char;
use vultus::MaskState;
use vultus::gallery::Matcher;
use vultus::gallery::store::TemplateKey;

/// The right to recognise, and the scores of one pack. Enrolling, searching, verifying and importing need
/// one; listing, changing, exporting and deleting do not, so they also work after a licence has ended. All
/// threads share it.
#[derive(Debug)]
pub struct vultus_matcher {
    _private: (),
}

object!(vultus_matcher, Matcher, b"vultMATC", Shared, Owned);

/// The matcher of an SDK's pack.
///
/// Errors: VULTUS_ERROR_NOT_ENTITLED for a licence without recognition;
/// VULTUS_ERROR_CALIBRATION_MISSING.
///
/// ```c
/// vultus_matcher *matcher = NULL;
/// code = vultus_matcher_new(sdk, &matcher);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_matcher_new(
    sdk: *const vultus_sdk,
    out: *mut *mut vultus_matcher,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (sdk, out) = unsafe { (shared(sdk, "sdk")?, OutHandle::at(out, "out")?) };
        out.give(sdk.matcher(MaskState::BARE)?);
        Ok(())
    })
}

/// A matcher for galleries whose embeddings are rotated by a key of the site: 32 random bytes that are not
/// the gallery's secret. An embedding that leaks is of no use under another key. Scores stay the same.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for another length; as `vultus_matcher_new`.
///
/// ```c
/// vultus_bytes key = { site_key, 32 };
/// code = vultus_matcher_for_site(sdk, key, &matcher);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_matcher_for_site(
    sdk: *const vultus_sdk,
    key: vultus_bytes,
    out: *mut *mut vultus_matcher,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (sdk, key, out) = unsafe {
            (
                shared(sdk, "sdk")?,
                key.get_array("key")?,
                OutHandle::at(out, "out")?,
            )
        };
        out.give(
            sdk.matcher(MaskState::BARE)?
                .for_site(&TemplateKey::new(*key))?,
        );
        Ok(())
    })
}

/// Frees a matcher; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_matcher_free(matcher: *mut vultus_matcher) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(matcher, "matcher") });
}

/// The model id of the groups whose faces it compares: the pack's model id, followed by a mark of the
/// site's key where there is one.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char model_id[128];
/// size_t needed;
/// code = vultus_matcher_model_id(matcher, model_id, sizeof model_id, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_matcher_model_id(
    matcher: *const vultus_matcher,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (matcher, out) = unsafe {
            (
                shared(matcher, "matcher")?,
                OutText::at(text, capacity, needed)?,
            )
        };
        out.put(matcher.model_id())
    })
}
