//! The whole surface: every function of the header is called by a test, and refuses NULL by name.
//! Long because it names every function once.

use crate::common::door::{Door, OBAMA, Picture, detect_options};
use crate::common::galleries::{Shelf, enrol_options, search_options};
use crate::common::{
    TempDir, bytes, crate_root, header, licences, made, ok, refused, text, zeroed,
};
use std::cell::RefCell;
use std::ffi::{c_char, c_void};
use std::fs;
use std::ptr::{null, null_mut};
use vultus::error::Status;
use vultus_ffi::abi::*;
use vultus_ffi::c_string::vultus_str_of;
use vultus_ffi::compare::*;
use vultus_ffi::detect::*;
use vultus_ffi::embedding::*;
use vultus_ffi::enrol::*;
use vultus_ffi::error::*;
use vultus_ffi::frame::colour::*;
use vultus_ffi::frame::depth::*;
use vultus_ffi::frame::infrared::*;
use vultus_ffi::frame::landmarks::vultus_landmarks;
use vultus_ffi::frame::mjpg::vultus_mjpg_decode;
use vultus_ffi::frame::pairer::*;
use vultus_ffi::frame::registration::*;
use vultus_ffi::gallery::details::*;
use vultus_ffi::gallery::faces::*;
use vultus_ffi::gallery::groups::*;
use vultus_ffi::gallery::library::*;
use vultus_ffi::gallery::lists::*;
use vultus_ffi::gallery::matcher::*;
use vultus_ffi::gallery::options::*;
use vultus_ffi::gallery::persons::*;
use vultus_ffi::gallery::search::*;
use vultus_ffi::gallery::transfer::*;
use vultus_ffi::gallery::upgrade::*;
use vultus_ffi::gallery::verify::*;
use vultus_ffi::licence::device::*;
use vultus_ffi::licence::grant::*;
use vultus_ffi::licence::parts::*;
use vultus_ffi::liveness::colour::*;
use vultus_ffi::liveness::decision::*;
use vultus_ffi::liveness::depth::*;
use vultus_ffi::liveness::infrared::*;
use vultus_ffi::liveness::verdict::*;
use vultus_ffi::log::*;
use vultus_ffi::options::*;
use vultus_ffi::quality::*;
use vultus_ffi::sdk::*;
use vultus_ffi::session::*;
use vultus_ffi::status::*;
use vultus_ffi::strings::*;

/// Functions whose answer to NULL is no number, or which have another test for it.
const SPECIAL: &[&str] = &["vultus_str_of"];

#[test]
fn every_function_of_the_header_is_called_by_a_test() {
    let mut tests = String::new();
    for folder in ["tests", "tests/calls", "tests/common"] {
        for entry in fs::read_dir(crate_root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let is_this = path.ends_with("surface.rs");
            if path.extension().is_some_and(|ending| ending == "rs") && !is_this {
                tests += &fs::read_to_string(path).unwrap();
            }
        }
    }
    let called = |name: &str| {
        let mut after = tests.split(name).skip(1);
        after.any(|rest| rest.starts_with('('))
    };
    let missing: Vec<String> = header::functions()
        .into_iter()
        .map(|function| function.name)
        .filter(|name| !called(name))
        .collect();
    assert!(missing.is_empty(), "no test calls {missing:?}");
}

#[test]
fn freeing_nothing_is_fine() {
    let mut freed = Vec::new();
    macro_rules! free {
        ($($function:ident)+) => {$(
            // SAFETY: NULL is nothing to free.
            unsafe { $function(null_mut()) };
            freed.push(stringify!($function).to_owned());
        )+};
    }
    free! {
        vultus_device_free vultus_grant_free vultus_sdk_options_free vultus_sdk_free
        vultus_session_free vultus_faces_free vultus_embedding_free vultus_enrol_face_free
        vultus_gallery_options_free vultus_gallery_free vultus_matcher_free vultus_snapshot_free
        vultus_registration_free vultus_depth_judge_free vultus_infrared_judge_free
        vultus_liveness_decision_free vultus_pairer_free
    }
    let mut all: Vec<String> = header::functions()
        .into_iter()
        .map(|function| function.name)
        .filter(|name| name.ends_with("_free"))
        .collect();
    all.sort();
    freed.sort();
    assert_eq!(freed, all);
}

