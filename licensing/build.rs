//! Turns the table of issuing keys into constants, so that no device parses it and no build
//! succeeds with a malformed one.

use std::fmt::Write as _;
use std::path::PathBuf;

#[allow(unreachable_pub, reason = "the library exports the same file")]
#[path = "src/keyfile.rs"]
mod keyfile;

const VARIABLE: &str = "VULTUS_ISSUING_KEYS";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/keyfile.rs");
    let path = std::env::var_os(VARIABLE).map_or_else(|| "keys/issuing.keys".into(), PathBuf::from);
    println!("cargo::rerun-if-changed={}", path.display());

    let text = std::fs::read_to_string(&path)
        .map_err(|e| format!("key table {} cannot be read: {e}", path.display()))?;
    let keys = keyfile::parse_key_table(&text)
        .map_err(|e| format!("key table {}: {e}", path.display()))?;
    let mut source = String::from("const COMPILED: &[IssuingKey] = &[\n");
    for key in &keys {
        writeln!(
            source,
            "    IssuingKey::new({:?}, UnixSeconds({}), UnixSeconds({}), {}, {}),",
            key.public, key.issue_from, key.issue_until, key.licences, key.revocations
        )?;
    }
    source.push_str("];\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    std::fs::write(out.join("keys.rs"), source)?;
    Ok(())
}
