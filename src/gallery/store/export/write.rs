//! Records into a stream.

use super::super::error::StoreError;
use super::super::table::Table;
use super::format::{CHUNK, END, ExportKey, HEADER_BYTES, header, nonce};
use ring::aead::{Aad, LessSafeKey, Nonce};
use std::io::{self, Write};

/// Seals what is written to it, chunk by chunk.
pub(super) struct Sealer<'a> {
    cipher: LessSafeKey,
    header: [u8; HEADER_BYTES],
    chunk: Vec<u8>,
    number: u64,
    out: &'a mut dyn Write,
}

impl<'a> Sealer<'a> {
    pub(super) fn begin(
        key: &ExportKey,
        salt: &[u8; 32],
        out: &'a mut dyn Write,
    ) -> Result<Self, StoreError> {
        let header = header(key, salt);
        out.write_all(&header)?;
        Ok(Self {
            cipher: key.cipher(salt),
            header,
            chunk: Vec::with_capacity(CHUNK + 16),
            number: 0,
            out,
        })
    }

    pub(super) fn record(
        &mut self,
        table: Table,
        key: &[u8],
        record: &[u8],
    ) -> Result<(), StoreError> {
        let key_length = u16::try_from(key.len());
        let key_length = key_length.map_err(|_| StoreError::Unencodable("the key is too long"))?;
        let length = u32::try_from(record.len());
        let length = length.map_err(|_| StoreError::Unencodable("the record is too long"))?;
        self.plain(&[table.tag()])?;
        self.plain(&key_length.to_le_bytes())?;
        self.plain(key)?;
        self.plain(&length.to_le_bytes())?;
        self.plain(record)
    }

    /// Ends the stream with the number of its records.
    pub(super) fn finish(mut self, records: u64) -> Result<(), StoreError> {
        self.plain(&[END])?;
        self.plain(&records.to_le_bytes())?;
        self.seal(true)?;
        Ok(self.out.flush()?)
    }

    fn plain(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            // Only when more follows, so that the last chunk is never empty.
            if self.chunk.len() == CHUNK {
                self.seal(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.chunk.len()));
            self.chunk.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, is_last: bool) -> Result<(), StoreError> {
        let nonce = Nonce::assume_unique_for_key(nonce(self.number, is_last));
        let header = Aad::from(&self.header);
        self.cipher
            .seal_in_place_append_tag(nonce, header, &mut self.chunk)
            .map_err(|_| StoreError::Unencodable("a chunk is too long"))?;
        self.out.write_all(&self.chunk)?;
        self.chunk.clear();
        self.number += 1;
        Ok(())
    }
}

/// One record in clear.
pub(super) fn json_line(
    table: Table,
    key: &[u8],
    record: &[u8],
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, r#"{{"table":"{table:?}","key":""#)?;
    hex(key, out)?;
    out.write_all(br#"","record":""#)?;
    hex(record, out)?;
    out.write_all(b"\"}\n")
}

fn hex(bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for piece in bytes.chunks(1024) {
        let digits: Vec<u8> = piece
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|digit| DIGITS[usize::from(digit)])
            .collect();
        out.write_all(&digits)?;
    }
    Ok(())
}