/// An argument of a call.
trait Argument: Sized {
    const IS_POINTER: bool;

    fn is_pointer(&self) -> bool {
        Self::IS_POINTER
    }

    fn nulled(self) -> Self;
}

macro_rules! arguments {
    ($($type:ty),+ => $is_pointer:literal, |$it:ident| $nulled:expr) => {$(
        impl Argument for $type {
            const IS_POINTER: bool = $is_pointer;

            fn nulled(self) -> Self {
                let $it = self;
                $nulled
            }
        }
    )+};
}

arguments!(u32, i32, u64, usize, f32, f64 => false, |it| it);
arguments!(vultus_log_callback, vultus_progress_callback => true, |_it| None);
arguments!(vultus_str => true, |it| vultus_str { data: null(), ..it });
arguments!(vultus_bytes => true, |it| vultus_bytes { data: null(), ..it });

impl<T> Argument for *const T {
    const IS_POINTER: bool = true;

    fn nulled(self) -> Self {
        null()
    }
}

impl<T> Argument for *mut T {
    const IS_POINTER: bool = true;

    fn nulled(self) -> Self {
        null_mut()
    }
}

/// Calls of one function, each with one pointer NULL. `$check` checks what it returns.
macro_rules! each_null {
    ($seen:expr, $check:expr, $function:ident($($name:ident: $value:expr),* $(,)?)) => {{
        let names = [$(stringify!($name)),*];
        let mut pointers = Vec::new();
        for skip in 0..names.len() {
            let mut at = 0;
            let mut hit = false;
            $(
                let $name = $value;
                let $name = if at == skip {
                    hit = $name.is_pointer();
                    $name.nulled()
                } else {
                    $name
                };
                at += 1;
            )*
            assert_eq!(at, names.len());
            if hit {
                pointers.push(names[skip]);
            }
            if hit && names[skip] != "user_data" {
                // SAFETY: handles and memory of this test; what is NULL is refused.
                let code = unsafe { $function($($name),*) };
                $check(code, names[skip], stringify!($function));
            }
        }
        $seen.borrow_mut().push((stringify!($function), names.to_vec(), pointers));
    }};
}

/// Refused by name, with the details kept.
fn named(code: i32, name: &str, function: &str) {
    assert_eq!(
        code,
        1,
        "{function}({name}): {}",
        crate::common::last_error().1
    );
    refused(code, Status::InvalidParameter, &format!("{name} is NULL"));
}

/// Refused; these do not change the details of the last failure.
fn refused_only(code: i32, name: &str, function: &str) {
    assert_eq!(code, 1, "{function}({name})");
}

unsafe extern "C" fn stop(_: *mut c_void, _: u32, _: u32) -> i32 {
    1
}

unsafe extern "C" fn ignore(_: *mut c_void, _: u32, _: *const c_char, _: usize) {}

