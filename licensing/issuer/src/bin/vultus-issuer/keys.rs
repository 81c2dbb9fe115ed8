//! Key files and passphrases.

use crate::args::{KeyArgs, KeygenArgs, RoleArg};
use crate::failure::{CliResult, WithFile};
use crate::outcome::Outcome;
use crate::output::Output;
use serde_json::json;
use std::env;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use vultus_issuer::environment::{Clock, System};
use vultus_issuer::error::{IssuerError, KeyFileFault};
use vultus_issuer::keyfile::{Cost, FILE_BYTES, KeyFile, PASSPHRASE_MAX, Passphrase};
use vultus_issuer::signer::{KeyTerms, PublicKeys, Signer};
use zeroize::Zeroizing;

const PASSPHRASE_VARIABLE: &str = "VULTUS_ISSUER_PASSPHRASE";
/// Three years, one of them a leap year.
const LIFE_SECONDS: u64 = 1096 * 86_400;

/// Makes a key. The file is written before its line is shown, and never over another.
pub(crate) fn generate(args: &KeygenArgs, output: &Output) -> CliResult<Outcome> {
    let from = match args.from {
        Some(from) => from,
        None => System.now()?,
    };
    let terms = KeyTerms {
        from,
        until: args.until.unwrap_or(from.plus(LIFE_SECONDS)),
        licences: args.roles.contains(&RoleArg::Licence),
        revocations: args.roles.contains(&RoleArg::Revocation),
    };
    terms.check().map_err(IssuerError::from)?;
    let path = &args.key.key;
    let mut file = create_private(path)?;
    let written = new_passphrase(&args.key).and_then(|passphrase| {
        let key = KeyFile::generate(terms, &passphrase, Cost::STANDARD, &System)?;
        write_durably(&mut file, path, &key.to_bytes())?;
        Ok(key)
    });
    let key = match written {
        Ok(key) => key,
        Err(failure) => {
            // The file is the one just made, and it holds no key.
            let _ = std::fs::remove_file(path);
            return Err(failure);
        }
    };
    let public = key.public();
    let json = json!({
        "key": path.display().to_string(),
        "key_id": public.id().to_string(),
        "line": public.table_line(),
    });
    output.result(&json, || public.table_line());
    Ok(Outcome::Done)
}

/// A file that did not exist, for its owner's eyes only.
fn create_private(path: &Path) -> CliResult<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_file(path)
}

/// A new file that is on disk, name included, when this returns.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> CliResult<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .open(path)
        .with_file(path)?;
    write_durably(&mut file, path, bytes)
}

fn write_durably(file: &mut File, path: &Path, bytes: &[u8]) -> CliResult<()> {
    file.write_all(bytes).with_file(path)?;
    file.sync_all().with_file(path)?;
    #[cfg(unix)]
    {
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .with_file(folder)?;
    }
    Ok(())
}

/// Opens a key file with its passphrase.
pub(crate) fn signer(args: &KeyArgs) -> CliResult<Signer> {
    let key = read(&args.key)?;
    let passphrase = passphrase(args.passphrase_file.as_deref(), &args.key)?;
    open(&key, &passphrase, &args.key)
}

pub(crate) fn open(key: &KeyFile, passphrase: &Passphrase, path: &Path) -> CliResult<Signer> {
    key.open(passphrase)
        .map_err(IssuerError::from)
        .with_file(path)
}

/// The public halves in a key file.
pub(crate) fn public(path: &Path) -> CliResult<PublicKeys> {
    Ok(*read(path)?.public())
}

pub(crate) fn read(path: &Path) -> CliResult<KeyFile> {
    let file = File::open(path).with_file(path)?;
    #[cfg(unix)]
    {
        let metadata = file.metadata().with_file(path)?;
        if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
            return Err(IssuerError::from(KeyFileFault::Exposed)).with_file(path);
        }
    }
    let bytes = read_bounded(file, FILE_BYTES, path)?;
    KeyFile::parse(&bytes)
        .map_err(IssuerError::from)
        .with_file(path)
}

/// At most one byte more than fits, so that what is too long shows.
pub(crate) fn read_bounded(file: File, max: usize, path: &Path) -> CliResult<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(max + 1));
    file.take(max as u64 + 1)
        .read_to_end(&mut bytes)
        .with_file(path)?;
    Ok(bytes)
}

/// The passphrase from its file, the environment, or the person at the terminal.
pub(crate) fn passphrase(file: Option<&Path>, key: &Path) -> CliResult<Passphrase> {
    match given(file)? {
        Some(passphrase) => Ok(passphrase),
        None => ask(&format!("Passphrase of {}: ", key.display())),
    }
}

fn new_passphrase(args: &KeyArgs) -> CliResult<Passphrase> {
    if let Some(passphrase) = given(args.passphrase_file.as_deref())? {
        return Ok(passphrase);
    }
    let path = &args.key;
    let first = prompt(&format!("New passphrase of {}: ", path.display()))?;
    let again = prompt("The same again: ")?;
    if first != again {
        return Err(IssuerError::PassphrasesDiffer.into());
    }
    Ok(Passphrase::new(first)?)
}

fn given(file: Option<&Path>) -> CliResult<Option<Passphrase>> {
    if let Some(path) = file {
        let file = File::open(path).with_file(path)?;
        let mut bytes = read_bounded(file, PASSPHRASE_MAX + 2, path)?;
        strip_line_end(&mut bytes);
        return Passphrase::new(bytes).with_file(path).map(Some);
    }
    match env::var_os(PASSPHRASE_VARIABLE) {
        Some(text) => {
            let bytes = Zeroizing::new(text.into_encoded_bytes());
            Ok(Some(Passphrase::new(bytes)?))
        }
        None => Ok(None),
    }
}

/// One line end, as editors add it.
fn strip_line_end(bytes: &mut Vec<u8>) {
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
}

fn ask(question: &str) -> CliResult<Passphrase> {
    Ok(Passphrase::new(prompt(question)?)?)
}

fn prompt(question: &str) -> CliResult<Zeroizing<Vec<u8>>> {
    let answer = rpassword::prompt_password(question).with_file(Path::new("terminal"))?;
    Ok(Zeroizing::new(answer.into_bytes()))
}
