//! Reads the pages of a damaged file without redb, which gives a file up as a whole. Follows the
//! tree as far as it goes, trusts no number in it, and leaves it to AES-GCM to tell what is real.
//! The layout is redb's file format 3 (its `docs/design.md`).

use super::raw_file::RawFile;
use super::seal::DiskKey;
use std::collections::{HashMap, HashSet};

const PAGE: u64 = 4096;
/// The largest page that one record can fill: 4 MiB and what surrounds it, rounded up.
const ORDER_MAX: u32 = 11;
/// A tree of four billion records is not as deep.
const DEPTH_MAX: usize = 32;
/// File header, and the two commit slots behind its first 64 bytes.
const HEADER: usize = 320;

/// A page's number as it is stored.
pub(super) type PageNumber = [u8; 8];

/// The pages of a file.
pub(super) struct Pages {
    file: Box<dyn RawFile>,
    header: [u8; HEADER],
}

/// The roots of the tables of one commit.
pub(super) type Roots = HashMap<String, PageNumber>;

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(number(bytes, at)?)).ok()
}

impl Pages {
    /// The pages of this file; `None` when it has not even a header.
    pub(super) fn new(file: Box<dyn RawFile>) -> Option<Self> {
        let mut header = [0; HEADER];
        file.read(0, &mut header).ok()?;
        Some(Self { file, header })
    }

    /// The tables of the latest commit, then those of the one before.
    pub(super) fn commits(&self) -> [Roots; 2] {
        let second = usize::from(self.header[9] & 1);
        [second, 1 - second].map(|slot| {
            let slot = &self.header[64 + 128 * slot..][..128];
            let mut roots = Roots::new();
            if let (true, Some(root)) = (slot[1] != 0, number(slot, 8)) {
                self.leaves(root, |_, page| {
                    for (name, definition) in entries(page, None) {
                        // Type 1, length 8, whether there is a root 1, root 8.
                        let root = number(definition, 10);
                        let is_there = definition.get(9).is_some_and(|&flag| flag != 0);
                        let name = std::str::from_utf8(name);
                        if let (true, Some(root), Ok(name)) = (is_there, root, name) {
                            roots.insert(name.to_owned(), root);
                        }
                    }
                });
            }
            roots
        })
    }

    /// Hands the leaves below a page to `visit`. Pages that cannot be read are passed over; damage
    /// can make a leaf turn up that is not of this tree, never one twice.
    pub(super) fn leaves(&self, root: PageNumber, mut visit: impl FnMut(PageNumber, &[u8])) {
        let mut seen = HashSet::new();
        let mut pending = vec![(root, 0)];
        while let Some((at, depth)) = pending.pop() {
            if depth > DEPTH_MAX || !seen.insert(at) {
                continue;
            }
            let Some(page) = self.page(at) else {
                continue;
            };
            match page[0] {
                1 => visit(at, &page),
                2 => {
                    let keys = usize::from(u16::from_le_bytes([page[2], page[3]]));
                    let first = 8 + 16 * (keys + 1);
                    let children = (0..=keys).rev().map(|i| number(&page, first + 8 * i));
                    pending.extend(children.flatten().map(|child| (child, depth + 1)));
                }
                _ => {}
            }
        }
    }

    /// One page, where it lies within the file.
    pub(super) fn page(&self, at: PageNumber) -> Option<Vec<u8>> {
        let at = u64::from_le_bytes(at);
        let order = u32::try_from(at >> 59).ok()?;
        if order > ORDER_MAX {
            return None;
        }
        let pages = |at| u32_at(&self.header, at).map(|pages| pages as u64);
        let (header_pages, data_pages) = (pages(16)?, pages(20)?);
        let region = (at >> 20) & 0xF_FFFF;
        let index = at & (0xF_FFFF >> order);
        let size = PAGE << order;
        // Every factor is below 2^32, and a product that is too large ends outside the file.
        let start = region
            .checked_mul(header_pages + data_pages)?
            .checked_add(1 + header_pages)?
            .checked_mul(PAGE)?
            .checked_add(index * size)?;
        let end = start.checked_add(size)?;
        if end > self.file.size().ok()? {
            return None;
        }
        let mut page = vec![0; usize::try_from(size).ok()?];
        self.file.read(start, &mut page).ok()?;
        Some(page)
    }
}

/// Keys and values of a leaf; keys of a fixed width are stored without their ends.
pub(super) fn entries(
    page: &[u8],
    key_width: Option<usize>,
) -> impl Iterator<Item = (&[u8], &[u8])> {
    let count = usize::from(u16::from_le_bytes([page[2], page[3]]));
    let value_ends = match key_width {
        Some(_) => 4,
        None => 4 + 4 * count,
    };
    let keys = value_ends + 4 * count;
    let key_end = move |i: usize| match key_width {
        Some(width) => Some(keys + width * (i + 1)),
        None => u32_at(page, 4 + 4 * i),
    };
    let value_end = move |i: usize| u32_at(page, value_ends + 4 * i);
    (0..count).filter_map(move |i| {
        let key_start = if i == 0 { keys } else { key_end(i - 1)? };
        let value_start = if i == 0 {
            key_end(count - 1)?
        } else {
            value_end(i - 1)?
        };
        Some((
            page.get(key_start..key_end(i)?)?,
            page.get(value_start..value_end(i)?)?,
        ))
    })
}

/// The value under a key of a leaf of records or bodies.
pub(super) fn value_of<'a>(page: &'a [u8], name: &DiskKey) -> Option<&'a [u8]> {
    let mut entries = entries(page, Some(name.len()));
    Some(entries.find(|(key, _)| key == name)?.1)
}
