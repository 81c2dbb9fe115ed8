//! Tagged fields in strictly rising order: one byte string, one meaning.

use super::{FormatFault, Reader};

/// From here on a tag that this SDK does not know may be skipped.
pub(crate) const OPTIONAL_TAGS: u16 = 0x8000;

/// Fields of a payload, asked for in rising order of their tags.
pub(crate) struct Fields<'a> {
    reader: Reader<'a>,
    /// Read, but not asked for yet.
    ahead: Option<(u16, &'a [u8])>,
    last: Option<u16>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(payload: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(payload),
            ahead: None,
            last: None,
        }
    }

    fn peek(&mut self) -> Result<Option<(u16, &'a [u8])>, FormatFault> {
        if self.ahead.is_none() && !self.reader.is_empty() {
            let tag = self.reader.u16()?;
            let length = self.reader.u16()?;
            let value = self.reader.take(usize::from(length))?;
            if self.last.is_some_and(|last| last >= tag) {
                return Err(FormatFault::Field(tag));
            }
            self.last = Some(tag);
            self.ahead = Some((tag, value));
        }
        Ok(self.ahead)
    }

    /// The value of a field that may be absent. An absent list is never written as an empty one.
    pub(crate) fn optional(&mut self, tag: u16) -> Result<Option<&'a [u8]>, FormatFault> {
        match self.peek()? {
            Some((found, value)) if found == tag => {
                self.ahead = None;
                if value.is_empty() {
                    return Err(FormatFault::Field(tag));
                }
                Ok(Some(value))
            }
            _ => Ok(None),
        }
    }

    /// The value of a field that must be there.
    pub(crate) fn required(&mut self, tag: u16) -> Result<&'a [u8], FormatFault> {
        self.optional(tag)?.ok_or(FormatFault::Field(tag))
    }

    /// The value of a field of a fixed length.
    pub(crate) fn fixed<const N: usize>(&mut self, tag: u16) -> Result<[u8; N], FormatFault> {
        exactly(tag, self.required(tag)?)
    }

    /// Only fields that may be skipped are left.
    pub(crate) fn finish(mut self) -> Result<(), FormatFault> {
        while let Some((tag, _)) = self.peek()? {
            if tag < OPTIONAL_TAGS {
                return Err(FormatFault::Field(tag));
            }
            self.ahead = None;
        }
        Ok(())
    }
}

/// A value of exactly `N` bytes.
pub(crate) fn exactly<const N: usize>(tag: u16, value: &[u8]) -> Result<[u8; N], FormatFault> {
    value.try_into().map_err(|_| FormatFault::Field(tag))
}

/// A value that is a list of items of `N` bytes, at most `max` of them.
pub(crate) fn items<const N: usize>(
    tag: u16,
    value: &[u8],
    max: usize,
) -> Result<&[[u8; N]], FormatFault> {
    let (items, rest) = value.as_chunks::<N>();
    if items.is_empty() || !rest.is_empty() || items.len() > max {
        return Err(FormatFault::Field(tag));
    }
    Ok(items)
}

/// Appends a field.
#[cfg(feature = "issue")]
pub(crate) fn push(payload: &mut Vec<u8>, tag: u16, value: &[u8]) -> Result<(), FormatFault> {
    let length = u16::try_from(value.len()).map_err(|_| FormatFault::Field(tag))?;
    payload.extend(tag.to_le_bytes());
    payload.extend(length.to_le_bytes());
    payload.extend(value);
    Ok(())
}
