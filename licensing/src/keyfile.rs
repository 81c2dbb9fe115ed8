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
    if is_weak(&key.public) {
        return Err("the public key is one that anybody can sign for".to_owned());
    }
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

/// Whether a public key is a point of small order, for which signatures can be made without a
/// private key, or not in its one canonical spelling (RFC 8032, 5.1.3). No honest key is.
#[must_use]
pub fn is_weak(public: &[u8; 32]) -> bool {
    /// The heights of the points of order 8, little-endian; those of order 1, 2 and 4 are 1, -1, 0.
    const ORDER_8: [[u8; 32]; 2] = [
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef,
            0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88,
            0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10,
            0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77,
            0x92, 0xac, 0x03, 0x7a,
        ],
    ];
    // The highest bit is the sign of the other coordinate.
    let mut height = *public;
    height[31] &= 0x7f;
    let small = height[0] <= 1 && height[1..].iter().all(|&byte| byte == 0);
    // 2^255 - 20 = -1, and everything above it, which is written in a second way.
    let top = height[31] == 0x7f && height[1..31].iter().all(|&byte| byte == 0xff);
    small || (top && height[0] >= 0xec) || ORDER_8.contains(&height)
}

fn parse_time(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is not a time like 2026-01-31T00:00:00Z");
    let time = humantime::parse_rfc3339(text).map_err(|_| wrong())?;
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_err(|_| wrong())?;
    Ok(since.as_secs())
}
