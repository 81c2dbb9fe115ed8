//! Galleries through the C functions: enrolled, found, listed, changed, carried away and deleted.
use crate::common::door::{BIDEN, Door, OBAMA, OBAMA_AGAIN, Picture};
use crate::common::galleries::{
    SECRET, Shelf, enrol_face, enrol_options, options, probe, search_options,
};
use crate::common::{
    TempDir, bytes, copied, field, fixture, made, ok, path, refused, text, zeroed,
};
use std::ffi::c_void;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus_ffi::detect::vultus_faces_free;
use vultus_ffi::embedding::{vultus_embedding, vultus_embedding_free};
use vultus_ffi::enrol::*;
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
use vultus_ffi::strings::vultus_str;

/// The answer to a search of `staff`, and the ids of its candidates.
fn search(shelf: &Shelf, probe: *const vultus_embedding, fpir: f64) -> (vultus_found, Vec<String>) {
    let groups = [text("staff")];
    let options = vultus_search_options {
        fpir,
        ..search_options()
    };
    let mut candidates: [vultus_candidate; 3] = [zeroed(); 3];
    let (mut found, mut count) = (zeroed(), 0);
    // SAFETY: handles, lent texts and places of this function.
    ok(unsafe {
        vultus_gallery_search(
            shelf.gallery,
            shelf.matcher,
            probe,
            groups.as_ptr(),
            1,
            &raw const options,
            candidates.as_mut_ptr(),
            candidates.len(),
            &raw mut count,
            &raw mut found,
        )
    });
    let ids = candidates[..count].iter().map(|one| field(&one.person));
    (found, ids.collect())
}

#[test]
fn a_person_who_was_enrolled_is_named_and_a_stranger_is_not() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let (known, stranger) = (probe(&door, OBAMA_AGAIN), probe(&door, BIDEN));
    let (found, ids) = search(&shelf, known, 0.01);
    assert_eq!(
        (found.is_named, found.searched, found.candidates),
        (1, 1, 1)
    );
    assert_eq!(ids, ["obama"]);
    assert!(found.expected_fpir <= 0.01 && found.threshold >= 30.0);
    let (found, ids) = search(&shelf, stranger, 0.01);
    assert_eq!((found.is_named, ids.len()), (0, 1));

    let mut verified: vultus_verification = zeroed();
    let (gallery, matcher) = (shelf.gallery, shelf.matcher);
    // SAFETY: handles, lent texts and places of this function.
    unsafe {
        let person = text("obama");
        ok(vultus_gallery_verify_face(
            gallery,
            matcher,
            person,
            known,
            1e-3,
            &raw mut verified,
        ));
        assert_eq!(
            (verified.is_match, verified.has_face, verified.face),
            (1, 1, 1)
        );
        ok(vultus_gallery_verify_person(
            gallery,
            matcher,
            person,
            stranger,
            1e-3,
            &raw mut verified,
        ));
        assert_eq!(verified.is_match, 0);
        let nobody = text("nobody");
        let code =
            vultus_gallery_verify_face(gallery, matcher, nobody, known, 1e-3, &raw mut verified);
        refused(code, Status::PersonIdNotExist, "");
        vultus_embedding_free(known);
        vultus_embedding_free(stranger);
    }
}

#[test]
fn whoever_looks_like_somebody_is_held_back() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let held = shelf.enrol(&door, OBAMA_AGAIN, "double", 2);
    assert_eq!(held.outcome, VULTUS_ENROLMENT_SIMILAR);
    assert_eq!(field(&held.similar), "obama");
    assert!(held.score >= 40.0 && held.cosine > 0.0);
    let other = shelf.enrol(&door, BIDEN, "biden", 2);
    assert_eq!(other.outcome, VULTUS_ENROLMENT_CREATED);
    assert_eq!(field(&other.similar), "");
    let face = enrol_face(&door, BIDEN);
    let mut enrolment: vultus_enrolment = zeroed();
    // SAFETY: handles, lent texts and places of this function.
    unsafe {
        let mut enrol = |group, person, unique| {
            vultus_gallery_enrol(
                shelf.gallery,
                shelf.matcher,
                text(group),
                text(person),
                text("Name"),
                face,
                unique,
                &raw mut enrolment,
            )
        };
        refused(enrol("staff", "a b", 0), Status::PersonIdIllegal, "person");
        refused(enrol("nowhere", "x", 0), Status::GroupIdNotExist, "nowhere");
        refused(enrol("staff", "biden", 0), Status::PersonIdAlreadyExist, "");
        for level in [5, 256, u32::MAX] {
            let code = enrol("staff", "x", level);
            refused(code, Status::UniquePersonControlIllegal, "0 to 4");
        }
        vultus_enrol_face_free(face);
    }
}

