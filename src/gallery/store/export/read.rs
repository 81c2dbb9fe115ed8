//! A stream back into records. Nothing of a chunk is looked at before it is authenticated.

use super::super::error::StoreError;
use super::super::table::{KEY_MAX, Table};
use super::format::{CHUNK, END, ExportKey, HEADER_BYTES, MAGIC, VERSION, header, nonce};
use ring::aead::{Aad, LessSafeKey, Nonce};
use std::io::{ErrorKind, Read};

const SEALED: usize = CHUNK + 16;
const CUT_SHORT: StoreError = StoreError::ExportCorrupt("the export is cut short");
const DAMAGED: StoreError = StoreError::ExportCorrupt("the export was changed or cut short");
const IMPOSSIBLE: StoreError = StoreError::ExportCorrupt("the export holds an impossible record");

type Record = (Table, Vec<u8>, Vec<u8>);

/// Opens a stream chunk by chunk.
pub(super) struct Opener<'a> {
    cipher: LessSafeKey,
    header: [u8; HEADER_BYTES],
    input: &'a mut dyn Read,
    /// Sealed bytes of the next chunk: one more is read ahead, to know which is the last.
    ahead: Vec<u8>,
    chunk: Vec<u8>,
    used: usize,
    number: u64,
    was_last: bool,
    records: u64,
}

impl<'a> Opener<'a> {
    pub(super) fn begin(key: &ExportKey, input: &'a mut dyn Read) -> Result<Self, StoreError> {
        let mut found = [0; HEADER_BYTES];
        input.read_exact(&mut found).map_err(cut_short)?;
        let salt = found[8..40].first_chunk().expect("32 bytes");
        let expected = header(key, salt);
        if found != expected {
            return Err(refusal(&found));
        }
        let mut opener = Self {
            cipher: key.cipher(salt),
            header: found,
            input,
            ahead: Vec::new(),
            chunk: Vec::new(),
            used: 0,
            number: 0,
            was_last: false,
            records: 0,
        };
        opener.ahead = opener.fetch()?;
        Ok(opener)
    }

    /// The next record; `None` after the last, once the whole stream was authenticated.
    pub(super) fn record(&mut self) -> Result<Option<Record>, StoreError> {
        let [tag] = self.array()?;
        if tag == END {
            let records = u64::from_le_bytes(self.array()?);
            let is_all = self.was_last && self.used == self.chunk.len();
            if records != self.records || !is_all {
                return Err(DAMAGED);
            }
            return Ok(None);
        }
        let table = Table::from_tag(tag).ok_or(IMPOSSIBLE)?;
        let key_length = u16::from_le_bytes(self.array()?);
        if u64::from(key_length) > KEY_MAX {
            return Err(IMPOSSIBLE);
        }
        let key = self.bytes(key_length.into())?;
        let length = u32::from_le_bytes(self.array()?);
        if u64::from(length) > table.record_max() {
            return Err(IMPOSSIBLE);
        }
        let record = self.bytes(usize::try_from(length).map_err(|_| IMPOSSIBLE)?)?;
        self.records += 1;
        Ok(Some((table, key, record)))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let bytes = self.bytes(N)?;
        bytes.try_into().map_err(|_| DAMAGED)
    }

    /// Lengths were checked; no more is reserved than chunks have brought.
    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            if self.used == self.chunk.len() {
                self.open_next()?;
            }
            let missing = count - bytes.len();
            let here = &self.chunk[self.used..];
            let taken = &here[..here.len().min(missing)];
            bytes.extend_from_slice(taken);
            self.used += taken.len();
        }
        Ok(bytes)
    }

    fn open_next(&mut self) -> Result<(), StoreError> {
        if self.was_last {
            return Err(DAMAGED);
        }
        let mut sealed = std::mem::take(&mut self.ahead);
        // A chunk that is not full is the last; a full one is when nothing follows it.
        if sealed.len() == SEALED {
            self.ahead = self.fetch()?;
        }
        self.was_last = self.ahead.is_empty();
        let nonce = Nonce::assume_unique_for_key(nonce(self.number, self.was_last));
        let plain = self
            .cipher
            .open_in_place(nonce, Aad::from(&self.header), &mut sealed)
            .map_err(|_| DAMAGED)?;
        let length = plain.len();
        if length == 0 {
            return Err(DAMAGED);
        }
        sealed.truncate(length);
        self.chunk = sealed;
        self.used = 0;
        self.number += 1;
        Ok(())
    }

    fn fetch(&mut self) -> Result<Vec<u8>, StoreError> {
        let mut sealed = Vec::with_capacity(SEALED);
        let mut piece = (&mut *self.input).take(SEALED as u64);
        piece.read_to_end(&mut sealed)?;
        Ok(sealed)
    }
}

fn cut_short(cause: std::io::Error) -> StoreError {
    match cause.kind() {
        ErrorKind::UnexpectedEof => CUT_SHORT,
        _ => cause.into(),
    }
}

/// Why a header is not the one that this key writes.
fn refusal(found: &[u8; HEADER_BYTES]) -> StoreError {
    let sum = ring::digest::digest(&ring::digest::SHA256, &found[..56]);
    if found[..4] != MAGIC {
        return StoreError::ExportCorrupt("this is no export");
    }
    if sum.as_ref()[..HEADER_BYTES - 56] != found[56..] {
        return StoreError::ExportCorrupt("the export's header is damaged");
    }
    let version = u16::from_le_bytes([found[4], found[5]]);
    if version != VERSION {
        return StoreError::ExportVersion {
            found: version,
            newest: VERSION,
        };
    }
    StoreError::ExportKeyWrong
}
