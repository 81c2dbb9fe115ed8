//! Embeddings: the vectors of faces, which are compared.

use crate::detect::{face_at, vultus_faces};
use crate::fence::fence;
use crate::frame::colour::{lent_frame, vultus_frame};
use crate::handle::{OutHandle, exclusive, free, object, shared};
use crate::output::OutValue;
use crate::session::vultus_session;
use crate::strings::{OutBytes, OutText, vultus_bytes};
use std::ffi::c_char;
use vultus::Embedding;

/// The embedding of a face: a vector of length 1 and the model id of the pack that made it. Personal data:
/// keep it in a gallery, or encrypted.
#[derive(Debug)]
pub struct vultus_embedding {
    _private: (),
}

object!(vultus_embedding, Embedding, b"vultEMBE", Shared, Owned);

/// Makes the embedding of a face that was found in this frame.
///
/// Errors: VULTUS_ERROR_NOT_ENTITLED for a licence without recognition;
/// VULTUS_ERROR_FACE_GEOMETRY_INVALID when the face's points form no face;
/// VULTUS_ERROR_LICENCE_EXPIRED; VULTUS_ERROR_MODEL_NETWORK_INVALID.
///
/// ```c
/// vultus_embedding *embedding = NULL;
/// code = vultus_session_embed(session, &frame, faces, 0, &embedding);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_session_embed(
    session: *mut vultus_session,
    frame: *const vultus_frame,
    faces: *const vultus_faces,
    index: u32,
    out: *mut *mut vultus_embedding,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (mut session, frame, faces, out) = unsafe {
            (
                exclusive(session, "session")?,
                lent_frame(frame, "frame")?,
                shared(faces, "faces")?,
                OutHandle::at(out, "out")?,
            )
        };
        out.give(session.embed(&frame, face_at(&faces, index)?)?);
        Ok(())
    })
}

/// Frees an embedding; NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_embedding_free(embedding: *mut vultus_embedding) {
    // SAFETY: as the header's first page asks of handles.
    fence::<()>(|| unsafe { free(embedding, "embedding") });
}

/// The embedding as bytes that carry its model id: magic `VEMB`, format 1 as 16 bits, length of the
/// model id as 16 bits, number of values as 32 bits, the model id, then the values as 32-bit floats;
/// all little-endian. They are neither encrypted nor signed.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// uint8_t bytes[4096];
/// size_t needed;
/// code = vultus_embedding_to_bytes(embedding, bytes, sizeof bytes, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_embedding_to_bytes(
    embedding: *const vultus_embedding,
    buffer: *mut u8,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (embedding, out) = unsafe {
            (
                shared(embedding, "embedding")?,
                OutBytes::at(buffer, capacity, needed)?,
            )
        };
        out.put(&embedding.to_bytes())
    })
}

/// The embedding of bytes that `vultus_embedding_to_bytes` wrote.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for bytes that are none: cut short, of another format, or with
/// values that are not a vector of length 1.
///
/// ```c
/// vultus_bytes kept = { bytes, bytes_length };
/// code = vultus_embedding_from_bytes(kept, &stored);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_embedding_from_bytes(
    bytes: vultus_bytes,
    out: *mut *mut vultus_embedding,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of inputs and outputs.
        let (bytes, out) = unsafe { (bytes.get("bytes")?, OutHandle::at(out, "out")?) };
        out.give(Embedding::from_bytes(bytes)?);
        Ok(())
    })
}

/// The model id of the pack that made it, `id@version`.
///
/// Errors: VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char model_id[128];
/// size_t needed;
/// code = vultus_embedding_model_id(stored, model_id, sizeof model_id, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_embedding_model_id(
    embedding: *const vultus_embedding,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (embedding, out) = unsafe {
            (
                shared(embedding, "embedding")?,
                OutText::at(text, capacity, needed)?,
            )
        };
        out.put(embedding.model_id())
    })
}

/// How many values it has.
///
/// ```c
/// uint32_t dimension;
/// code = vultus_embedding_dimension(stored, &dimension);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_embedding_dimension(
    embedding: *const vultus_embedding,
    dimension: *mut u32,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles and outputs.
        let (embedding, out) = unsafe {
            (
                shared(embedding, "embedding")?,
                OutValue::at(dimension, "dimension")?,
            )
        };
        out.set(embedding.values().len() as u32);
        Ok(())
    })
}
