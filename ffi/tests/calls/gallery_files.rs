//! Galleries: their files, secrets, exports, and moving to another pack.

use crate::common::door::*;
use crate::common::galleries::*;
use crate::common::*;
use std::ffi::c_void;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus_ffi::embedding::vultus_embedding_free;
use vultus_ffi::gallery::library::*;
use vultus_ffi::gallery::lists::*;
use vultus_ffi::gallery::matcher::*;
use vultus_ffi::gallery::options::*;
use vultus_ffi::gallery::persons::*;
use vultus_ffi::gallery::transfer::*;
use vultus_ffi::gallery::upgrade::*;

#[test]
fn a_gallery_opens_again_with_its_secret_alone() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    drop(Shelf::new(&door, &folder));
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        let mut gallery = null_mut();
        let chosen = options(&folder);
        let code = vultus_gallery_create(chosen, &raw mut gallery);
        refused(code, Status::GalleryExists, "");
        ok(vultus_gallery_options_set_secret(chosen, bytes(&[8; 32])));
        let code = vultus_gallery_open(chosen, &raw mut gallery);
        refused(code, Status::GallerySecretWrong, "");
        let code = vultus_gallery_options_set_secret(chosen, bytes(&[8; 31]));
        refused(code, Status::InvalidParameter, "secret has a length of 31");
        vultus_gallery_options_free(chosen);

        let shelf = Shelf::open(&door, &folder);
        let new_secret = [9; 32];
        ok(vultus_gallery_rotate(shelf.gallery, bytes(&new_secret)));
        ok(vultus_gallery_compact(shelf.gallery));
        let mut anchor = [0; VULTUS_ANCHOR_BYTES as usize];
        ok(vultus_gallery_anchor(shelf.gallery, anchor.as_mut_ptr()));
        drop(shelf);
        let chosen = options(&folder);
        let code = vultus_gallery_open(chosen, &raw mut gallery);
        refused(code, Status::GallerySecretWrong, "");
        ok(vultus_gallery_options_set_secret(
            chosen,
            bytes(&new_secret),
        ));
        ok(vultus_gallery_options_set_anchor(chosen, bytes(&anchor)));
        ok(vultus_gallery_options_set_read_only(chosen, 1));
        ok(vultus_gallery_open(chosen, &raw mut gallery));
        let code = vultus_gallery_delete_person(gallery, text("obama"));
        refused(code, Status::GalleryReadOnly, "");
        vultus_gallery_free(gallery);
        let code = vultus_gallery_options_set_limits(chosen, 0, 1, 1);
        refused(code, Status::InvalidParameter, "groups is 0");
        ok(vultus_gallery_options_set_limits(chosen, 1, 1, 1));
        vultus_gallery_options_free(chosen);

        let mut gallery = null_mut();
        let nothing = made(|out| vultus_gallery_options_new(out));
        let code = vultus_gallery_open(nothing, &raw mut gallery);
        refused(code, Status::InvalidParameter, "path");
        vultus_gallery_options_free(nothing);
    }
}

#[test]
fn a_gallery_that_is_bound_to_a_licence_asks_for_it() {
    let folder = TempDir::new("gallery");
    let grant = licences::grant_of(|licence| licence);
    // SAFETY: handles and memory of this function.
    unsafe {
        let chosen = options(&folder);
        ok(vultus_gallery_options_bind(chosen, grant));
        let gallery = made(|out| vultus_gallery_create(chosen, out));
        vultus_gallery_free(gallery);
        let mut gallery = null_mut();
        let unbound = options(&folder);
        let code = vultus_gallery_open(unbound, &raw mut gallery);
        refused(code, Status::GallerySecretWrong, "");
        ok(vultus_gallery_open(chosen, &raw mut gallery));
        vultus_gallery_free(gallery);
        vultus_gallery_options_free(unbound);
        vultus_gallery_options_free(chosen);
        vultus_ffi::licence::grant::vultus_grant_free(grant);
    }
}

