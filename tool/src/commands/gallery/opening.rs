//! Opens a gallery with the secret in its key file.

use super::args::FileArgs;
use super::files;
use crate::failure::{Failure, Result, WithFile};
use std::path::PathBuf;
use vultus::gallery::store::{Access, FileStorage, Opening, Secret};
use vultus::gallery::{Gallery, Limits};

/// Opens a gallery with the secret in its key file.
pub(super) fn open(args: &FileArgs, access: Access) -> Result<Gallery> {
    let opening = Opening {
        access,
        ..Opening::default()
    };
    Gallery::open(storage(args), &secret(args)?, &opening, Limits::default())
        .map_err(Failure::from)
        .with_file(&args.gallery)
}

/// The secret in the key file.
pub(super) fn secret(args: &FileArgs) -> Result<Secret> {
    Ok(Secret::new(files::read_key(
        &key_file(args),
        args.insecure_key,
    )?))
}

/// Where the gallery is kept.
pub(super) fn storage(args: &FileArgs) -> Box<FileStorage> {
    Box::new(FileStorage::new(&args.gallery))
}

/// The key file that is named, or the gallery's file with `.key` behind it.
pub(super) fn key_file(args: &FileArgs) -> PathBuf {
    args.key_file.clone().unwrap_or_else(|| {
        let mut name = args.gallery.clone().into_os_string();
        name.push(".key");
        name.into()
    })
}