#[test]
fn a_face_is_enrolled_from_a_frame_from_a_photograph_and_from_an_embedding() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let picture = Picture::load(OBAMA_AGAIN);
    let (frame, faces) = (picture.frame(), door.detect(&picture));
    let mut options = enrol_options();
    // SAFETY: handles, lent bytes and places of this function.
    unsafe {
        let of_frame = made(|out| {
            vultus_session_enrol_face(
                door.session,
                &raw const frame,
                faces,
                0,
                &raw const options,
                out,
            )
        });
        let of_photo = enrol_face(&door, OBAMA_AGAIN);
        let (mut quality, mut again) = (0.0, 0.0);
        ok(vultus_enrol_face_quality(of_frame, &raw mut quality));
        ok(vultus_enrol_face_quality(of_photo, &raw mut again));
        assert!(quality == again && quality > 0.0 && quality <= 100.0);

        let embedding = made(|out| vultus_enrol_face_embedding(of_photo, out));
        let of_embedding = made(|out| vultus_enrol_face_new(embedding, 50.0, out));
        ok(vultus_enrol_face_set_crop(
            of_embedding,
            bytes(b"a picture"),
        ));
        let code = vultus_enrol_face_set_crop(of_embedding, bytes(b""));
        refused(code, Status::InvalidParameter, "crop has 0 bytes");
        let mut none = null_mut();
        let code = vultus_enrol_face_new(embedding, 101.0, &raw mut none);
        refused(code, Status::InvalidParameter, "quality is 101");

        let three = [of_frame, of_photo, of_embedding].map(<*mut _>::cast_const);
        let mut outcomes: [vultus_face_outcome; 3] = [zeroed(); 3];
        ok(vultus_gallery_add_faces(
            shelf.gallery,
            shelf.matcher,
            text("obama"),
            three.as_ptr(),
            3,
            40.0,
            outcomes.as_mut_ptr(),
        ));
        let joined: Vec<(u32, u64)> = outcomes.iter().map(|o| (o.outcome, o.face)).collect();
        assert_eq!(joined, [(1, 2), (1, 3), (1, 4)]);

        options.quality_control = 9;
        let photo = fixture(OBAMA);
        let mut none = null_mut();
        let enrol = vultus_session_enrol_photo(
            door.session,
            bytes(&photo),
            &raw const options,
            &raw mut none,
        );
        refused(enrol, Status::QualityControlIllegal, "0 to 4");
        options.quality_control = 0;
        let enrol = vultus_session_enrol_photo(
            door.session,
            bytes(b"no picture"),
            &raw const options,
            &raw mut none,
        );
        refused(enrol, Status::ImageFormatUnsupported, "");
        for face in [of_frame, of_photo, of_embedding] {
            vultus_enrol_face_free(face);
        }
        vultus_embedding_free(embedding);
        vultus_faces_free(faces);
    }
}

#[test]
fn faces_join_whom_they_resemble_and_are_removed_again() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let stranger = enrol_face(&door, BIDEN);
    let second = enrol_face(&door, OBAMA_AGAIN);
    let (gallery, person) = (shelf.gallery, text("obama"));
    // SAFETY: handles, lent texts and places of this function.
    unsafe {
        let both = [stranger.cast_const(), second.cast_const()];
        let mut outcomes: [vultus_face_outcome; 2] = [zeroed(); 2];
        let mut add = |faces: *const *const _, count, threshold| {
            vultus_gallery_add_faces(
                gallery,
                shelf.matcher,
                person,
                faces,
                count,
                threshold,
                outcomes.as_mut_ptr(),
            )
        };
        ok(add(both.as_ptr(), 2, 40.0));
        let code = add(both.as_ptr(), 0, 40.0);
        refused(code, Status::ErrorParameterEmpty, "");
        refused(
            add(both.as_ptr(), 2, 100.5),
            Status::FaceMatchThresholdIllegal,
            "100.5",
        );
        assert_eq!(outcomes[0].outcome, VULTUS_FACE_NOT_SIMILAR);
        assert!(outcomes[0].score < 40.0 && outcomes[0].face == 0);
        assert_eq!(
            (outcomes[1].outcome, outcomes[1].face),
            (VULTUS_FACE_JOINED, 2)
        );

        let (mut needed, mut crop) = (0, vec![0; 1 << 20]);
        ok(vultus_gallery_crop(
            gallery,
            2,
            crop.as_mut_ptr(),
            crop.len(),
            &raw mut needed,
        ));
        assert!(crop.starts_with(b"\xff\xd8") && needed > 1000);
        let again =
            made(|out| vultus_session_embed_crop(door.session, bytes(&crop[..needed]), out));
        assert_eq!(search(&shelf, again, 0.01).1, ["obama"]);
        vultus_embedding_free(again);
        ok(vultus_gallery_crop(
            gallery,
            99,
            null_mut(),
            0,
            &raw mut needed,
        ));
        assert_eq!(needed, 0);

        let gone = [1_u64, 2];
        let code = vultus_gallery_delete_faces(gallery, person, gone.as_ptr(), 2);
        refused(code, Status::DeleteFaceNumExceed, "");
        ok(vultus_gallery_delete_faces(
            gallery,
            person,
            gone.as_ptr(),
            1,
        ));
        vultus_enrol_face_free(stranger);
        vultus_enrol_face_free(second);
    }
}

