//! From a device without a licence to a grant, and what trials and tiers say.

use crate::common::door::{Door, OBAMA, Picture};
use crate::common::licences::{answer, device, grant_of, request};
use crate::common::{TempDir, bytes, copied, field, made, ok, path, refused, text, zeroed};
use std::ptr::null_mut;
use vultus::error::Status;
use vultus::licensing::device::RELEASED;
use vultus::licensing::licence::{Licence, LivenessKinds, Term, Tier};
use vultus::licensing::policy::TRIAL_SECONDS;
use vultus::licensing::testkit;
use vultus::licensing::time::UnixSeconds;
use vultus_ffi::codes::*;
use vultus_ffi::detect::vultus_faces_free;
use vultus_ffi::embedding::vultus_session_embed;
use vultus_ffi::gallery::matcher::vultus_matcher_new;
use vultus_ffi::licence::device::*;
use vultus_ffi::licence::grant::*;
use vultus_ffi::licence::parts::*;
use vultus_ffi::options::*;
use vultus_ffi::sdk::*;

fn licence_of(grant: *const vultus_grant) -> vultus_licence {
    let mut licence = zeroed();
    // SAFETY: a handle and memory of this function.
    ok(unsafe { vultus_grant_licence(grant, &raw mut licence) });
    licence
}

#[test]
fn a_device_asks_installs_and_runs() {
    let folder = TempDir::new("device");
    let device = device(&folder);
    let mut grant = null_mut();
    let mut installed: vultus_licence = zeroed();
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        let code = vultus_device_activate(device, &raw mut grant);
        refused(code, Status::LicenceMissing, "no licence is installed");
        let code = vultus_device_installed(device, &raw mut installed);
        refused(code, Status::LicenceMissing, "");

        let mut needed = 0;
        let mut buffer = [0; 4096];
        ok(vultus_device_request(
            device,
            VULTUS_FORM_TEXT,
            buffer.as_mut_ptr(),
            buffer.len(),
            &raw mut needed,
        ));
        assert!(buffer.starts_with(b"-----BEGIN VULTUS REQUEST-----\n"));
        let code = vultus_device_request(device, 0, buffer.as_mut_ptr(), 1, &raw mut needed);
        refused(code, Status::InvalidParameter, "form is 0");

        let licence = answer(&request(device), |licence| licence);
        let mut changed = licence.clone();
        changed[40] ^= 1;
        assert_ne!(vultus_device_install(device, bytes(&changed)), 0);
        ok(vultus_device_install(device, bytes(&licence)));
        ok(vultus_device_installed(device, &raw mut installed));
        ok(vultus_device_activate(device, &raw mut grant));
        let told = licence_of(grant);
        assert_eq!((installed.tier, told.tier), (3, 3));
        assert_eq!(
            (told.capabilities, told.is_trial, told.expires_at),
            (31, 0, 0)
        );
        assert_eq!((told.seconds_left, told.gallery_max), (0, 0));
        assert_eq!(told.licence_id, [0x11; 16]);
        ok(vultus_grant_check(grant));
        let again = made(|out| vultus_grant_clone(grant, out));
        let (mut binding, mut same) = ([0; 32], [1; 32]);
        ok(vultus_grant_gallery_binding(grant, binding.as_mut_ptr()));
        ok(vultus_grant_gallery_binding(again, same.as_mut_ptr()));
        assert_eq!(binding, same);
        let words =
            copied(|text, capacity, needed| vultus_device_explain(device, text, capacity, needed));
        assert!(words.contains("oem-secret"), "{words}");
        vultus_grant_free(again);
        vultus_grant_free(grant);
        vultus_device_free(device);
    }
}

#[test]
fn a_trial_says_how_much_is_left() {
    // Issued now, whenever that is, on a board that may not know it.
    let now = UnixSeconds::from_system(std::time::SystemTime::now()).unwrap();
    let issued_at = now.max(RELEASED);
    let grant = grant_of(|licence| Licence {
        issued_at,
        term: Term::Trial {
            expires_at: issued_at.plus(TRIAL_SECONDS),
        },
        without_rtc: true,
        gallery_max: Some(500),
        ..licence
    });
    let told = licence_of(grant);
    assert_eq!((told.is_trial, told.gallery_max), (1, 500));
    assert_eq!(told.expires_at - told.issued_at, TRIAL_SECONDS);
    assert!(told.seconds_left <= TRIAL_SECONDS && told.seconds_left > 0);
    // SAFETY: a handle and memory of this function.
    unsafe {
        ok(vultus_grant_check(grant));
        for index in 0..told.warnings {
            let words = copied(|text, capacity, needed| {
                vultus_grant_warning(grant, index, text, capacity, needed)
            });
            assert!(!words.is_empty());
        }
        let mut needed = 0;
        let code = vultus_grant_warning(grant, told.warnings, null_mut(), 0, &raw mut needed);
        refused(code, Status::InvalidParameter, "index is");
        vultus_grant_free(grant);
    }
}

