//! Reading little-endian fields from bytes that may be hostile: every step is bounded, nothing is
//! allocated.

use super::FormatFault;

/// What is left to read.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], FormatFault> {
        let (head, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or(FormatFault::Truncated)?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatFault> {
        let (head, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(FormatFault::Truncated)?;
        self.rest = rest;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, FormatFault> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(crate) fn u16(&mut self) -> Result<u16, FormatFault> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32, FormatFault> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, FormatFault> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// Everything must have been read.
    pub(crate) fn finish(self) -> Result<(), FormatFault> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(FormatFault::TrailingBytes)
        }
    }
}
