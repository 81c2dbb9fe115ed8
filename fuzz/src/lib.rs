//! What the targets share: the C interface in order, so that only the input is hostile.

use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};
use std::fs;
use std::path::{Path, PathBuf};
use vultus::licensing::request::Request;
use vultus::licensing::testkit;
use vultus_ffi::codes::VULTUS_PART_OEM_SECRET;
use vultus_ffi::licence::device::*;
use vultus_ffi::licence::grant::{vultus_grant, vultus_grant_free};
use vultus_ffi::options::*;
use vultus_ffi::sdk::{vultus_sdk, vultus_sdk_open};
use vultus_ffi::strings::{vultus_bytes, vultus_str};

/// Numbers that say that something in the library is broken. No input may bring them about.
const DEFECTS: [i32; 2] = [900, 901];

/// Any answer but a defect is an answer.
#[track_caller]
pub fn answered(code: i32) -> i32 {
    assert!(!DEFECTS.contains(&code), "a defect: {code}");
    code
}

/// The answer that what is in order gets.
#[track_caller]
pub fn ok(code: i32) {
    assert_eq!(code, 0);
}

/// A handle that a function makes.
#[track_caller]
pub fn made<T>(make: impl FnOnce(*mut *mut T) -> i32) -> *mut T {
    let mut handle = std::ptr::null_mut();
    ok(make(&raw mut handle));
    handle
}

/// A text to lend.
pub fn text(text: &str) -> vultus_str {
    vultus_str {
        data: text.as_ptr().cast(),
        length: text.len(),
    }
}

/// A path to lend.
pub fn path(path: &Path) -> vultus_str {
    text(path.to_str().expect("folders of these targets are UTF-8"))
}

/// Bytes to lend.
pub fn bytes(bytes: &[u8]) -> vultus_bytes {
    vultus_bytes {
        data: bytes.as_ptr(),
        length: bytes.len(),
    }
}

/// A struct of zeros with its size set.
pub fn sized<T: Copy>() -> T {
    // SAFETY: structs of the header are numbers and pointers; `struct_size` comes first.
    unsafe {
        let mut value: T = std::mem::zeroed();
        (&raw mut value).cast::<u32>().write(size_of::<T>() as u32);
        value
    }
}

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A folder of this process in memory, where the system has one.
pub fn folder(name: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let parent = match memory.is_dir() {
        true => memory.to_owned(),
        false => std::env::temp_dir(),
    };
    let folder = parent.join(format!("vultus-fuzz-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder for this process");
    folder
}

/// A device that knows its secret.
pub fn device(folder: &Path) -> *mut vultus_device {
    // SAFETY: lent texts and memory of this function.
    unsafe {
        let device = made(|out| vultus_device_new(path(folder), out));
        let secret = bytes(b"a secret of this one door");
        ok(vultus_device_add_bytes(
            device,
            VULTUS_PART_OEM_SECRET,
            secret,
        ));
        device
    }
}

/// A licence for everything, as the vendor of tests answers a device.
pub fn licence(device: *const vultus_device) -> Vec<u8> {
    let (mut buffer, mut needed) = (vec![0; 4096], 0);
    // SAFETY: a handle and memory of this function.
    ok(unsafe {
        vultus_device_request(
            device,
            VULTUS_FORM_BINARY,
            buffer.as_mut_ptr(),
            buffer.len(),
            &raw mut needed,
        )
    });
    let request = Request::parse(&buffer[..needed]).expect("the library's own request");
    testkit::sign(&testkit::licence_for(request).expect("the secret is an anchor"))
}

/// The right to run.
pub fn grant(name: &str) -> *mut vultus_grant {
    // SAFETY: handles and lent bytes of this function.
    unsafe {
        let device = device(&folder(&format!("{name}-licence")));
        ok(vultus_device_install(device, bytes(&licence(device))));
        let grant = made(|out| vultus_device_activate(device, out));
        vultus_device_free(device);
        grant
    }
}

/// Options for a pack whose files are compared with their hashes when they are needed.
pub fn options(pack: &Path) -> *mut vultus_sdk_options {
    // SAFETY: handles and lent texts of this function.
    unsafe {
        let options = made(|out| vultus_sdk_options_new(out));
        ok(vultus_sdk_options_set_pack(options, path(pack)));
        ok(vultus_sdk_options_set_verification(
            options,
            VULTUS_VERIFY_ON_FIRST_USE,
        ));
        options
    }
}

/// The committed pack, under a grant that is freed, so that the leak checker has nothing to find.
pub fn sdk(grant: *mut vultus_grant) -> *mut vultus_sdk {
    // SAFETY: handles of this function and the caller, who gives this one away.
    unsafe {
        let options = options(&root().join("models/lite"));
        let sdk = made(|out| vultus_sdk_open(options, grant, out));
        vultus_sdk_options_free(options);
        vultus_grant_free(grant);
        sdk
    }
}

/// A file with edits, so that a small input reaches every part of a large one. Each edit is 3 bytes of an offset,
/// a byte n and n bytes, which are written there; an n of 255 cuts the file off there instead.
pub fn edited(file: &[u8], mut edits: &[u8]) -> Vec<u8> {
    let mut out = file.to_vec();
    while let [a, b, c, n, rest @ ..] = edits {
        let at = u32::from_le_bytes([*a, *b, *c, 0]) as usize % (out.len() + 1);
        edits = rest;
        if *n == 255 {
            out.truncate(at);
            continue;
        }
        let count = usize::from(*n).min(edits.len()).min(out.len() - at);
        out[at..at + count].copy_from_slice(&edits[..count]);
        edits = &edits[count..];
    }
    out
}

/// Writes a manifest into a pack with its maker's signature: without it nothing of a manifest is parsed.
pub fn write_manifest(pack: &Path, manifest: &[u8]) {
    let key = include_str!("../../models/keys/development.key");
    let seed = key.lines().find_map(|line| line.strip_prefix("seed ")).expect("the committed key");
    let byte = |at| u8::from_str_radix(&seed[at..at + 2], 16).expect("the committed key");
    let seed: Vec<u8> = (0..64).step_by(2).map(byte).collect();
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).expect("the committed key");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let id = digest(&SHA256, pair.public_key().as_ref());
    let signature = pair.sign(&[b"vultus pack manifest 1\0", manifest].concat());
    let (id, signature) = (hex(&id.as_ref()[..8]), hex(signature.as_ref()));
    let text = format!("vultus-pack-signature 1\nkey {id}\ned25519 {signature}\n");
    fs::write(pack.join("pack.sig"), text).expect("the folder is ours");
    fs::write(pack.join("pack.toml"), manifest).expect("the folder is ours");
}