fn snapshot(shelf: &Shelf) -> *mut vultus_snapshot {
    // SAFETY: a handle and a place of this function.
    made(|out| unsafe { vultus_gallery_snapshot(shelf.gallery, out) })
}

#[test]
fn lists_show_one_moment_page_by_page() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    shelf.enrol(&door, BIDEN, "biden", 0);
    let before = snapshot(&shelf);
    let gallery = shelf.gallery;
    // SAFETY: handles, lent texts and places of this function.
    unsafe {
        let create = |id| vultus_gallery_create_group(gallery, shelf.matcher, text(id), text(id));
        ok(create("visitors"));
        refused(create("visitors"), Status::GroupIdAlreadyExist, "visitors");
        let now = snapshot(&shelf);
        let (mut groups, mut count): ([vultus_group; 5], usize) = ([zeroed(); 5], 0);
        let mut list = |of, offset, capacity| {
            let code =
                vultus_snapshot_groups(of, offset, groups.as_mut_ptr(), capacity, &raw mut count);
            ok(code);
            groups[..count]
                .iter()
                .map(|g| field(&g.id))
                .collect::<Vec<_>>()
        };
        assert_eq!(list(before, 0, 5), ["staff"]);
        assert_eq!(list(now, 0, 5), ["staff", "visitors"]);
        assert_eq!(list(now, 1, 1), ["visitors"]);
        assert_eq!(list(now, 2, 1), [""; 0]);
        let code = vultus_snapshot_groups(now, 3, groups.as_mut_ptr(), 1, &raw mut count);
        refused(code, Status::OffsetExceed, "3 of 2");
        let code = vultus_snapshot_groups(now, 0, null_mut(), 0, &raw mut count);
        refused(code, Status::ErrorParameterEmpty, "");

        let mut group: vultus_group = zeroed();
        ok(vultus_snapshot_group(now, text("staff"), &raw mut group));
        assert_eq!((group.persons, group.faces, group.searchable), (2, 2, 2));
        assert_eq!(field(&group.name), "Staff");
        let model = copied(|text, capacity, needed| {
            vultus_matcher_model_id(shelf.matcher, text, capacity, needed)
        });
        assert_eq!(field(&group.model_id), model);
        assert_eq!(field(&group.upgrade), "");

        let (mut persons, mut count): ([vultus_person; 5], usize) = ([zeroed(); 5], 0);
        ok(vultus_snapshot_persons(
            now,
            text("staff"),
            0,
            persons.as_mut_ptr(),
            5,
            &raw mut count,
        ));
        let ids: Vec<String> = persons[..count].iter().map(|p| field(&p.id)).collect();
        assert_eq!(ids, ["biden", "obama"]);
        assert_eq!((persons[0].groups, persons[0].faces), (1, 1));

        let mut counts: vultus_gallery_counts = zeroed();
        ok(vultus_gallery_count(gallery, &raw mut counts));
        assert_eq!((counts.groups, counts.persons, counts.faces), (2, 2, 2));
        vultus_snapshot_free(before);
        vultus_snapshot_free(now);
    }
}

/// Entries of a list, as name and value.
fn entries(list: impl Fn(*mut vultus_entry, usize, *mut usize) -> i32) -> Vec<(String, String)> {
    let (mut entries, mut count): ([vultus_entry; 8], usize) = ([zeroed(); 8], 0);
    ok(list(entries.as_mut_ptr(), 8, &raw mut count));
    let pairs = entries[..count].iter();
    pairs.map(|e| (field(&e.name), field(&e.value))).collect()
}

