//! The manifest of a model pack, beside the files of a real one: `vultus_sdk_open`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::{fs, os::unix::fs::symlink};
use vultus_ffi::licence::grant::vultus_grant;
use vultus_ffi::options::vultus_sdk_options_free;
use vultus_ffi::sdk::{vultus_sdk_free, vultus_sdk_open};
use vultus_fuzz::{answered, folder, grant, options, root, write_manifest};

struct Grant(*mut vultus_grant);
// SAFETY: a grant may be shared by threads.
unsafe impl Send for Grant {}
// SAFETY: as above.
unsafe impl Sync for Grant {}

static GRANT: LazyLock<Grant> = LazyLock::new(|| Grant(grant("pack")));

/// A pack without its manifest.
static PACK: LazyLock<PathBuf> = LazyLock::new(|| {
    let pack = folder("pack");
    for entry in fs::read_dir(root().join("models/lite")).expect("the committed pack") {
        let file = entry.expect("a file of the pack").path();
        let name = file.file_name().expect("files have names");
        if name != "pack.toml" && name != "pack.sig" {
            let _ = symlink(
                fs::canonicalize(&file).expect("a file of the pack"),
                pack.join(name),
            );
        }
    }
    pack
});

fuzz_target!(|manifest: &[u8]| {
    write_manifest(&PACK, manifest);
    let mut sdk = std::ptr::null_mut();
    // SAFETY: handles and memory of this function.
    unsafe {
        let options = options(&PACK);
        answered(vultus_sdk_open(options, GRANT.0, &raw mut sdk));
        vultus_sdk_options_free(options);
        vultus_sdk_free(sdk);
    }
});
