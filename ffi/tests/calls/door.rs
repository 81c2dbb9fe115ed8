//! The whole way of a door through the C functions, from a licence to a name.

use crate::common::door::{BIDEN, Door, OBAMA, OBAMA_AGAIN, Picture};
use crate::common::{bytes, copied, made, ok, refused, zeroed};
use vultus::error::Status;
use vultus_ffi::compare::{vultus_comparison, vultus_sdk_compare, vultus_sdk_compare_masked};
use vultus_ffi::detect::*;
use vultus_ffi::embedding::*;
use vultus_ffi::sdk::vultus_sdk_model_id;

fn compared(
    door: &Door,
    a: *const vultus_embedding,
    b: *const vultus_embedding,
) -> vultus_comparison {
    let mut comparison = zeroed();
    // SAFETY: handles and memory of this function.
    ok(unsafe { vultus_sdk_compare(door.sdk, a, b, 1e-3, &raw mut comparison) });
    comparison
}

#[test]
fn two_photographs_of_one_person_match_and_a_stranger_does_not() {
    let door = Door::open();
    let [a, b, stranger] = [OBAMA, OBAMA_AGAIN, BIDEN].map(|name| door.embed(&Picture::load(name)));
    let (same, other) = (compared(&door, a, b), compared(&door, a, stranger));
    assert_eq!((same.is_match, other.is_match), (1, 0));
    assert!(same.score > 40.0 && same.fmr <= 1e-3 && same.cosine > other.cosine);
    assert_eq!(same.struct_size as usize, size_of::<vultus_comparison>());

    // The same numbers as the core's.
    let core = vultus::Embedding::from_bytes(&to_bytes(a)).unwrap();
    let again = vultus::Embedding::from_bytes(&to_bytes(b)).unwrap();
    assert_eq!(
        vultus::internals::matching::cosine(&core, &again).unwrap(),
        same.cosine
    );

    // SAFETY: handles of this function.
    unsafe {
        let mut masked: vultus_comparison = zeroed();
        let code = vultus_sdk_compare_masked(door.sdk, a, b, 1e-3, &raw mut masked);
        refused(code, Status::CalibrationMissing, "masked_calibration");
        let code = vultus_sdk_compare(door.sdk, a, b, 2.0, &raw mut masked);
        refused(code, Status::InvalidParameter, "target FMR is 2");
        for embedding in [a, b, stranger] {
            vultus_embedding_free(embedding);
        }
    }
}

fn to_bytes(embedding: *const vultus_embedding) -> Vec<u8> {
    let mut needed = 0;
    // SAFETY: a handle and memory of this function.
    unsafe {
        ok(vultus_embedding_to_bytes(
            embedding,
            std::ptr::null_mut(),
            0,
            &raw mut needed,
        ));
        let mut buffer = vec![0; needed];
        let short =
            vultus_embedding_to_bytes(embedding, buffer.as_mut_ptr(), needed - 1, &raw mut needed);
        refused(short, Status::BufferTooSmall, "buffer holds");
        ok(vultus_embedding_to_bytes(
            embedding,
            buffer.as_mut_ptr(),
            needed,
            &raw mut needed,
        ));
        buffer
    }
}

#[test]
fn an_embedding_comes_back_from_its_bytes_with_its_model() {
    let door = Door::open();
    let embedding = door.embed(&Picture::load(OBAMA));
    let kept = to_bytes(embedding);
    // SAFETY: handles, lent bytes and memory of this function.
    unsafe {
        let back = made(|out| vultus_embedding_from_bytes(bytes(&kept), out));
        let model = copied(|text, capacity, needed| {
            vultus_embedding_model_id(back, text, capacity, needed)
        });
        let pack =
            copied(|text, capacity, needed| vultus_sdk_model_id(door.sdk, text, capacity, needed));
        assert_eq!(model, pack);
        let mut dimension = 0;
        ok(vultus_embedding_dimension(back, &raw mut dimension));
        assert_eq!(dimension, 128);
        assert!(compared(&door, embedding, back).cosine > 0.999_99);

        let mut none = std::ptr::null_mut();
        let code = vultus_embedding_from_bytes(bytes(&kept[1..]), &raw mut none);
        refused(code, Status::InvalidParameter, "no embedding");
        assert!(none.is_null());
        vultus_embedding_free(back);
        vultus_embedding_free(embedding);
    }
}

#[test]
fn faces_are_counted_listed_and_the_largest_found() {
    let door = Door::open();
    let picture = Picture::load(OBAMA);
    let faces = door.detect(&picture);
    // SAFETY: handles and memory of this function.
    unsafe {
        let (mut count, mut largest, mut too_small) = (0, 9, -1.0);
        ok(vultus_faces_count(faces, &raw mut count));
        ok(vultus_faces_largest(faces, 34, &raw mut largest));
        ok(vultus_faces_too_small(faces, &raw mut too_small));
        assert!(count >= 1 && largest < count && too_small >= 0.0);
        let mut face: vultus_face = zeroed();
        ok(vultus_faces_get(faces, largest, &raw mut face));
        let [left, right, ..] = face.landmarks;
        assert!(face.score > 0.5 && face.score <= 1.0);
        assert!(left[0] < right[0] && left[0] > face.x && right[0] < face.x + face.width);

        let mut list: Vec<vultus_face> = vec![zeroed(); count as usize];
        let mut listed = 0;
        ok(vultus_faces_list(
            faces,
            list.as_mut_ptr(),
            list.len(),
            &raw mut listed,
        ));
        assert_eq!(listed, list.len());
        assert_eq!(list[largest as usize].x, face.x);
        let code = vultus_faces_get(faces, count, &raw mut face);
        refused(code, Status::InvalidParameter, "index is");
        vultus_faces_free(faces);
    }
}

#[test]
fn a_frame_without_a_face_is_an_answer_and_its_largest_face_an_error() {
    let door = Door::open();
    let picture = Picture {
        pixels: vec![127; 320 * 240 * 3],
        width: 320,
        height: 240,
    };
    let faces = door.detect(&picture);
    // SAFETY: handles and memory of this function.
    unsafe {
        let (mut count, mut index) = (9, 9);
        ok(vultus_faces_count(faces, &raw mut count));
        assert_eq!(count, 0);
        let code = vultus_faces_largest(faces, 34, &raw mut index);
        refused(code, Status::NoFaceInPhoto, "");
        assert_eq!(index, 9, "outputs are untouched on failure");
        vultus_faces_free(faces);
    }
}
