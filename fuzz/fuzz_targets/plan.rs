//! A network's file that was changed together with its hash in the manifest: what a session does with it when
//! it first detects faces. The input replaces the front of a real file, or is a list of edits of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ring::digest::{SHA256, digest};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use vultus_ffi::detect::*;
use vultus_ffi::frame::colour::*;
use vultus_ffi::licence::grant::vultus_grant;
use vultus_ffi::options::vultus_sdk_options_free;
use vultus_ffi::sdk::{vultus_sdk_free, vultus_sdk_open};
use vultus_ffi::session::{vultus_session_free, vultus_session_new};
use vultus_fuzz::{answered, bytes, edited, folder, grant, made, ok, options, root, sized, write_manifest};

const FILE: &str = "blazeface_short.plan";
const SIDE: u32 = 64;

struct Grant(*mut vultus_grant);
// SAFETY: a grant may be shared by threads.
unsafe impl Send for Grant {}
// SAFETY: as above.
unsafe impl Sync for Grant {}

static GRANT: LazyLock<Grant> = LazyLock::new(|| Grant(grant("plan")));

/// A pack whose other files are those of `lite`: its folder, the text of its manifest and the file of its detector.
static PACK: LazyLock<(PathBuf, String, Vec<u8>)> = LazyLock::new(|| {
    let lite = root().join("models/lite");
    let manifest = fs::read_to_string(lite.join("pack.toml")).expect("the committed pack");
    let plan = fs::read(lite.join(FILE)).expect("the committed pack");
    let pack = folder("plan");
    for file in fs::read_dir(&lite).expect("the committed pack") {
        let file = file.expect("the committed pack");
        let name = file.file_name();
        if name != FILE && name != "pack.toml" && name != "pack.sig" {
            std::os::unix::fs::symlink(file.path(), pack.join(name)).expect("the folder is ours");
        }
    }
    (pack, manifest, plan)
});

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fuzz_target!(|input: &[u8]| {
    let (pack, manifest, plan) = &*PACK;
    let Some((kind, input)) = input.split_first() else {
        return;
    };
    let changed = match kind % 2 {
        0 => [input, plan.get(input.len()..).unwrap_or_default()].concat(),
        _ => edited(plan, input),
    };
    let right = hex(digest(&SHA256, plan).as_ref());
    let manifest = manifest.replace(&right, &hex(digest(&SHA256, &changed).as_ref()));
    write_manifest(pack, manifest.as_bytes());
    fs::write(pack.join(FILE), &changed).expect("the folder is ours");

    let pixels = [127; (SIDE * SIDE) as usize];
    let (mut frame, mut detect): (vultus_frame, vultus_detect_options) = (sized(), sized());
    let mut faces = std::ptr::null_mut();
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        let options = options(pack);
        let sdk = made(|out| vultus_sdk_open(options, GRANT.0, out));
        vultus_sdk_options_free(options);
        let session = made(|out| vultus_session_new(sdk, out));
        ok(vultus_frame_packed(
            VULTUS_FORMAT_GRAY8,
            SIDE,
            SIDE,
            bytes(&pixels),
            &raw mut frame,
        ));
        ok(vultus_detect_options_default(&raw mut detect));
        answered(vultus_session_detect(
            session,
            &raw const frame,
            &raw const detect,
            &raw mut faces,
        ));
        vultus_faces_free(faces);
        vultus_session_free(session);
        vultus_sdk_free(sdk);
    }
});