#[test]
fn groups_and_persons_are_changed_and_deleted() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    shelf.enrol(&door, BIDEN, "biden", 0);
    let (gallery, staff, obama) = (shelf.gallery, text("staff"), text("obama"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    // SAFETY: handles, lent texts and places of this function.
    unsafe {
        ok(vultus_gallery_rename_group(gallery, staff, text("Crew")));
        ok(vultus_gallery_set_group_tag(gallery, staff, text("day")));
        ok(vultus_gallery_add_field(gallery, staff, text("floor")));
        ok(vultus_gallery_add_field(gallery, staff, text("old")));
        ok(vultus_gallery_rename_field(
            gallery,
            staff,
            text("floor"),
            text("room"),
        ));
        ok(vultus_gallery_remove_field(gallery, staff, text("old")));
        ok(vultus_gallery_rename_person(gallery, obama, text("Barack")));
        ok(vultus_gallery_set_gender(gallery, obama, 1));
        refused(
            vultus_gallery_set_gender(gallery, obama, 300),
            Status::PersonGenderIllegal,
            "0 to 2",
        );
        ok(vultus_gallery_set_field(
            gallery,
            obama,
            staff,
            text("room"),
            text("No. 3"),
        ));
        let code = vultus_gallery_set_field(gallery, obama, staff, text("floor"), text("3"));
        refused(code, Status::PersonExDescriptionsNameIllegal, "");

        ok(vultus_gallery_create_group(
            gallery,
            shelf.matcher,
            text("night"),
            text("Night"),
        ));
        let groups: [vultus_str; 1] = [text("night")];
        ok(vultus_gallery_copy_person(
            gallery,
            obama,
            groups.as_ptr(),
            1,
        ));
        let code = vultus_gallery_copy_person(gallery, obama, groups.as_ptr(), 1);
        refused(code, Status::PersonExistInGroup, "night");
        let code = vultus_gallery_copy_person(gallery, obama, groups.as_ptr(), 1001);
        refused(
            code,
            Status::InvalidParameter,
            "groups has a length of 1001",
        );

        let now = snapshot(&shelf);
        let mut person: vultus_person = zeroed();
        ok(vultus_snapshot_person(now, obama, &raw mut person));
        assert_eq!(field(&person.name), "Barack");
        assert_eq!((person.gender, person.groups), (1, 2));
        let listed = entries(|list, capacity, count| {
            vultus_snapshot_person_groups(now, obama, list, capacity, count)
        });
        assert_eq!(listed, [pair("night", ""), pair("staff", "")]);
        let listed = entries(|list, capacity, count| {
            vultus_snapshot_person_fields(now, obama, staff, list, capacity, count)
        });
        assert_eq!(listed, [pair("room", "No. 3")]);
        let listed = entries(|list, capacity, count| {
            vultus_snapshot_group_fields(now, staff, list, capacity, count)
        });
        assert_eq!(listed, [pair("room", "")]);
        let (mut faces, mut count): ([vultus_enrolled_face; 5], usize) = ([zeroed(); 5], 0);
        ok(vultus_snapshot_faces(
            now,
            obama,
            faces.as_mut_ptr(),
            5,
            &raw mut count,
        ));
        assert_eq!(
            (count, faces[0].face, faces[0].has_crop, faces[0].models),
            (1, 1, 1, 1)
        );
        vultus_snapshot_free(now);

        let mut gone = 9;
        ok(vultus_gallery_remove_from_group(
            gallery,
            obama,
            staff,
            &raw mut gone,
        ));
        assert_eq!(gone, 0);
        ok(vultus_gallery_delete_group(
            gallery,
            text("night"),
            &raw mut gone,
        ));
        assert_eq!(gone, 1);
        ok(vultus_gallery_delete_person(gallery, text("biden")));
        let code = vultus_gallery_delete_person(gallery, text("biden"));
        refused(code, Status::PersonIdNotExist, "");
    }
}

#[test]
fn a_gallery_opens_again_with_its_secret_alone() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    drop(Shelf::new(&door, &folder));
    // SAFETY: handles, lent bytes and places of this function.
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
        let mut anchor = [0; VULTUS_ANCHOR_BYTES as usize];
        ok(vultus_gallery_anchor(shelf.gallery, anchor.as_mut_ptr()));
        let new_secret = [9; 32];
        ok(vultus_gallery_rotate(shelf.gallery, bytes(&new_secret)));
        ok(vultus_gallery_compact(shelf.gallery));
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
    let grant = crate::common::licences::grant_of(|licence| licence);
    // SAFETY: handles and places of this function.
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
    // SAFETY: handles, lent bytes and places of this function.
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
    assert_eq!(search(&copy, known, 0.01).1, ["obama"]);
    // SAFETY: a handle of this function.
    unsafe { vultus_embedding_free(known) };
}

