//! `vultus gallery init` and `info`, and opening a gallery with the secret in its key file.

use super::args::FileArgs;
use super::text;
use crate::Outcome;
use crate::context::read_at_most;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use vultus::gallery::store::{Access, FileStorage, Opening, Secret};
use vultus::gallery::{Gallery, Limits, PAGE, Page};

/// Bytes of a key file.
const KEY_BYTES: usize = 32;

pub(super) fn init(args: &FileArgs, output: &Output) -> CliResult<Outcome> {
    let key_file = key_file(args);
    let made = make_key(&key_file)?;
    let secret = Secret::new(read_key(&key_file)?);
    Gallery::create(storage(args), &secret, Limits::default())
        .map_err(Failure::from)
        .with_file(&args.gallery)?;
    let json = json!({
        "gallery": args.gallery.display().to_string(),
        "key_file": key_file.display().to_string(),
        "key_made": made,
    });
    output.result(&json, || {
        format!(
            "{}: an empty gallery\n{}: its secret{}\n  Whoever loses the secret loses the gallery: \
             nobody can read it without. Keep a copy elsewhere.",
            args.gallery.display(),
            key_file.display(),
            if made { ", made now" } else { ", as it was" }
        )
    });
    Ok(Outcome::Yes)
}

pub(super) fn info(args: &FileArgs, output: &Output) -> CliResult<Outcome> {
    let gallery = open(args, Access::Read)?;
    let snapshot = gallery.snapshot();
    let groups = snapshot.groups(Page::new(0, PAGE)?)?;
    let anchor = gallery.store().anchor();
    let json = json!({
        "gallery": args.gallery.display().to_string(),
        "groups": snapshot.group_count(),
        "persons": snapshot.person_count(),
        "faces": snapshot.face_count(),
        "faces_allowed": gallery.limits().faces(),
        "generation": anchor.generation(),
        "listed": groups.iter().map(text::group_json).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        let mut page = format!(
            "{}: {} groups, {} persons, {} faces; generation {}",
            args.gallery.display(),
            snapshot.group_count(),
            snapshot.person_count(),
            snapshot.face_count(),
            anchor.generation()
        );
        for group in &groups {
            page += &format!("\n  {}", text::group(group));
        }
        page
    });
    Ok(Outcome::Yes)
}

/// Opens a gallery with the secret in its key file.
pub(super) fn open(args: &FileArgs, access: Access) -> CliResult<Gallery> {
    let opening = Opening {
        access,
        ..Opening::default()
    };
    Gallery::open(storage(args), &secret(args)?, &opening, Limits::default())
        .map_err(Failure::from)
        .with_file(&args.gallery)
}

pub(super) fn secret(args: &FileArgs) -> CliResult<Secret> {
    Ok(Secret::new(read_key(&key_file(args))?))
}

pub(super) fn storage(args: &FileArgs) -> Box<FileStorage> {
    Box::new(FileStorage::new(&args.gallery))
}

pub(super) fn key_file(args: &FileArgs) -> PathBuf {
    args.key_file.clone().unwrap_or_else(|| {
        let mut name = args.gallery.clone().into_os_string();
        name.push(".key");
        name.into()
    })
}

/// The 32 bytes of a key file.
pub(super) fn read_key(file: &Path) -> CliResult<[u8; KEY_BYTES]> {
    let bytes = read_at_most(file, KEY_BYTES)?;
    <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).map_err(|_| {
        let message = format!("a key file has {KEY_BYTES} bytes, this one {}", bytes.len());
        Failure::text(message).about(file)
    })
}

/// Makes a key file that only its owner may read; false where there is one.
pub(super) fn make_key(file: &Path) -> CliResult<bool> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut open = match options.open(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(false),
        other => other.with_file(file)?,
    };
    let mut key = [0; KEY_BYTES];
    SystemRandom::new()
        .fill(&mut key)
        .map_err(|_| Failure::text("the system gives no random numbers").about(file))?;
    open.write_all(&key)
        .and_then(|()| open.sync_all())
        .with_file(file)?;
    Ok(true)
}