#[test]
fn the_fingerprint_names_parts_and_tells_no_values() {
    let folder = TempDir::new("device");
    let device = device(&folder);
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        ok(vultus_device_add_text(
            device,
            VULTUS_PART_ANDROID_SERIAL,
            text("RK3568-00A1B2C3"),
        ));
        let id = *b"0123-media-drm-device-id-of-32-b";
        ok(vultus_device_add_media_drm(
            device,
            VULTUS_MEDIA_DRM_L3,
            bytes(&id),
        ));
        let code = vultus_device_add_media_drm(device, 2, bytes(&id));
        refused(code, Status::InvalidParameter, "level is 2");
        let code = vultus_device_add_text(device, 999, text("x"));
        refused(code, Status::InvalidParameter, "kind is 999");
        let code = vultus_device_add_text(device, VULTUS_PART_ANDROID_SERIAL, text("unknown"));
        refused(code, Status::InvalidParameter, "value is a placeholder");
        let code = vultus_device_add_bytes(device, VULTUS_PART_OEM_SECRET, bytes(b"short"));
        refused(code, Status::InvalidParameter, "too short");
        ok(vultus_device_set_second_folder(device, path(folder.path())));

        let mut parts: [vultus_part; 64] = [zeroed(); 64];
        let mut count = 0;
        ok(vultus_device_parts(
            device,
            parts.as_mut_ptr(),
            64,
            &raw mut count,
        ));
        let of = |kind| parts[..count].iter().find(|p| p.kind == kind).unwrap();
        let secret = of(VULTUS_PART_OEM_SECRET);
        assert_eq!(
            (secret.weight, secret.is_anchor, secret.is_refused),
            (4, 1, 0)
        );
        assert_eq!(field(&secret.name), "oem-secret");
        assert_eq!(of(VULTUS_PART_MEDIA_DRM).is_anchor, 0);
        let code = vultus_device_parts(device, parts.as_mut_ptr(), 1, &raw mut count);
        refused(code, Status::BufferTooSmall, "parts holds 1");
        assert!(count >= 3);
        let name = copied(|text, capacity, needed| {
            vultus_part_name(VULTUS_PART_EMMC_CID, text, capacity, needed)
        });
        assert_eq!(name, "emmc-cid");
        vultus_device_free(device);
    }
}

#[test]
fn a_tier_opens_what_was_bought() {
    let door = Door::licensed(|licence| Licence {
        tier: Tier::Detect,
        liveness: LivenessKinds::NONE,
        ..licence
    });
    let picture = Picture::load(OBAMA);
    let (frame, faces) = (picture.frame(), door.detect(&picture));
    // SAFETY: handles and memory of this function.
    unsafe {
        let mut embedding = null_mut();
        let code =
            vultus_session_embed(door.session, &raw const frame, faces, 0, &raw mut embedding);
        refused(
            code,
            Status::NotEntitled,
            "a detect licence does not carry recognise",
        );
        let mut matcher = null_mut();
        let code = vultus_matcher_new(door.sdk, &raw mut matcher);
        refused(code, Status::NotEntitled, "");
        vultus_faces_free(faces);
    }
}

#[test]
fn a_licence_for_another_device_or_a_wrong_list_is_refused() {
    let folder = TempDir::new("device");
    let device = device(&folder);
    // SAFETY: handles and lent bytes of this function.
    unsafe {
        let foreign = testkit::sign(&testkit::licence());
        let code = vultus_device_install(device, bytes(&foreign));
        refused(code, Status::FingerprintMismatch, "another device's");
        let code = vultus_device_install_revocations(device, bytes(b"no list"));
        refused(code, Status::LicenceBadFormat, "");
        vultus_device_free(device);
        let mut none = null_mut();
        let code = vultus_device_new(text(""), &raw mut none);
        refused(code, Status::InvalidParameter, "folder is empty");
    }
}

#[test]
fn a_pack_has_to_be_named_and_there() {
    let grant = grant_of(|licence| licence);
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        let options = made(|out| vultus_sdk_options_new(out));
        let mut sdk = null_mut();
        let code = vultus_sdk_open(options, grant, &raw mut sdk);
        refused(
            code,
            Status::InvalidParameter,
            "vultus_sdk_options_set_pack",
        );
        ok(vultus_sdk_options_set_verification(
            options,
            VULTUS_VERIFY_ON_FIRST_USE,
        ));
        let code = vultus_sdk_options_set_verification(options, 3);
        refused(code, Status::InvalidParameter, "verification is 3");
        ok(vultus_sdk_options_set_pack(options, text("no such folder")));
        let code = vultus_sdk_open(options, grant, &raw mut sdk);
        refused(code, Status::ModelPackMissing, "");
        assert!(sdk.is_null());
        ok(vultus_sdk_options_set_pack(
            options,
            path(&crate::common::root().join("models/lite")),
        ));
        ok(vultus_sdk_open(options, grant, &raw mut sdk));
        vultus_sdk_free(sdk);
        vultus_sdk_options_free(options);
        vultus_grant_free(grant);
    }
}