#[test]
fn a_site_key_keeps_templates_apart_and_scores_the_same() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let known = probe(&door, OBAMA_AGAIN);
    // SAFETY: handles, lent bytes and places of this function.
    unsafe {
        let site = made(|out| vultus_matcher_for_site(door.sdk, bytes(&[5; 32]), out));
        let model =
            copied(|text, capacity, needed| vultus_matcher_model_id(site, text, capacity, needed));
        assert!(model.contains('+'), "{model}");
        let groups = [text("staff")];
        let options = search_options();
        let (mut candidate, mut found, mut count) =
            (zeroed::<vultus_candidate>(), zeroed::<vultus_found>(), 0);
        let code = vultus_gallery_search(
            shelf.gallery,
            site,
            known,
            groups.as_ptr(),
            1,
            &raw const options,
            &raw mut candidate,
            1,
            &raw mut count,
            &raw mut found,
        );
        refused(code, Status::AcrossVersions, "");
        vultus_matcher_free(site);
        vultus_embedding_free(known);
    }
}

#[test]
fn searches_refuse_what_makes_no_sense() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let known = probe(&door, OBAMA);
    let (mut candidate, mut found, mut count) =
        (zeroed::<vultus_candidate>(), zeroed::<vultus_found>(), 0);
    let mut ask = |groups: &[vultus_str], options: vultus_search_options, capacity| {
        // SAFETY: handles, lent texts and places of this function.
        unsafe {
            vultus_gallery_search(
                shelf.gallery,
                shelf.matcher,
                known,
                groups.as_ptr(),
                groups.len(),
                &raw const options,
                &raw mut candidate,
                capacity,
                &raw mut count,
                &raw mut found,
            )
        }
    };
    let (staff, usual) = (text("staff"), search_options());
    refused(ask(&[], usual, 1), Status::ErrorParameterEmpty, "");
    refused(
        ask(&[staff, staff], usual, 1),
        Status::InvalidParameter,
        "twice",
    );
    refused(ask(&[staff; 101], usual, 1), Status::GroupIdsExceed, "101");
    let with = |change: fn(&mut vultus_search_options)| {
        let mut options = search_options();
        change(&mut options);
        options
    };
    refused(
        ask(&[staff], with(|o| o.against = 0), 1),
        Status::InvalidParameter,
        "against is 0",
    );
    refused(
        ask(&[staff], with(|o| o.fpir = 0.0), 1),
        Status::InvalidParameter,
        "FPIR is 0",
    );
    refused(
        ask(&[staff], with(|o| o.min_score = 101.0), 1),
        Status::InvalidParameter,
        "score is 101",
    );
    refused(
        ask(&[staff], with(|o| o.fpir = 1e-12), 1),
        Status::CalibrationInsufficient,
        "",
    );
    ok(ask(
        &[staff],
        with(|o| o.against = VULTUS_AGAINST_PERSONS),
        1,
    ));
    // SAFETY: a handle of this function.
    unsafe { vultus_embedding_free(known) };
}

#[test]
fn a_search_by_group_answers_for_each_group() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    shelf.enrol(&door, BIDEN, "biden", 0);
    let known = probe(&door, OBAMA_AGAIN);
    let options = vultus_search_options {
        fpir: 0.01,
        ..search_options()
    };
    let mut candidates: [vultus_candidate; 6] = [zeroed(); 6];
    let mut found: [vultus_found; 2] = [zeroed(); 2];
    // SAFETY: handles, lent texts and places of this function.
    unsafe {
        let (gallery, matcher) = (shelf.gallery, shelf.matcher);
        ok(vultus_gallery_create_group(
            gallery,
            matcher,
            text("empty"),
            text("Empty"),
        ));
        let groups = [text("empty"), text("staff")];
        let mut ask = |top| {
            vultus_gallery_search_by_group(
                gallery,
                matcher,
                known,
                groups.as_ptr(),
                2,
                &raw const options,
                top,
                candidates.as_mut_ptr(),
                found.as_mut_ptr(),
            )
        };
        ok(ask(3));
        refused(ask(0), Status::ErrorParameterEmpty, "");
        assert_eq!((found[0].is_named, found[0].candidates), (0, 0));
        assert_eq!((found[1].is_named, found[1].candidates), (1, 2));
        assert_eq!(field(&candidates[3].person), "obama");
        assert_eq!(field(&candidates[4].person), "biden");
        vultus_embedding_free(known);
    }
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
    // SAFETY: handles, lent texts and places of this function.
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
