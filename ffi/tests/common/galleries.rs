//! A gallery with one group and one person.

use super::answers::{field, made, ok};
use super::door::{Door, OBAMA, Picture};
use super::lend::{bytes, path, text, zeroed};
use super::repository::fixture;
use vultus_ffi::embedding::vultus_embedding;
use vultus_ffi::enrol::{
    vultus_enrol_face, vultus_enrol_face_free, vultus_enrol_options, vultus_enrol_options_default,
    vultus_session_enrol_photo,
};
use vultus_ffi::gallery::groups::vultus_gallery_create_group;
use vultus_ffi::gallery::library::{
    vultus_gallery, vultus_gallery_create, vultus_gallery_free, vultus_gallery_open,
};
use vultus_ffi::gallery::lists::{vultus_gallery_snapshot, vultus_snapshot};
use vultus_ffi::gallery::matcher::{vultus_matcher, vultus_matcher_free, vultus_matcher_new};
use vultus_ffi::gallery::options::{
    vultus_gallery_options, vultus_gallery_options_free, vultus_gallery_options_new,
    vultus_gallery_options_set_path, vultus_gallery_options_set_secret,
};
use vultus_ffi::gallery::persons::{vultus_enrolment, vultus_gallery_enrol};
use vultus_ffi::gallery::search::{
    vultus_candidate, vultus_found, vultus_gallery_search, vultus_search_options,
    vultus_search_options_default,
};
use vultus_testkit::TempDir;

pub const SECRET: [u8; 32] = [7; 32];

/// An open gallery and its matcher.
pub struct Shelf {
    pub gallery: *mut vultus_gallery,
    pub matcher: *mut vultus_matcher,
}

/// Options for the gallery of a folder.
pub fn options(folder: &TempDir) -> *mut vultus_gallery_options {
    // SAFETY: handles and lent texts of this function.
    unsafe {
        let options = made(|out| vultus_gallery_options_new(out));
        let file = folder.path().join("staff.gallery");
        ok(vultus_gallery_options_set_path(options, path(&file)));
        ok(vultus_gallery_options_set_secret(options, bytes(&SECRET)));
        options
    }
}

impl Shelf {
    /// A new gallery with group `staff`, in which is person `obama`.
    pub fn new(door: &Door, folder: &TempDir) -> Self {
        // SAFETY: handles and lent texts of this function.
        unsafe {
            let options = options(folder);
            let gallery = made(|out| vultus_gallery_create(options, out));
            vultus_gallery_options_free(options);
            let shelf = Self {
                gallery,
                matcher: made(|out| vultus_matcher_new(door.sdk, out)),
            };
            ok(vultus_gallery_create_group(
                gallery,
                shelf.matcher,
                text("staff"),
                text("Staff"),
            ));
            let enrolled = shelf.enrol(door, OBAMA, "obama", 0);
            assert_eq!(enrolled.outcome, 1);
            shelf
        }
    }

    /// The gallery of a folder, opened again.
    pub fn open(door: &Door, folder: &TempDir) -> Self {
        // SAFETY: handles of this function.
        unsafe {
            let options = options(folder);
            let gallery = made(|out| vultus_gallery_open(options, out));
            vultus_gallery_options_free(options);
            let matcher = made(|out| vultus_matcher_new(door.sdk, out));
            Self { gallery, matcher }
        }
    }

    /// Enrols the person of a photograph in `staff`.
    pub fn enrol(&self, door: &Door, photo: &str, person: &str, unique: u32) -> vultus_enrolment {
        let face = enrol_face(door, photo);
        let mut enrolment = zeroed();
        // SAFETY: handles, lent texts and memory of this function.
        unsafe {
            ok(vultus_gallery_enrol(
                self.gallery,
                self.matcher,
                text("staff"),
                text(person),
                text(person),
                face,
                unique,
                &raw mut enrolment,
            ));
            vultus_enrol_face_free(face);
        }
        enrolment
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        // SAFETY: handles of this value.
        unsafe {
            vultus_matcher_free(self.matcher);
            vultus_gallery_free(self.gallery);
        }
    }
}

/// The largest face of a photograph, with a crop.
pub fn enrol_face(door: &Door, photo: &str) -> *mut vultus_enrol_face {
    let options = vultus_enrol_options {
        keep_crop: 1,
        ..enrol_options()
    };
    let photo = fixture(photo);
    // SAFETY: handles, lent bytes and memory of this function.
    made(|out| unsafe {
        vultus_session_enrol_photo(door.session, bytes(&photo), &raw const options, out)
    })
}

pub fn enrol_options() -> vultus_enrol_options {
    let mut options = zeroed();
    // SAFETY: memory of this function.
    ok(unsafe { vultus_enrol_options_default(&raw mut options) });
    options
}

pub fn search_options() -> vultus_search_options {
    let mut options = zeroed();
    // SAFETY: memory of this function.
    ok(unsafe { vultus_search_options_default(&raw mut options) });
    options
}

/// A probe of a photograph.
pub fn probe(door: &Door, photo: &str) -> *mut vultus_embedding {
    door.embed(&Picture::load(photo))
}

/// The answer to a search of `staff`, and the ids of its candidates.
pub fn search(
    shelf: &Shelf,
    probe: *const vultus_embedding,
    fpir: f64,
) -> (vultus_found, Vec<String>) {
    let groups = [text("staff")];
    let options = vultus_search_options {
        fpir,
        ..search_options()
    };
    let mut candidates: [vultus_candidate; 3] = [zeroed(); 3];
    let (mut found, mut count) = (zeroed(), 0);
    // SAFETY: handles, lent texts and memory of this function.
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

/// The gallery as it is now.
pub fn snapshot(shelf: &Shelf) -> *mut vultus_snapshot {
    // SAFETY: a handle and memory of this function.
    made(|out| unsafe { vultus_gallery_snapshot(shelf.gallery, out) })
}