#[test]
fn an_export_carries_a_gallery_to_another() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let file = folder.path().join("staff.export");
    let key = [3; 32];
    let (mut records, mut added): (u64, vultus_imported) = (0, zeroed());
    let other_folder = TempDir::new("gallery");
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        let gallery = shelf.gallery;
        ok(vultus_gallery_export(
            gallery,
            path(&file),
            bytes(&key),
            &raw mut records,
        ));
        assert!(records >= 4, "{records}");
        // A file that is there stays as it is.
        let before = std::fs::read(&file).unwrap();
        let code = vultus_gallery_export(gallery, path(&file), bytes(&key), &raw mut records);
        refused(code, Status::StorageFailed, "");
        assert_eq!(std::fs::read(&file).unwrap(), before);

        let import = |gallery, key: &[u8; 32], added: *mut vultus_imported| {
            vultus_gallery_import(gallery, shelf.matcher, path(&file), bytes(key), added)
        };
        let code = import(gallery, &key, &raw mut added);
        refused(code, Status::GroupIdAlreadyExist, "staff");
        let chosen = options(&other_folder);
        let other = made(|out| vultus_gallery_create(chosen, out));
        vultus_gallery_options_free(chosen);
        let code = import(other, &SECRET, &raw mut added);
        refused(code, Status::ExportKeyWrong, "");
        ok(import(other, &key, &raw mut added));
        assert_eq!((added.groups, added.persons, added.faces), (1, 1, 1));
        vultus_gallery_free(other);
    }
    let copy = Shelf::open(&door, &other_folder);
    let known = probe(&door, OBAMA_AGAIN);
    assert_eq!(search(&copy, known, 1e-3).1, ["obama"]);
    // SAFETY: a handle of this function.
    unsafe { vultus_embedding_free(known) };
}

/// Counts its calls in `user_data`, and stops at the first when that begins at 100.
unsafe extern "C" fn count(user_data: *mut c_void, looked_at: u32, all: u32) -> i32 {
    assert!(looked_at < all);
    // SAFETY: what the call was given.
    let calls = unsafe { &mut *user_data.cast::<u32>() };
    *calls += 1;
    i32::from(*calls > 100)
}

#[test]
fn a_group_moves_to_a_site_key_and_back_once() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    shelf.enrol(&door, BIDEN, "biden", 0);
    let (gallery, staff) = (shelf.gallery, text("staff"));
    let mut upgrade: vultus_upgrade = zeroed();
    let mut switched: vultus_switched = zeroed();
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        let site = made(|out| vultus_matcher_for_site(door.sdk, bytes(&[5; 32]), out));
        let finish = vultus_gallery_finish_upgrade(gallery, staff, &raw mut switched);
        refused(finish, Status::GroupCannotUpgrade, "no upgrade is running");
        ok(vultus_gallery_begin_upgrade(gallery, site, staff));
        ok(vultus_gallery_cancel_upgrade(gallery, staff));
        ok(vultus_gallery_begin_upgrade(gallery, site, staff));

        let mut calls = 100_u32;
        let mut work = |calls: &mut u32| {
            vultus_session_upgrade_group(
                door.session,
                gallery,
                site,
                staff,
                Some(count),
                std::ptr::from_mut(calls).cast(),
                &raw mut upgrade,
            )
        };
        ok(work(&mut calls));
        assert_eq!(calls, 101, "stopped before the first face");
        let now = snapshot(&shelf);
        let (mut unready, mut waiting): ([vultus_unready; 4], usize) = ([zeroed(); 4], 0);
        ok(vultus_snapshot_unready(
            now,
            staff,
            unready.as_mut_ptr(),
            4,
            &raw mut waiting,
        ));
        vultus_snapshot_free(now);
        assert_eq!((waiting, unready[0].has_crop), (2, 1));
        assert_eq!(field(&unready[0].person), "biden");
        // One by hand, the other from its crop.
        let by_hand = probe(&door, BIDEN);
        let face = unready[0].face;
        ok(vultus_gallery_upgrade_face(
            gallery,
            site,
            staff,
            text("biden"),
            face,
            by_hand,
        ));
        vultus_embedding_free(by_hand);
        calls = 0;
        ok(work(&mut calls));
        assert_eq!((calls, upgrade.done, upgrade.stopped), (1, 1, 0));

        ok(vultus_gallery_finish_upgrade(
            gallery,
            staff,
            &raw mut switched,
        ));
        assert_eq!((switched.searchable, switched.failed), (2, 0));
        assert!(field(&switched.model_id).contains('+'));
        ok(vultus_gallery_roll_back(gallery, staff, &raw mut switched));
        assert!(!field(&switched.model_id).contains('+'));
        let again = vultus_gallery_roll_back(gallery, staff, &raw mut switched);
        refused(again, Status::UpgradeCannotRollback, "staff");
        let forget = vultus_gallery_forget_previous(gallery, staff);
        refused(forget, Status::UpgradeCannotRollback, "staff");
        vultus_matcher_free(site);
    }
}
