//! Packs on disk that are whole at every moment.

use super::signer::Signer;
#[cfg(feature = "onnx")]
use super::whole::replace_whole;
use super::whole::write_whole;
use crate::failure::{Failure, Result, WithFile};
use std::fs;
use std::path::Path;
use toml_edit::DocumentMut;
use vultus::Verification;
use vultus::internals::model::{MANIFEST_FILE, Pack};

/// A file of a pack, by its plain name.
pub(crate) type PackFile = (String, Vec<u8>);

/// Refuses a place where something is.
pub(crate) fn check_vacant(to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Failure::text("it is there already; name a folder that is not").about(to));
    }
    Ok(())
}

/// Writes a new pack beside its place, opens and proves it there, and only then gives it its name.
pub(crate) fn create(to: &Path, manifest: &str, files: &[PackFile], signer: &Signer) -> Result<()> {
    check_vacant(to)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let staged = to.with_file_name(format!(".{name}.partial-{}", std::process::id()));
    fs::create_dir_all(&staged).with_file(&staged)?;
    let written = fill(&staged, manifest, files)
        .and_then(|()| signer.put(&staged, manifest))
        .and_then(|()| prove(&staged, signer))
        .and_then(|()| fs::rename(&staged, to).with_file(to));
    if written.is_err() {
        // What went wrong is what the user has to hear, not that something could not be cleared away.
        let _ = fs::remove_dir_all(&staged);
    }
    written
}

/// The manifest of a pack, to be changed where it must and kept as it is elsewhere.
pub(crate) fn manifest(folder: &Path) -> Result<DocumentMut> {
    let file = folder.join(MANIFEST_FILE);
    let text = fs::read_to_string(&file).with_file(&file)?;
    text.parse()
        .map_err(|error| Failure::text(format!("{error}")).about(&file))
}

/// Adds files to a pack and replaces its manifest. Files of these names must not belong to the pack
/// as it is, unless they are the same; the old manifest holds until the new one takes its place.
#[cfg(feature = "onnx")]
pub(crate) fn extend(
    folder: &Path,
    manifest: &str,
    files: &[PackFile],
    signer: &Signer,
) -> Result<()> {
    for (name, bytes) in files {
        if fs::read(folder.join(name)).is_ok_and(|there| there == *bytes) {
            continue;
        }
        replace_whole(folder, name, bytes)?;
    }
    replace_whole(folder, MANIFEST_FILE, manifest.as_bytes())?;
    signer.put(folder, manifest)?;
    prove(folder, signer)
}

fn fill(folder: &Path, manifest: &str, files: &[PackFile]) -> Result<()> {
    for (name, bytes) in files {
        write_whole(&folder.join(name), bytes)?;
    }
    write_whole(&folder.join(MANIFEST_FILE), manifest.as_bytes())
}

/// Signature, hashes and golden values.
fn prove(folder: &Path, signer: &Signer) -> Result<()> {
    let reports = Pack::open_with(folder, Verification::OnOpening, &[signer.public()])
        .and_then(|pack| pack.check_golden())
        .map_err(Failure::from)
        .with_file(folder)?;
    match reports.iter().find(|report| !report.passed()) {
        None => Ok(()),
        Some(wrong) => {
            let message = format!(
                "{}: {:e} from its golden values, allowed is {:e}",
                wrong.network, wrong.max_difference, wrong.tolerance
            );
            Err(Failure::text(message).about(folder))
        }
    }
}
