//! A door: an open SDK, its session, and the faces of committed photographs.

use super::answers::{made, ok};
use super::lend::{bytes, path, zeroed};
use super::licences;
use super::repository::fixture;
use vultus::frame::Photo;
use vultus::licensing::licence::Licence;
use vultus_ffi::detect::{
    vultus_detect_options, vultus_detect_options_default, vultus_faces, vultus_faces_free,
    vultus_session_detect,
};
use vultus_ffi::embedding::{vultus_embedding, vultus_session_embed};
use vultus_ffi::frame::colour::{VULTUS_FORMAT_RGB8, vultus_frame, vultus_frame_packed};
use vultus_ffi::licence::grant::vultus_grant_free;
use vultus_ffi::options::{
    vultus_sdk_options_free, vultus_sdk_options_new, vultus_sdk_options_set_pack,
};
use vultus_ffi::sdk::{vultus_sdk, vultus_sdk_free, vultus_sdk_open};
use vultus_ffi::session::{vultus_session, vultus_session_free, vultus_session_new};
use vultus_testkit::root;

pub const OBAMA: &str = "people/barack_obama/portrait.jpg";
pub const OBAMA_AGAIN: &str = "people/barack_obama/address.jpg";
pub const BIDEN: &str = "people/joe_biden/portrait.jpg";

/// An open SDK and a session.
pub struct Door {
    pub sdk: *mut vultus_sdk,
    pub session: *mut vultus_session,
}

impl Door {
    /// With everything licensed.
    pub fn open() -> Self {
        Self::licensed(|licence| licence)
    }

    pub fn licensed(change: impl FnOnce(Licence) -> Licence) -> Self {
        // SAFETY: handles and lent texts of this function.
        unsafe {
            let grant = licences::grant_of(change);
            let options = made(|out| vultus_sdk_options_new(out));
            let pack = root().join("models/lite");
            ok(vultus_sdk_options_set_pack(options, path(&pack)));
            let sdk = made(|out| vultus_sdk_open(options, grant, out));
            vultus_sdk_options_free(options);
            vultus_grant_free(grant);
            let session = made(|out| vultus_session_new(sdk, out));
            Self { sdk, session }
        }
    }

    /// The faces of a picture.
    pub fn detect(&self, picture: &Picture) -> *mut vultus_faces {
        let (frame, options) = (picture.frame(), detect_options());
        // SAFETY: handles and memory of this function.
        made(|out| unsafe {
            vultus_session_detect(self.session, &raw const frame, &raw const options, out)
        })
    }

    /// The embedding of the best face of a picture.
    pub fn embed(&self, picture: &Picture) -> *mut vultus_embedding {
        let faces = self.detect(picture);
        let frame = picture.frame();
        // SAFETY: handles and memory of this function.
        unsafe {
            let embedding =
                made(|out| vultus_session_embed(self.session, &raw const frame, faces, 0, out));
            vultus_faces_free(faces);
            embedding
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // SAFETY: handles of this value.
        unsafe {
            vultus_session_free(self.session);
            vultus_sdk_free(self.sdk);
        }
    }
}

/// Options with their defaults.
pub fn detect_options() -> vultus_detect_options {
    let mut options = zeroed();
    // SAFETY: memory of this function.
    ok(unsafe { vultus_detect_options_default(&raw mut options) });
    options
}

/// A photograph as a host has it: bytes and their size.
pub struct Picture {
    pub pixels: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

impl Picture {
    pub fn load(name: &str) -> Self {
        let photo = Photo::decode(&fixture(name)).unwrap();
        let (width, height) = photo.image().size();
        Self {
            pixels: photo.image().pixels().to_vec(),
            width,
            height,
        }
    }

    pub fn frame(&self) -> vultus_frame {
        let mut frame = zeroed();
        // SAFETY: lent bytes and memory of this function.
        ok(unsafe {
            vultus_frame_packed(
                VULTUS_FORMAT_RGB8,
                self.width,
                self.height,
                bytes(&self.pixels),
                &raw mut frame,
            )
        });
        frame
    }
}
