//! Galleries: persons are enrolled, found and told apart.

use crate::common::door::*;
use crate::common::galleries::*;
use crate::common::*;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus_ffi::detect::{vultus_faces_free, vultus_faces_largest};
use vultus_ffi::embedding::vultus_embedding_free;
use vultus_ffi::enrol::*;
use vultus_ffi::gallery::{
    faces::*, groups::*, library::*, matcher::*, persons::*, search::*, verify::*,
};
use vultus_ffi::strings::vultus_str;

#[test]
fn a_person_who_was_enrolled_is_named_and_a_stranger_is_not() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let (known, stranger) = (probe(&door, OBAMA_AGAIN), probe(&door, BIDEN));
    let (found, ids) = search(&shelf, known, 1e-3);
    assert_eq!(
        (found.is_named, found.searched, found.candidates),
        (1, 1, 1)
    );
    assert_eq!(ids, ["obama"]);
    assert!(found.expected_fpir < 1.01e-3 && found.threshold > 39.9);
    assert_eq!((found.is_ambiguous, found.has_margin), (0, 0));
    let (found, ids) = search(&shelf, stranger, 1e-3);
    assert_eq!((found.is_named, found.is_ambiguous, ids.len()), (0, 0, 1));

    let mut verified: vultus_verification = zeroed();
    let (gallery, matcher) = (shelf.gallery, shelf.matcher);
    // SAFETY: handles, lent texts and memory of this function.
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
fn a_person_who_is_very_similar_to_one_in_the_group_is_not_enrolled() {
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
    // SAFETY: handles, lent texts and memory of this function.
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
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        let mut largest = 0;
        ok(vultus_faces_largest(faces, 34, &raw mut largest));
        let of_frame = made(|out| {
            vultus_session_enrol_face(
                door.session,
                &raw const frame,
                faces,
                largest,
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
        refused(enrol, Status::ImageDecodeFailed, "");
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
    // SAFETY: handles, lent texts and memory of this function.
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
        assert_eq!(search(&shelf, again, 1e-3).1, ["obama"]);
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

#[test]
fn a_site_key_keeps_templates_apart_and_scores_the_same() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    let known = probe(&door, OBAMA_AGAIN);
    // SAFETY: handles, lent bytes and memory of this function.
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
        // SAFETY: handles, lent texts and memory of this function.
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
        fpir: 1e-3,
        ..search_options()
    };
    let mut candidates: [vultus_candidate; 6] = [zeroed(); 6];
    let mut found: [vultus_found; 2] = [zeroed(); 2];
    // SAFETY: handles, lent texts and memory of this function.
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
