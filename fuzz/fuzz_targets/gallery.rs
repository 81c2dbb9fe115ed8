//! Files of a gallery and of an export that were edited: `vultus_gallery_open`, what an opened one contains, and
//! `vultus_gallery_import`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::fs;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::sync::LazyLock;
use vultus_ffi::embedding::*;
use vultus_ffi::enrol::*;
use vultus_ffi::gallery::groups::vultus_gallery_create_group;
use vultus_ffi::gallery::library::*;
use vultus_ffi::gallery::lists::*;
use vultus_ffi::gallery::matcher::*;
use vultus_ffi::gallery::options::*;
use vultus_ffi::gallery::persons::*;
use vultus_ffi::gallery::transfer::*;
use vultus_ffi::sdk::{vultus_sdk, vultus_sdk_free, vultus_sdk_model_id};
use vultus_fuzz::{answered, bytes, edited, folder, grant, made, ok, path, root, sdk, sized, text};

const KEY: [u8; 32] = [7; 32];

/// What all inputs share.
struct Base {
    folder: PathBuf,
    matcher: *mut vultus_matcher,
    gallery: Vec<u8>,
    export: Vec<u8>,
}
// SAFETY: a matcher may be shared by threads.
unsafe impl Send for Base {}
// SAFETY: as above.
unsafe impl Sync for Base {}

static BASE: LazyLock<Base> = LazyLock::new(|| {
    let folder = folder("gallery");
    let sdk = sdk(grant("gallery"));
    // SAFETY: handles of this process, which live as long as it does.
    let matcher = unsafe { made(|out| vultus_matcher_new(sdk, out)) };
    // Kept, because an input is a list of edits of these very files.
    let [gallery, export] =
        ["staff.gallery", "staff.export"].map(|name| root().join("fuzz/base").join(name));
    if !gallery.is_file() || !export.is_file() {
        write_base(sdk, matcher, &gallery, &export);
    }
    // SAFETY: a handle of this function, which nothing needs any more.
    unsafe { vultus_sdk_free(sdk) };
    Base {
        folder,
        matcher,
        gallery: fs::read(gallery).expect("a file that is there"),
        export: fs::read(export).expect("a file that is there"),
    }
});

fn gallery_options(file: &Path) -> *mut vultus_gallery_options {
    // SAFETY: handles and lent texts of this function.
    unsafe {
        let options = made(|out| vultus_gallery_options_new(out));
        ok(vultus_gallery_options_set_path(options, path(file)));
        ok(vultus_gallery_options_set_secret(options, bytes(&KEY)));
        options
    }
}

/// A gallery with two persons, and its export.
fn write_base(sdk: *const vultus_sdk, matcher: *const vultus_matcher, file: &Path, export: &Path) {
    fs::create_dir_all(file.parent().expect("a file in a folder"))
        .expect("a folder that can be made");
    let _ = (fs::remove_file(file), fs::remove_file(export));
    // SAFETY: handles, lent texts and memory of this function and the caller.
    unsafe {
        let options = gallery_options(file);
        let gallery = made(|out| vultus_gallery_create(options, out));
        vultus_gallery_options_free(options);
        ok(vultus_gallery_create_group(
            gallery,
            matcher,
            text("staff"),
            text("Staff"),
        ));
        let mut model = [0_u8; 128];
        let mut needed = 0;
        ok(vultus_sdk_model_id(
            sdk,
            model.as_mut_ptr().cast(),
            model.len(),
            &raw mut needed,
        ));
        for (person, axis) in [("E-17", 0), ("E-18", 1)] {
            // The bytes of an embedding, as docs/c-abi.md has them.
            let mut embedding = b"VEMB\x01\0".to_vec();
            embedding.extend((needed as u16 - 1).to_le_bytes());
            embedding.extend(128_u32.to_le_bytes());
            embedding.extend(&model[..needed - 1]);
            embedding.extend((0..128).flat_map(|i| f32::from(i == axis).to_le_bytes()));
            let embedding = made(|out| vultus_embedding_from_bytes(bytes(&embedding), out));
            let face = made(|out| vultus_enrol_face_new(embedding, 80.0, out));
            let mut enrolment = sized();
            ok(vultus_gallery_enrol(
                gallery,
                matcher,
                text("staff"),
                text(person),
                text(person),
                face,
                0,
                &raw mut enrolment,
            ));
            vultus_enrol_face_free(face);
            vultus_embedding_free(embedding);
        }
        let mut records = 0;
        ok(vultus_gallery_export(
            gallery,
            path(export),
            bytes(&KEY),
            &raw mut records,
        ));
        vultus_gallery_free(gallery);
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, edits)) = input.split_first() else {
        return;
    };
    match kind % 2 {
        0 => open(edits),
        _ => import(edits),
    }
});

fn open(edits: &[u8]) {
    let file = BASE.folder.join("edited.gallery");
    fs::write(&file, edited(&BASE.gallery, edits)).expect("the folder is ours");
    let mut gallery = null_mut();
    // SAFETY: handles and memory of this function.
    unsafe {
        let options = gallery_options(&file);
        let code = answered(vultus_gallery_open(options, &raw mut gallery));
        vultus_gallery_options_free(options);
        if code == 0 {
            tell(gallery);
        }
        vultus_gallery_free(gallery);
    }
}

/// Asks an opened gallery for what is in it.
///
/// # Safety
/// `gallery` is open.
unsafe fn tell(gallery: *const vultus_gallery) {
    // SAFETY: handles and memory of this function.
    unsafe {
        let snapshot = made(|out| vultus_gallery_snapshot(gallery, out));
        let mut persons: Vec<vultus_person> = vec![sized(); 8];
        let mut count = 0;
        answered(vultus_snapshot_persons(
            snapshot,
            text("staff"),
            0,
            persons.as_mut_ptr(),
            persons.len(),
            &raw mut count,
        ));
        vultus_snapshot_free(snapshot);
    }
}

fn import(edits: &[u8]) {
    let (file, export) = (
        BASE.folder.join("empty.gallery"),
        BASE.folder.join("edited.export"),
    );
    let _ = fs::remove_file(&file);
    fs::write(&export, edited(&BASE.export, edits)).expect("the folder is ours");
    let mut imported = sized();
    // SAFETY: handles and memory of this function.
    unsafe {
        let options = gallery_options(&file);
        let gallery = made(|out| vultus_gallery_create(options, out));
        vultus_gallery_options_free(options);
        answered(vultus_gallery_import(
            gallery,
            BASE.matcher,
            path(&export),
            bytes(&KEY),
            &raw mut imported,
        ));
        vultus_gallery_free(gallery);
    }
}
