//! The SDK that all threads share.

use crate::fence::fence;
use crate::handle::{OutHandle, free, object, shared};
use crate::licence::grant::vultus_grant;
use crate::logging;
use crate::options::vultus_sdk_options;
use crate::strings::OutText;
use std::ffi::c_char;
use vultus::Sdk;
use vultus::licensing::grant::Grant;

/// An open SDK: models, calibration, and the right to use them. All threads share it.
#[derive(Debug)]
pub struct vultus_sdk {
    _private: (),
}

object!(vultus_sdk, Sdk, b"vultSDK_", Shared, Owned);

/// Opens a model pack under a grant.
///
/// Options and grant may be freed afterwards.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER when the options name no pack; 200 to 209 for a pack that
/// is missing, damaged or of another version; VULTUS_ERROR_NOT_ENTITLED for a licence without
/// detection.
///
/// ```c
/// vultus_sdk *sdk = NULL;
/// int32_t code = vultus_sdk_open(options, grant, &sdk);
/// vultus_sdk_options_free(options);
/// vultus_grant_free(grant);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_open(
    options: *const vultus_sdk_options,
    grant: *const vultus_grant,
    out: *mut *mut vultus_sdk,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (options, grant, out) = unsafe {
            (
                shared(options, "options")?,
                shared(grant, "grant")?,
                OutHandle::at(out, "out")?,
            )
        };
        let sdk = Sdk::open(&options.config()?, Grant::clone(&grant))?;
        logging::info(|| format!("model pack {} is open", sdk.model_id()));
        out.give(sdk);
        Ok(())
    })
}

/// Frees an SDK; NULL is fine. Sessions, matchers and judges that were made from it keep working.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_free(sdk: *mut vultus_sdk) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(sdk, "sdk") });
}

/// The model id of the pack, `id@version`: embeddings compare only where theirs are equal.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char model_id[128];
/// size_t needed;
/// code = vultus_sdk_model_id(sdk, model_id, sizeof model_id, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_model_id(
    sdk: *const vultus_sdk,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (sdk, out) = unsafe { (shared(sdk, "sdk")?, OutText::at(text, capacity, needed)?) };
        out.put(sdk.model_id())
    })
}
