//! The text form of the key table. Shared with the build script, so that a malformed table is a
//! build error and never a surprise on a device.

use std::time::SystemTime;

/// One line of a key table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyLine {
    /// The Ed25519 public key.
    pub public: [u8; 32],
    /// First second, Unix time, at which the key issued.
    pub issue_from: u64,
    /// Last second, Unix time, at which the key issues.
    pub issue_until: u64,
    /// May sign licences.
    pub licences: bool,
    /// May sign revocation lists.
    pub revocations: bool,
}

/// Reads a key table; the error names the line.
///
/// # Errors
/// The number of the line, and what is wrong with it.
pub fn parse_key_table(text: &str) -> Result<Vec<KeyLine>, String> {
    let mut keys: Vec<KeyLine> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = parse_line(line).map_err(|why| format!("line {number}: {why}"))?;
        if keys.iter().any(|other| other.public == key.public) {
            return Err(format!("line {number}: the key stands there twice"));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn parse_line(line: &str) -> Result<KeyLine, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let &["key", public, "from", from, "until", until, "roles", roles] = words.as_slice() else {
        return Err("expected `key HEX from TIME until TIME roles LIST`".to_owned());
    };
    let mut key = KeyLine {
        public: parse_hex(public)?,
        issue_from: parse_time(from)?,
        issue_until: parse_time(until)?,
        licences: false,
        revocations: false,
    };
    if key.issue_from >= key.issue_until {
        return Err("`from` is not before `until`".to_owned());
    }
    for role in roles.split(',') {
        match role {
            "licence" => key.licences = true,
            "revocation" => key.revocations = true,
            _ => return Err(format!("unknown role {role:?}; use licence, revocation")),
        }
    }
    Ok(key)
}

fn parse_hex(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "the public key is not 64 hex digits".to_owned();
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
        *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
    }
    Ok(bytes)
}

fn parse_time(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is not a time like 2026-01-31T00:00:00Z");
    let time = humantime::parse_rfc3339(text).map_err(|_| wrong())?;
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_err(|_| wrong())?;
    Ok(since.as_secs())
}
