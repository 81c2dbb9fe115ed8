//! Who signs the packs that the tool writes.

use super::whole::replace_whole;
use crate::failure::{Failure, Result, WithFile};
use crate::inputs::read_at_most;
use crate::secrets::{new_private_file, random_bytes};
use std::fs;
use std::io::Write;
use std::path::Path;
use vultus::Verification;
use vultus::internals::model::{
    MANIFEST_FILE, Pack, PackKey, PackSigner, SIGNATURE_FILE, bytes_of_hex, hex_of,
};

/// The project's own key, which everybody has.
const DEVELOPMENT_KEY: &str = include_str!("../../../models/keys/development.key");

/// A key file is a few lines; what is larger is something else.
const MOST_KEY_BYTES: usize = 4096;

/// A key that signs packs.
pub(crate) struct Signer(PackSigner);

impl Signer {
    /// The key of a file, or the project's development key.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self> {
        match file {
            None => parse(DEVELOPMENT_KEY),
            Some(file) => {
                let bytes = read_at_most(file, MOST_KEY_BYTES)?;
                let text = str::from_utf8(&bytes).map_err(|_| Failure::text("it is no text"));
                text.and_then(parse).map_err(|refused| refused.about(file))
            }
        }
    }

    /// Makes a key, in a file that is not there yet and that its owner alone can read.
    pub(crate) fn create(file: &Path) -> Result<Self> {
        let seed = random_bytes()?;
        let signer = of_seed(&seed)?;
        let mut opened = new_private_file(file).with_file(file)?;
        let text = format!(
            "# Signs model packs: keep it secret.\nseed {}\n",
            hex_of(&seed)
        );
        opened.write_all(text.as_bytes()).with_file(file)?;
        opened.sync_all().with_file(file)?;
        Ok(signer)
    }

    /// The half that is trusted.
    pub(crate) fn public(&self) -> PackKey {
        self.0.public()
    }

    /// The text of the signature beside a manifest.
    pub(crate) fn sign(&self, manifest: &str) -> String {
        self.0.sign(manifest.as_bytes())
    }

    /// What a person should know about a pack that was signed just now.
    pub(crate) fn note(&self) -> String {
        let id = self.public().id();
        match self.public().is_development() {
            true => format!(
                "signed with the project's development key {id}, which everybody has: devices refuse it unless they were built with \
                 VULTUS_PACK_KEYS=development; `vultus models sign --key FILE PACK` signs with a key of your own"
            ),
            false => format!("signed with the key {id}"),
        }
    }

    /// Signs the manifest of a folder and opens the pack with every file compared; what was there before comes back
    /// where that fails.
    pub(crate) fn sign_folder(&self, folder: &Path) -> Result<Pack> {
        let file = folder.join(MANIFEST_FILE);
        let manifest = fs::read_to_string(&file).with_file(&file)?;
        let place = folder.join(SIGNATURE_FILE);
        let before = fs::read(&place).ok();
        self.put(folder, &manifest)?;
        let opened = Pack::open_with(folder, Verification::OnOpening, &[self.public()])
            .and_then(|pack| pack.check_files().map(|()| pack));
        if opened.is_err() {
            // Why the pack is refused is what the user has to hear.
            let _ = match before {
                Some(bytes) => fs::write(&place, bytes),
                None => fs::remove_file(&place),
            };
        }
        opened.map_err(Failure::from).with_file(folder)
    }

    /// Writes the signature of a manifest into a folder, whole or not at all.
    pub(super) fn put(&self, folder: &Path, manifest: &str) -> Result<()> {
        replace_whole(folder, SIGNATURE_FILE, self.sign(manifest).as_bytes())
    }
}

fn parse(text: &str) -> Result<Signer> {
    let mut lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let seed = match (lines.next(), lines.next()) {
        (Some(line), None) => line.strip_prefix("seed ").and_then(bytes_of_hex),
        _ => None,
    };
    let seed = seed.ok_or_else(|| {
        Failure::text("it is no key of packs: expected one line `seed` and 64 digits 0-9 a-f")
    })?;
    of_seed(&seed)
}

fn of_seed(seed: &[u8; 32]) -> Result<Signer> {
    let signer = PackSigner::of_seed(seed);
    signer
        .map(Signer)
        .ok_or_else(|| Failure::text("the seed makes no key"))
}
