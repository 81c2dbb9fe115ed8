//! A file from its first scan to its end.

use super::components::{Part, Scan};
use super::headers::Headers;
use super::markers::{EOI, Refused, SOS};
use super::progressive::{Ac, FirstOfDc, MoreOfDc};
use super::scan::{Coder, Walked, walk};
use super::sequential::{Block, Sequential};
use super::share::Share;
use super::tables::Class;

/// The most scans of a progressive picture, as many as its decoder takes. Encoders make about ten.
const MOST_SCANS: usize = 100;

/// A file that has been read to its end.
pub(in crate::frame::photo) struct Whole {
    /// The same picture in a stream without anything else.
    pub(in crate::frame::photo) plain: Vec<u8>,
    /// The share of the picture that the file lacks, 0 to 1; 0 when it is whole.
    pub(in crate::frame::photo) missing: f32,
}

/// What is kept between scans.
struct Scans {
    share: Share,
    /// Of each component and block which coefficients are not zero so far; empty before the first
    /// scan that asks.
    seen: Vec<Vec<u64>>,
    count: usize,
    /// The restart interval that the plain stream has.
    written: u16,
}

impl Headers<'_> {
    /// Reads every scan.
    ///
    /// # Errors
    /// [`Refused::Malformed`] for what no decoder can follow. A file that ends early is no error:
    /// it lacks a share.
    pub(in crate::frame::photo) fn read_scans(mut self) -> Result<Whole, Refused> {
        let mut scans = Scans {
            share: Share::none_of(&self.picture),
            seen: vec![Vec::new(); self.picture.components.len()],
            count: 0,
            written: 0,
        };
        // The first scan's marker has been read.
        let mut next = Some(SOS);
        while let Some(code) = next {
            if code == EOI || code == SOS && !self.scan(&mut scans)? {
                break;
            }
            next = self.segment()?.map(|(code, _)| code);
        }
        self.plain.extend([0xff, EOI]);
        Ok(Whole {
            plain: self.plain,
            missing: scans.share.missing(),
        })
    }

    /// Reads one scan; false where nothing may follow it.
    fn scan(&mut self, scans: &mut Scans) -> Result<bool, Refused> {
        let Some(content) = self.markers.segment()? else {
            return Ok(false);
        };
        let scan = Scan::parse(content, &self.picture)?;
        scans.count += 1;
        if scans.count > MOST_SCANS {
            return Err(Refused::Malformed("has more than 100 scans"));
        }
        self.prepare_tables(&scan, &scans.share)?;
        self.write_scan(&scan, scans.written)?;
        scans.written = self.interval;
        let begin = self.markers.at;
        let walked = if self.picture.progressive {
            self.walk_progressive(&scan, &mut scans.seen)
        } else {
            self.walk_sequential(&scan)
        };
        let data = &self.markers.bytes[begin..walked.end];
        self.plain.extend(data);
        self.markers.at = walked.next;
        let units = scan.units(&self.picture);
        scans.share.note(&scan, walked.lost, units);
        Ok(self.picture.progressive || !scans.share.all_have_begun())
    }

    fn prepare_tables(&mut self, scan: &Scan, share: &Share) -> Result<(), Refused> {
        if !self.picture.progressive {
            if scan
                .parts
                .iter()
                .any(|part| share.has_begun(part.component))
            {
                return Err(Refused::Malformed("has a component in two scans"));
            }
            self.supply_tables(scan);
        }
        for (class, number) in self.tables_of(scan) {
            self.tables.prepare(class, number)?;
        }
        Ok(())
    }

    fn walk(&self, scan: &Scan, mut coder: impl Coder) -> Walked {
        let units = scan.units(&self.picture);
        let interval = u32::from(self.interval);
        walk(
            self.markers.bytes,
            self.markers.at,
            units,
            interval,
            &mut coder,
        )
    }

    fn walk_sequential(&self, scan: &Scan) -> Walked {
        let block = |part: &Part| Block {
            dc: self.tables.ready(Class::Dc, part.dc),
            ac: self.tables.ready(Class::Ac, part.ac),
        };
        let blocks = scan.blocks_of_a_unit(&self.picture);
        self.walk(scan, Sequential(blocks.iter().map(block).collect()))
    }

    fn walk_progressive(&self, scan: &Scan, seen: &mut [Vec<u64>]) -> Walked {
        let blocks = scan.blocks_of_a_unit(&self.picture);
        if scan.first > 0 {
            let Part { component, ac, .. } = scan.parts[0];
            let seen = &mut seen[component];
            seen.resize(self.picture.blocks(component) as usize, 0);
            let band = (scan.first, scan.last);
            let table = self.tables.ready(Class::Ac, ac);
            return self.walk(scan, Ac::new(table, band, seen, scan.lacked > 0));
        }
        if scan.lacked > 0 {
            return self.walk(scan, MoreOfDc(blocks.len()));
        }
        let table = |part: &Part| self.tables.ready(Class::Dc, part.dc);
        let tables = blocks.iter().map(table);
        self.walk(scan, FirstOfDc(tables.collect()))
    }
}