#[test]
fn every_pointer_that_is_null_is_refused_by_name() {
    let folder = TempDir::new("nulls");
    let door = Door::open();
    let picture = Picture::load(OBAMA);
    let shelf = Shelf::new(&door, &folder);
    let device: *mut vultus_device = licences::device(&folder);
    let grant: *mut vultus_grant = licences::grant_of(|licence| licence);
    let faces = door.detect(&picture);
    let embedding = door.embed(&picture);
    let (frame, detect, enrol, search) = (
        picture.frame(),
        detect_options(),
        enrol_options(),
        search_options(),
    );
    let (frame, detect) = (&raw const frame, &raw const detect);
    let (enrol, search) = (&raw const enrol, &raw const search);
    let (session, sdk, gallery, matcher) = (door.session, door.sdk, shelf.gallery, shelf.matcher);
    // SAFETY: memory of this function.
    let (sdk_options, gallery_options, face, snapshot, depth_judge, infrared_judge, decision) = unsafe {
        (
            made(|out| vultus_sdk_options_new(out)),
            made(|out| vultus_gallery_options_new(out)),
            made(|out| vultus_enrol_face_new(embedding, 80.0, out)),
            made(|out| vultus_gallery_snapshot(gallery, out)),
            made(|out| vultus_depth_judge_new(1, out)),
            made(|out| vultus_infrared_judge_new(sdk, out)),
            made(|out| vultus_liveness_decision_new(3, 5, 1_500_000, out)),
        )
    };
    let view = vultus_view {
        width: 640,
        height: 480,
        ..zeroed()
    };
    // SAFETY: memory of this function.
    let pairer = made(|out| unsafe { vultus_pairer_new(2, 50, out) });
    // SAFETY: memory of this function.
    let registration = made(|out| unsafe { vultus_registration_same(&raw const view, out) });
    let view = &raw const view;
    let secret = [7_u8; 32];
    let secret = bytes(&secret);
    let group = text("staff");
    let groups = [group];
    let groups = groups.as_ptr();
    let many_faces = [face.cast_const()];

    // Buffers for what is copied out.
    let mut buffer = [0_u8; 64];
    let (buffer, letters) = (buffer.as_mut_ptr(), buffer.as_mut_ptr().cast::<c_char>());
    let (mut size, mut word, mut long, mut real) = (0_usize, 0_u32, 0_u64, 0_f32);
    let (size, word) = (&raw mut size, &raw mut word);
    let (long, real) = (&raw mut long, &raw mut real);
    macro_rules! output {
        ($($name:ident: $type:ty),+ $(,)?) => {$(
            let mut $name: $type = zeroed();
            let $name = &raw mut $name;
        )+};
    }
    output! {
        error: vultus_error, licence: vultus_licence, parts: vultus_part, one_face: vultus_face,
        comparison: vultus_comparison, counts: vultus_gallery_counts, enrolment: vultus_enrolment,
        outcomes: vultus_face_outcome, candidates: vultus_candidate, found: vultus_found,
        verification: vultus_verification, one_group: vultus_group, person: vultus_person,
        entry: vultus_entry, enrolled: vultus_enrolled_face, imported: vultus_imported,
        quality: vultus_quality, liveness: vultus_liveness, landmarks: vultus_landmarks,
        to_landmarks: vultus_landmarks, motion: vultus_motion, map: vultus_affine,
        a_frame: vultus_frame, depth: vultus_depth_frame, infrared: vultus_infrared_frame,
        infrared_face: vultus_infrared_face, some_detect: vultus_detect_options,
        some_enrol: vultus_enrol_options, some_search: vultus_search_options, upgrade: vultus_upgrade, unready: vultus_unready,
        switched: vultus_switched, pair: vultus_pair,
    }
    // SAFETY: memory of this function.
    unsafe { (*landmarks).points = [[10.0, 10.0]; 5] };
    let samples = vec![0_u8; 640 * 480 * 2];
    // SAFETY: memory of this function.
    unsafe {
        *depth = vultus_depth_frame {
            format: VULTUS_DEPTH_Z16,
            width: 640,
            height: 480,
            stride: 1280,
            unit_mm: 1.0,
            fx: 580.0,
            fy: 580.0,
            cx: 320.0,
            cy: 240.0,
            timestamp_us: 1,
            data: samples.as_ptr(),
            data_length: samples.len(),
            ..*depth
        };
        *infrared = vultus_infrared_frame {
            format: VULTUS_INFRARED_Y16,
            width: 640,
            height: 480,
            stride: 1280,
            emitter: VULTUS_EMITTER_ON,
            timestamp_us: 1,
            data: samples.as_ptr(),
            data_length: samples.len(),
            ..*infrared
        };
        (*infrared_face).found = VULTUS_IN_INFRARED_NOT_ASKED;
    }
    // Handles that are never made: each call lacks something.
    macro_rules! nowhere {
        ($($name:ident: $type:ty),+ $(,)?) => {$(
            let mut $name: *mut $type = null_mut();
            let $name = &raw mut $name;
        )+};
    }
    nowhere! {
        no_device: vultus_device, no_grant: vultus_grant, no_options: vultus_sdk_options,
        no_sdk: vultus_sdk, no_session: vultus_session, no_faces: vultus_faces,
        no_embedding: vultus_embedding, no_face: vultus_enrol_face, no_gallery: vultus_gallery,
        no_gallery_options: vultus_gallery_options, no_matcher: vultus_matcher,
        no_snapshot: vultus_snapshot, no_registration: vultus_registration,
        no_depth_judge: vultus_depth_judge, no_infrared_judge: vultus_infrared_judge,
        no_decision: vultus_liveness_decision, no_pairer: vultus_pairer,
    }

    let seen = RefCell::new(Vec::new());
    macro_rules! nulls {
        ($($function:ident($($arguments:tt)*))+) => {
            $(each_null!(seen, named, $function($($arguments)*));)+
        };
    }
    each_null!(seen, refused_only, vultus_last_error(error: error));
    each_null!(
        seen,
        refused_only,
        vultus_last_error_text(index: 0_u32, text: letters, capacity: 64_usize, needed: size)
    );
    nulls! {
        vultus_version(text: letters, capacity: 64_usize, needed: size)
        vultus_status_name(code: 1_i32, text: letters, capacity: 64_usize, needed: size)
        vultus_status_text(code: 1_i32, language: 1_u32, text: letters, capacity: 64_usize, needed: size)
        vultus_status_family(code: 1_i32, family: word)
        vultus_log_set(level: 1_u32, callback: vultus_log_callback::Some(ignore), user_data: null_mut::<c_void>())
    }
    nulls! {
        vultus_device_new(folder: group, out: no_device)
        vultus_device_set_second_folder(device: device, folder: group)
        vultus_device_add_text(device: device, kind: 5_u32, value: group)
        vultus_device_add_bytes(device: device, kind: 1_u32, value: secret)
        vultus_device_add_media_drm(device: device, level: 3_u32, id: secret)
        vultus_device_request(device: device.cast_const(), form: 1_u32, buffer: buffer, capacity: 64_usize, needed: size)
        vultus_device_install(device: device.cast_const(), licence: secret)
        vultus_device_install_revocations(device: device.cast_const(), list: secret)
        vultus_device_installed(device: device.cast_const(), licence: licence)
        vultus_device_activate(device: device.cast_const(), out: no_grant)
        vultus_device_parts(device: device.cast_const(), parts: parts, capacity: 1_usize, count: size)
        vultus_device_explain(device: device.cast_const(), text: letters, capacity: 64_usize, needed: size)
        vultus_part_name(kind: 1_u32, text: letters, capacity: 64_usize, needed: size)
        vultus_grant_licence(grant: grant.cast_const(), licence: licence)
        vultus_grant_warning(grant: grant.cast_const(), index: 0_u32, text: letters, capacity: 64_usize, needed: size)
        vultus_grant_check(grant: grant.cast_const())
        vultus_grant_gallery_binding(grant: grant.cast_const(), binding: buffer)
        vultus_grant_clone(grant: grant.cast_const(), out: no_grant)
    }
    nulls! {
        vultus_sdk_options_new(out: no_options)
        vultus_sdk_options_set_pack(options: sdk_options, folder: group)
        vultus_sdk_options_set_verification(options: sdk_options, verification: 1_u32)
        vultus_sdk_options_trust_pack_key(options: sdk_options, key: group)
        vultus_sdk_open(options: sdk_options.cast_const(), grant: grant.cast_const(), out: no_sdk)
        vultus_sdk_model_id(sdk: sdk.cast_const(), text: letters, capacity: 64_usize, needed: size)
        vultus_session_new(sdk: sdk.cast_const(), out: no_session)
        vultus_frame_packed(format: 4_u32, width: 4_u32, height: 4_u32, data: secret, frame: a_frame)
        vultus_frame_check(frame: frame)
        vultus_mjpg_decode(mjpg: secret, buffer: buffer, capacity: 64_usize, needed: size, frame: a_frame, missing: real)
        vultus_detect_options_default(options: some_detect)
        vultus_session_detect(session: session, frame: frame, options: detect, out: no_faces)
        vultus_faces_count(faces: faces.cast_const(), count: word)
        vultus_faces_get(faces: faces.cast_const(), index: 0_u32, face: one_face)
        vultus_faces_list(faces: faces.cast_const(), list: one_face, capacity: 1_usize, count: size)
        vultus_faces_largest(faces: faces.cast_const(), min_face: 34_u32, index: word)
        vultus_faces_too_small(faces: faces.cast_const(), pixels: real)
        vultus_session_embed(session: session, frame: frame, faces: faces.cast_const(), index: 0_u32, out: no_embedding)
        vultus_embedding_to_bytes(embedding: embedding.cast_const(), buffer: buffer, capacity: 64_usize, needed: size)
        vultus_embedding_from_bytes(bytes: secret, out: no_embedding)
        vultus_embedding_model_id(embedding: embedding.cast_const(), text: letters, capacity: 64_usize, needed: size)
        vultus_embedding_dimension(embedding: embedding.cast_const(), dimension: word)
        vultus_sdk_compare(sdk: sdk.cast_const(), a: embedding.cast_const(), b: embedding.cast_const(), fmr: 1e-3_f64, comparison: comparison)
        vultus_sdk_compare_masked(sdk: sdk.cast_const(), a: embedding.cast_const(), b: embedding.cast_const(), fmr: 1e-3_f64, comparison: comparison)
        vultus_session_quality(session: session, frame: frame, faces: faces.cast_const(), index: 0_u32, quality: quality)
        vultus_session_qualify(session: session, frame: frame, faces: faces.cast_const(), index: 0_u32, control: 0_u32, quality: quality)
        vultus_session_mask(session: session, frame: frame, faces: faces.cast_const(), index: 0_u32, worn: word, probability: real)
    }
    nulls! {
        vultus_enrol_options_default(options: some_enrol)
        vultus_session_enrol_face(session: session, frame: frame, faces: faces.cast_const(), index: 0_u32, options: enrol, out: no_face)
        vultus_session_enrol_photo(session: session, photo: secret, options: enrol, out: no_face)
        vultus_session_embed_crop(session: session, crop: secret, out: no_embedding)
        vultus_enrol_face_new(embedding: embedding.cast_const(), quality: 80_f32, out: no_face)
        vultus_enrol_face_set_crop(face: face, crop: secret)
        vultus_enrol_face_quality(face: face.cast_const(), quality: real)
        vultus_enrol_face_embedding(face: face.cast_const(), out: no_embedding)
        vultus_gallery_options_new(out: no_gallery_options)
        vultus_gallery_options_set_path(options: gallery_options, file: group)
        vultus_gallery_options_set_secret(options: gallery_options, secret: secret)
        vultus_gallery_options_bind(options: gallery_options, grant: grant.cast_const())
        vultus_gallery_options_set_read_only(options: gallery_options, read_only: 0_u32)
        vultus_gallery_options_set_anchor(options: gallery_options, anchor: secret)
        vultus_gallery_options_set_limits(options: gallery_options, groups: 1_u32, faces_per_group: 1_u32, faces: 1_u32)
        vultus_gallery_create(options: gallery_options.cast_const(), out: no_gallery)
        vultus_gallery_open(options: gallery_options.cast_const(), out: no_gallery)
        vultus_gallery_count(gallery: gallery.cast_const(), counts: counts)
        vultus_gallery_anchor(gallery: gallery.cast_const(), anchor: buffer)
        vultus_gallery_crop(gallery: gallery.cast_const(), face: 1_u64, buffer: buffer, capacity: 64_usize, needed: size)
        vultus_gallery_compact(gallery: gallery.cast_const())
        vultus_gallery_rotate(gallery: gallery.cast_const(), secret: secret)
        vultus_matcher_new(sdk: sdk.cast_const(), out: no_matcher)
        vultus_matcher_for_site(sdk: sdk.cast_const(), key: secret, out: no_matcher)
        vultus_matcher_model_id(matcher: matcher.cast_const(), text: letters, capacity: 64_usize, needed: size)
        vultus_gallery_create_group(gallery: gallery.cast_const(), matcher: matcher.cast_const(), group: group, name: group)
        vultus_gallery_rename_group(gallery: gallery.cast_const(), group: group, name: group)
        vultus_gallery_set_group_tag(gallery: gallery.cast_const(), group: group, tag: group)
        vultus_gallery_add_field(gallery: gallery.cast_const(), group: group, field: group)
        vultus_gallery_rename_field(gallery: gallery.cast_const(), group: group, field: group, name: group)
        vultus_gallery_remove_field(gallery: gallery.cast_const(), group: group, field: group)
        vultus_gallery_delete_group(gallery: gallery.cast_const(), group: group, gone: word)
    }
    nulls! {
        vultus_gallery_enrol(gallery: gallery.cast_const(), matcher: matcher.cast_const(), group: group, person: group, name: group, face: face.cast_const(), unique: 0_u32, enrolment: enrolment)
        vultus_gallery_copy_person(gallery: gallery.cast_const(), person: group, groups: groups, group_count: 1_usize)
        vultus_gallery_rename_person(gallery: gallery.cast_const(), person: group, name: group)
        vultus_gallery_set_gender(gallery: gallery.cast_const(), person: group, gender: 0_u32)
        vultus_gallery_set_field(gallery: gallery.cast_const(), person: group, group: group, field: group, value: group)
        vultus_gallery_remove_from_group(gallery: gallery.cast_const(), person: group, group: group, gone: word)
        vultus_gallery_delete_person(gallery: gallery.cast_const(), person: group)
        vultus_gallery_add_faces(gallery: gallery.cast_const(), matcher: matcher.cast_const(), person: group, faces: many_faces.as_ptr(), face_count: 1_usize, threshold: 60_f64, outcomes: outcomes)
        vultus_gallery_delete_faces(gallery: gallery.cast_const(), person: group, faces: long.cast_const(), face_count: 1_usize)
        vultus_search_options_default(options: some_search)
        vultus_gallery_search(gallery: gallery.cast_const(), matcher: matcher.cast_const(), probe: embedding.cast_const(), groups: groups, group_count: 1_usize, options: search, candidates: candidates, capacity: 1_usize, count: size, found: found)
        vultus_gallery_search_by_group(gallery: gallery.cast_const(), matcher: matcher.cast_const(), probe: embedding.cast_const(), groups: groups, group_count: 1_usize, options: search, top: 1_u32, candidates: candidates, found: found)
        vultus_gallery_begin_upgrade(gallery: gallery.cast_const(), matcher: matcher.cast_const(), group: group)
        vultus_session_upgrade_group(session: session, gallery: gallery.cast_const(), matcher: matcher.cast_const(), group: group, progress: vultus_progress_callback::Some(stop), user_data: null_mut::<c_void>(), upgrade: upgrade)
        vultus_gallery_upgrade_face(gallery: gallery.cast_const(), matcher: matcher.cast_const(), group: group, person: group, face: 1_u64, embedding: embedding.cast_const())
        vultus_snapshot_unready(snapshot: snapshot.cast_const(), group: group, unready: unready, capacity: 1_usize, count: size)
        vultus_gallery_finish_upgrade(gallery: gallery.cast_const(), group: group, switched: switched)
        vultus_gallery_cancel_upgrade(gallery: gallery.cast_const(), group: group)
        vultus_gallery_roll_back(gallery: gallery.cast_const(), group: group, switched: switched)
        vultus_gallery_forget_previous(gallery: gallery.cast_const(), group: group)
        vultus_gallery_verify_face(gallery: gallery.cast_const(), matcher: matcher.cast_const(), person: group, probe: embedding.cast_const(), fmr: 1e-3_f64, verification: verification)
        vultus_gallery_verify_person(gallery: gallery.cast_const(), matcher: matcher.cast_const(), person: group, probe: embedding.cast_const(), fmr: 1e-3_f64, verification: verification)
        vultus_gallery_snapshot(gallery: gallery.cast_const(), out: no_snapshot)
        vultus_snapshot_groups(snapshot: snapshot.cast_const(), offset: 0_usize, groups: one_group, capacity: 1_usize, count: size)
        vultus_snapshot_group(snapshot: snapshot.cast_const(), id: group, group: one_group)
        vultus_snapshot_group_fields(snapshot: snapshot.cast_const(), id: group, fields: entry, capacity: 1_usize, count: size)
        vultus_snapshot_persons(snapshot: snapshot.cast_const(), group: group, offset: 0_usize, persons: person, capacity: 1_usize, count: size)
        vultus_snapshot_person(snapshot: snapshot.cast_const(), id: group, person: person)
        vultus_snapshot_person_groups(snapshot: snapshot.cast_const(), id: group, groups: entry, capacity: 1_usize, count: size)
        vultus_snapshot_person_fields(snapshot: snapshot.cast_const(), id: text("obama"), group: group, fields: entry, capacity: 1_usize, count: size)
        vultus_snapshot_faces(snapshot: snapshot.cast_const(), id: group, faces: enrolled, capacity: 1_usize, count: size)
        vultus_gallery_export(gallery: gallery.cast_const(), file: group, key: secret, records: long)
        vultus_gallery_import(gallery: gallery.cast_const(), matcher: matcher.cast_const(), file: group, key: secret, imported: imported)
    }
    nulls! {
        vultus_depth_frame_check(frame: depth.cast_const())
        vultus_infrared_frame_check(frame: infrared.cast_const())
        vultus_pairer_new(streams: 2_u32, max_skew_ms: 50_u32, out: no_pairer)
        vultus_pairer_push(pairer: pairer, stream: 1_u32, timestamp_us: 1_u64, frame: 1_u64)
        vultus_pairer_next(pairer: pairer, pair: pair)
        vultus_registration_same(view: view, out: no_registration)
        vultus_registration_affine(map: map.cast_const(), colour: view, sensor: view, out: no_registration)
        vultus_registration_cameras(colour: view, sensor: view, motion: motion.cast_const(), out: no_registration)
        vultus_registration_locate(registration: registration.cast_const(), in_colour: landmarks.cast_const(), distance_mm: 500_f32, in_sensor: to_landmarks)
        vultus_registration_locate_in_depth(registration: registration.cast_const(), in_colour: landmarks.cast_const(), frame: depth.cast_const(), in_depth: to_landmarks, found: word)
        vultus_session_liveness_colour(session: session, frame: frame, faces: faces.cast_const(), index: 0_u32, answer: liveness)
        vultus_depth_judge_new(sensor_class: 1_u32, out: no_depth_judge)
        vultus_depth_judge_set_subjects(judge: depth_judge, subjects: 1_u32)
        vultus_depth_judge_set_max_skew(judge: depth_judge, milliseconds: 50_u32)
        vultus_depth_judge_set_rules(judge: depth_judge, rules: group)
        vultus_session_liveness_depth(session: session, judge: depth_judge.cast_const(), frame: depth.cast_const(), landmarks: landmarks.cast_const(), colour_timestamp_us: 1_u64, answer: liveness)
        vultus_infrared_judge_new(sdk: sdk.cast_const(), out: no_infrared_judge)
        vultus_infrared_judge_set_max_skew(judge: infrared_judge, milliseconds: 50_u32)
        vultus_infrared_judge_set_reflected_light(judge: infrared_judge, light: 1000_f32)
        vultus_session_liveness_infrared(session: session, judge: infrared_judge.cast_const(), colour: frame, lit: infrared.cast_const(), face: infrared_face.cast_const(), answer: liveness)
        vultus_session_liveness_infrared_pair(session: session, judge: infrared_judge.cast_const(), colour: frame, lit: infrared.cast_const(), unlit: infrared.cast_const(), face: infrared_face.cast_const(), answer: liveness)
        vultus_liveness_decision_new(needed: 3_u32, of: 5_u32, within_us: 1_500_000_u64, out: no_decision)
        vultus_liveness_decision_add(decision: decision, track: 1_u64, frame: liveness.cast_const(), decided: liveness)
        vultus_reason_name(reason: 1_u32, text: letters, capacity: 64_usize, needed: size)
        vultus_check_name(check: 1_u32, text: letters, capacity: 64_usize, needed: size)
    }

    // SAFETY: handles of this function.
    unsafe {
        vultus_device_free(device);
        vultus_grant_free(grant);
        vultus_faces_free(faces);
        vultus_embedding_free(embedding);
        vultus_sdk_options_free(sdk_options);
        vultus_gallery_options_free(gallery_options);
        vultus_enrol_face_free(face);
        vultus_snapshot_free(snapshot);
        vultus_depth_judge_free(depth_judge);
        vultus_infrared_judge_free(infrared_judge);
        vultus_liveness_decision_free(decision);
        vultus_registration_free(registration);
        vultus_pairer_free(pairer);
        ok(vultus_log_clear());
        assert_eq!(vultus_str_of(null()).length, 0);
    }
    all_were_seen(&seen.into_inner());
}

/// Compares what was tested with the header: functions, names of parameters, and which are pointers.
fn all_were_seen(seen: &[(&str, Vec<&str>, Vec<&str>)]) {
    for function in header::functions() {
        let name = function.name.as_str();
        if name.ends_with("_free") || SPECIAL.contains(&name) || function.pointers().is_empty() {
            continue;
        }
        let tested = seen.iter().find(|(tested, ..)| *tested == name);
        let (_, names, pointers) = tested.unwrap_or_else(|| panic!("{name} is not tested"));
        let declared: Vec<&str> = function
            .parameters
            .iter()
            .map(|(_, n)| n.as_str())
            .collect();
        assert_eq!(*names, declared, "{name}");
        assert_eq!(*pointers, function.pointers(), "{name}");
    }
}
