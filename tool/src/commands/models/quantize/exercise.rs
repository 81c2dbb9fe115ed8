//! Photographs that the networks see, so that their tensors' ranges become known.

use super::tiled::Tiles;
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::{pictures_below, read_at_most};
use crate::observer::Observer;
use crate::terminal::Output;
use std::path::{Path, PathBuf};
use vultus::frame::{Photo, PhotoLimits};
use vultus::internals::model::{Pack, sha256_hex};
use vultus::licensing::grant::Grant;
use vultus::{DetectOptions, Sdk};

/// Photographs with a face that are used.
const PHOTOGRAPHS: usize = 64;

/// Fewer make poor ranges, which a person should know.
const FEW_PHOTOGRAPHS: usize = 32;

/// Runs all networks of the pack on photographs, and its detectors on frames of many of them, too; says how many
/// photographs had a face.
pub(super) fn exercise(pack: Pack, images: &Path, output: &Output) -> Result<usize> {
    let mut session = Sdk::from_pack(pack, Grant::demo())?.session()?;
    let progress = output.begin("photographs", PHOTOGRAPHS);
    let mut used = 0;
    let mut tiles = Tiles::default();
    for path in shuffled(images)? {
        let run = photograph(&path).and_then(|photo| {
            let options = DetectOptions::default();
            let done = session.exercise(&photo.frame(), &options);
            done.map_err(Failure::from).with_file(&path)?;
            for tiled in tiles.add(&photo) {
                session.exercise_detectors(&tiled.frame())?;
            }
            Ok(())
        });
        match run {
            Ok(()) => {
                used += 1;
                progress.advance(1);
            }
            Err(failure) if failure.is_no_face() => {}
            Err(failure) => return Err(failure),
        }
        if used == PHOTOGRAPHS {
            break;
        }
    }
    drop(progress);
    if used < FEW_PHOTOGRAPHS {
        output.warning(&format!(
            "{used} photographs with a face; {FEW_PHOTOGRAPHS} or more give better ranges"
        ));
    }
    Ok(used)
}

/// The folder's pictures by the SHA-256 of their paths inside it: the same choice on every machine, and
/// one that the order of names has no part in.
fn shuffled(images: &Path) -> Result<Vec<PathBuf>> {
    let mut pictures = pictures_below(images)?;
    pictures.sort_by_cached_key(|path| {
        let inside = path.strip_prefix(images).unwrap_or(path);
        let parts = inside.iter().map(|part| part.to_string_lossy());
        sha256_hex(parts.collect::<Vec<_>>().join("/").as_bytes())
    });
    if pictures.is_empty() {
        return Err(Failure::text("no JPEG, PNG or BMP files in it").about(images));
    }
    Ok(pictures)
}

fn photograph(path: &Path) -> Result<Photo> {
    let bytes = read_at_most(path, PhotoLimits::MAX_BYTES)?;
    Photo::decode(&bytes).map_err(Failure::from).with_file(path)
}
