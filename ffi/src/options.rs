//! What an SDK is opened with.

use crate::fence::fence;
use crate::handle::{OutHandle, exclusive, free, object};
use crate::misuse::Misuse;
use crate::strings::{path, vultus_str};
use std::path::PathBuf;
use vultus::error::Result;
use vultus::pack::PackKey;
use vultus::{Config, Verification};

/// Compares all files of a model pack with their hashes when it is opened: the default.
pub const VULTUS_VERIFY_ON_OPENING: u32 = 1;
/// Compares each network with its hash when it is first used: a device starts sooner, and a damaged
/// file is refused by the call that needs it.
pub const VULTUS_VERIFY_ON_FIRST_USE: u32 = 2;

/// What an SDK is opened with.
#[derive(Debug)]
pub struct vultus_sdk_options {
    _private: (),
}

/// The options that were set so far.
#[derive(Default)]
pub(crate) struct SdkOptions {
    pack: Option<PathBuf>,
    verification: Verification,
    trusted: Vec<PackKey>,
}

object!(
    vultus_sdk_options,
    SdkOptions,
    b"vultSDKO",
    Shared,
    Exclusive,
    Owned
);

impl SdkOptions {
    pub(crate) fn config(&self) -> Result<Config> {
        let name = "the model pack (vultus_sdk_options_set_pack)";
        let pack = self.pack.clone().ok_or(Misuse::NotSet { name })?;
        Ok(Config::builder(pack)
            .verification(self.verification)
            .trusted_packs(self.trusted.iter().copied())
            .build())
    }
}

/// Options with their defaults. The model pack has none and must be set.
///
/// ```c
/// vultus_sdk_options *options = NULL;
/// int32_t code = vultus_sdk_options_new(&options);
/// if (code == VULTUS_OK)
///     code = vultus_sdk_options_set_pack(options, vultus_str_of("/opt/vultus/models/lite"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_options_new(out: *mut *mut vultus_sdk_options) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of outputs.
        unsafe { OutHandle::at(out, "out")? }.give(SdkOptions::default());
        Ok(())
    })
}

/// Frees options; NULL is fine. An SDK that was opened with them keeps working.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_options_free(options: *mut vultus_sdk_options) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(options, "options") });
}

/// Sets the folder of the model pack.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for an empty path. Whether a pack is there is checked when the
/// SDK is opened.
///
/// ```c
/// code = vultus_sdk_options_set_pack(options, vultus_str_of("/opt/vultus/models/lite"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_options_set_pack(
    options: *mut vultus_sdk_options,
    folder: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut options, folder) =
            unsafe { (exclusive(options, "options")?, folder.get("folder")?) };
        options.pack = Some(path(folder, "folder")?);
        Ok(())
    })
}

/// Sets when files of the pack are compared with their hashes: VULTUS_VERIFY_ON_OPENING, the default, or
/// VULTUS_VERIFY_ON_FIRST_USE. In both cases no file is used before it was compared.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// code = vultus_sdk_options_set_verification(options, VULTUS_VERIFY_ON_FIRST_USE);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_options_set_verification(
    options: *mut vultus_sdk_options,
    verification: u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles.
        let mut options = unsafe { exclusive(options, "options")? };
        options.verification = match verification {
            VULTUS_VERIFY_ON_OPENING => Verification::OnOpening,
            VULTUS_VERIFY_ON_FIRST_USE => Verification::OnFirstUse,
            other => return Err(Misuse::choice("verification", other, "1 and 2").into()),
        };
        Ok(())
    })
}

/// Takes packs that this key signed too, besides those of the keys that the library was built with: its public half,
/// 64 digits 0-9 a-f, as `vultus models keygen` prints it. Each call adds a key.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER.
///
/// ```c
/// code = vultus_sdk_options_trust_pack_key(options, vultus_str_of(
///     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_sdk_options_trust_pack_key(
    options: *mut vultus_sdk_options,
    key: vultus_str,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and inputs.
        let (mut options, key) = unsafe { (exclusive(options, "options")?, key.get("key")?) };
        let key = key.parse().map_err(|why| Misuse::PackKey { why })?;
        options.trusted.push(key);
        Ok(())
    })
}
