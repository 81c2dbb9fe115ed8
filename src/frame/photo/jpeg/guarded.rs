//! A file of one sequential scan, as nearly all are, made so that its decoder stumbles where data
//! are missing: that costs nothing, while reading the codes beforehand costs a quarter of decoding.

use super::components::Scan;
use super::headers::Headers;
use super::markers::{EOI, Refused};

/// Bits of one, which begin no code of any table: 16 bytes, each with the zero that says that it is
/// data. A code that the end of the data cuts off goes on with ones and may become another; it and
/// the bits behind it take 31 bits at most, and then there is no code. What the decoder reads ahead
/// are 8 bytes.
const GUARD: [u8; 32] = {
    let mut guard = [0; 32];
    let mut at = 0;
    while at < guard.len() {
        guard[at] = 0xff;
        at += 2;
    }
    guard
};

impl Headers<'_> {
    /// A plain stream whose data end in a guard, also before each restart marker. A decoder that
    /// needs more than there is meets the guard and must refuse it; one that reads all blocks never
    /// does. Nothing is undecided but ones that are missing from the last code of all, which the
    /// guard brings back.
    ///
    /// `None` for other files, and for one whose restart markers do not follow one another.
    ///
    /// # Errors
    /// [`Refused::Malformed`] for what no decoder can follow.
    pub(in crate::frame::photo) fn guarded(mut self) -> Result<Option<Vec<u8>>, Refused> {
        if self.picture.progressive {
            return Ok(None);
        }
        let Some(content) = self.markers.segment()? else {
            return Ok(None);
        };
        let scan = Scan::parse(content, &self.picture)?;
        if scan.parts.len() != self.picture.components.len() {
            return Ok(None);
        }
        self.supply_tables(&scan);
        self.write_scan(&scan, 0)?;
        let interval = u32::from(self.interval);
        let restarts = match interval {
            0 => 0,
            _ => scan.units(&self.picture).div_ceil(interval) - 1,
        };
        for restart in 0..=restarts {
            let begin = self.markers.at;
            let (end, code) = self.markers.find().unwrap_or_else(|| {
                let end = self.markers.bytes.len();
                (end, end)
            });
            self.plain.extend(&self.markers.bytes[begin..end]);
            self.plain.extend(GUARD);
            if restart == restarts {
                break;
            }
            let expected = 0xd0 + (restart % 8) as u8;
            if self.markers.bytes.get(code) != Some(&expected) {
                return Ok(None);
            }
            self.plain.extend([0xff, expected]);
            self.markers.at = code + 1;
        }
        self.plain.extend([0xff, EOI]);
        Ok(Some(self.plain))
    }
}
