//! Export and import of a gallery as one file.

use super::library::vultus_gallery;
use super::matcher::vultus_matcher;
use crate::fence::fence;
use crate::handle::shared;
use crate::output::OutValue;
use crate::pod::{OutStruct, pod};
use crate::strings::{path, vultus_bytes, vultus_str};
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use vultus::error::Result;
use vultus::gallery::store::{ExportKey, StoreError};

/// What an import added.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct vultus_imported {
    /// `sizeof(vultus_imported)`, set by the caller.
    pub struct_size: u32,
    /// Groups.
    pub groups: u32,
    /// Persons.
    pub persons: u32,
    /// Faces, under new numbers.
    pub faces: u32,
}
pod!(vultus_imported {
    groups: 0,
    persons: 0,
    faces: 0
});

/// Writes everything that a gallery holds to a new file, encrypted with 32 random bytes of the caller,
/// which alone open it. No licence is needed. `records` says how many records were written.
///
/// Errors: VULTUS_ERROR_STORAGE_FAILED where the file exists or cannot be written, and no file is left
/// then; VULTUS_ERROR_STORAGE_FULL; VULTUS_ERROR_GALLERY_CORRUPT; VULTUS_ERROR_INVALID_PARAMETER for a key
/// of another length.
///
/// ```c
/// vultus_bytes key = { export_key, 32 };
/// uint64_t records;
/// code = vultus_gallery_export(gallery, vultus_str_of("/media/usb/staff.export"), key, &records);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_export(
    gallery: *const vultus_gallery,
    file: vultus_str,
    key: vultus_bytes,
    records: *mut u64,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (gallery, file, key, out) = unsafe {
            (
                shared(gallery, "gallery")?,
                file.get("file")?,
                key.get_array("key")?,
                OutValue::at(records, "records")?,
            )
        };
        let (file, key) = (path(file, "file")?, ExportKey::new(*key));
        let to = create(&file).map_err(failed)?;
        let written = write(to, |to| gallery.store().export(&key, to));
        out.set(written.inspect_err(|_| {
            // A part of an export is of no use. The error that is returned is that of writing.
            let _ = fs::remove_file(&file);
        })?);
        Ok(())
    })
}

/// Adds everything that an export holds, under new face numbers, all of it or nothing.
///
/// Errors: VULTUS_ERROR_EXPORT_KEY_WRONG, VULTUS_ERROR_EXPORT_CORRUPT,
/// VULTUS_ERROR_EXPORT_VERSION_MISMATCH; 432, 435, 452 where a group or person of the same id or name
/// is there already; 443, 444, 466 where there is no room; VULTUS_ERROR_STORAGE_FAILED where the file
/// cannot be read; VULTUS_ERROR_LICENCE_EXPIRED; 406 to 410.
///
/// ```c
/// vultus_imported imported = {0};
/// vultus_bytes key = { export_key, 32 };
/// imported.struct_size = sizeof imported;
/// code = vultus_gallery_import(gallery, matcher, vultus_str_of("/media/usb/staff.export"), key,
///                              &imported);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_gallery_import(
    gallery: *const vultus_gallery,
    matcher: *const vultus_matcher,
    file: vultus_str,
    key: vultus_bytes,
    imported: *mut vultus_imported,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of handles, inputs and outputs.
        let (gallery, matcher, file, key, out) = unsafe {
            (
                shared(gallery, "gallery")?,
                shared(matcher, "matcher")?,
                file.get("file")?,
                key.get_array("key")?,
                OutStruct::at(imported, "imported")?,
            )
        };
        let (file, key) = (path(file, "file")?, ExportKey::new(*key));
        let open = || Ok(Box::new(BufReader::new(File::open(&file)?)) as Box<dyn Read>);
        let added = gallery.import(&matcher, &key, open)?;
        // A gallery holds ten million faces at most.
        out.set(vultus_imported {
            groups: added.groups as u32,
            persons: added.persons as u32,
            faces: added.faces as u32,
            ..vultus_imported::default()
        });
        Ok(())
    })
}

/// A new file that only its owner may read.
fn create(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Writes to a file and waits until it is on disk.
fn write<T>(
    to: File,
    content: impl FnOnce(&mut dyn Write) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut to = BufWriter::new(to);
    let answer = content(&mut to)?;
    to.flush().map_err(failed)?;
    to.get_ref().sync_all().map_err(failed)?;
    Ok(answer)
}

fn failed(cause: std::io::Error) -> StoreError {
    cause.into()
}
