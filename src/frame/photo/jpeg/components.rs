//! What the headers of frame and scan say.

use super::markers::Refused;

/// One colour of the picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Component {
    id: u8,
    /// Blocks in a row of an interleaved scan's unit.
    across: u32,
    /// Rows of blocks in it.
    down: u32,
    quantisation: u8,
}

impl Component {
    /// Blocks in an interleaved scan's unit.
    pub(super) fn blocks_a_unit(&self) -> usize {
        (self.across * self.down) as usize
    }
}

/// The frame header: size and components.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Picture {
    pub(super) progressive: bool,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) components: Vec<Component>,
}

impl Picture {
    /// # Errors
    /// For what the standard or the decoder does not have.
    pub(super) fn parse(content: &[u8], progressive: bool) -> Result<Self, Refused> {
        let bad = Err(Refused::Malformed("has a frame header that is none"));
        let Some(&[precision, h1, h0, w1, w0, count]) = content.first_chunk() else {
            return bad;
        };
        let [height, width] = [[h1, h0], [w1, w0]].map(|side| u16::from_be_bytes(side).into());
        if width == 0 || height == 0 {
            return Err(Refused::Malformed("has no width or no height"));
        }
        if precision != 8 {
            return Err(Refused::Malformed("has samples of other than 8 bits"));
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(Refused::Malformed("has neither 1, 3 nor 4 components"));
        }
        let (listed, rest) = content[6..].as_chunks::<3>();
        if listed.len() != usize::from(count) || !rest.is_empty() {
            return bad;
        }
        let mut components = Vec::new();
        for &[id, sampling, quantisation] in listed {
            let (across, down) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            if !(1..=4).contains(&across) || !(1..=4).contains(&down) {
                return Err(Refused::Malformed("has impossible sampling factors"));
            }
            components.push(Component {
                id,
                across,
                down,
                quantisation,
            });
        }
        Ok(Self {
            progressive,
            width,
            height,
            components,
        })
    }

    /// The frame header again, with other names of the components.
    pub(super) fn content(&self, names: &[u8; 4]) -> Vec<u8> {
        let [height, width] = [self.height, self.width].map(|side| (side as u16).to_be_bytes());
        let count = self.components.len() as u8;
        let mut content = vec![8, height[0], height[1], width[0], width[1], count];
        for (component, &name) in self.components.iter().zip(names) {
            let sampling = (component.across << 4 | component.down) as u8;
            content.extend([name, sampling, component.quantisation]);
        }
        content
    }

    /// Whether the components call themselves red, green and blue.
    pub(super) fn is_named_rgb(&self) -> bool {
        self.components.iter().map(|c| c.id).eq(*b"RGB")
    }

    /// Blocks of a component that hold a part of the picture.
    pub(super) fn blocks(&self, component: usize) -> u32 {
        let most = |side: fn(&Component) -> u32| self.components.iter().map(side).max();
        let Component { across, down, .. } = self.components[component];
        let (widest, highest) = (most(|c| c.across), most(|c| c.down));
        let blocks = |pixels: u32, factor: u32, most: Option<u32>| {
            (pixels * factor).div_ceil(most.unwrap_or(factor) * 8)
        };
        blocks(self.width, across, widest) * blocks(self.height, down, highest)
    }

    /// Units of a scan with several components: all of their blocks in one place.
    pub(super) fn units(&self) -> u32 {
        let units = |pixels: u32, side: fn(&Component) -> u32| {
            let most = self.components.iter().map(side).max();
            pixels.div_ceil(most.unwrap_or(1) * 8)
        };
        units(self.width, |c| c.across) * units(self.height, |c| c.down)
    }
}

/// A component's part in a scan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Part {
    /// Its place in the frame header.
    pub(super) component: usize,
    /// The numbers of its Huffman tables, 0 to 3.
    pub(super) dc: usize,
    pub(super) ac: usize,
}

/// The scan header.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Scan {
    pub(super) parts: Vec<Part>,
    /// The first and last coefficient that it has something of, in the order of a zigzag.
    pub(super) first: u8,
    pub(super) last: u8,
    /// Bits that the coefficients lacked before, 0 where nothing came before; and lack after it.
    pub(super) lacked: u8,
    pub(super) lacks: u8,
}

impl Scan {
    /// # Errors
    /// For what cannot be a scan of this picture.
    pub(super) fn parse(content: &[u8], picture: &Picture) -> Result<Self, Refused> {
        let bad = Err(Refused::Malformed("has a scan header that is none"));
        let Some((&count, rest)) = content.split_first() else {
            return bad;
        };
        let count = usize::from(count);
        if !(1..=picture.components.len()).contains(&count) || rest.len() != count * 2 + 3 {
            return bad;
        }
        let (named, last) = rest.split_at(count * 2);
        let mut parts: Vec<Part> = Vec::new();
        for &[id, tables] in named.as_chunks().0 {
            // Two of one name are taken in their order.
            let unused = |at: &usize| !parts.iter().any(|part| part.component == *at);
            let mut places = 0..picture.components.len();
            let found = places.find(|at| picture.components[*at].id == id && unused(at));
            let Some(component) = found else {
                return bad;
            };
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc > 3 || ac > 3 {
                return bad;
            }
            parts.push(Part { component, dc, ac });
        }
        let scan = Self {
            parts,
            first: last[0],
            last: last[1],
            lacked: last[2] >> 4,
            lacks: last[2] & 15,
        };
        if !picture.progressive {
            // Whatever a sequential scan says here, it has everything.
            return Ok(Self {
                first: 0,
                last: 63,
                lacked: 0,
                lacks: 0,
                ..scan
            });
        }
        if !scan.is_progression() {
            return bad;
        }
        Ok(scan)
    }

    /// Whether spectrum and bits are those of a progressive scan: the first coefficient of any
    /// components, or others of one.
    fn is_progression(&self) -> bool {
        let spectrum = match self.first {
            0 => self.last == 0,
            _ => self.first <= self.last && self.last <= 63 && self.parts.len() == 1,
        };
        spectrum && self.lacks <= 13 && (self.lacked == 0 || self.lacked == self.lacks + 1)
    }

    /// The scan header again, with other names of the components.
    pub(super) fn content(&self, names: &[u8; 4]) -> Vec<u8> {
        let mut content = vec![self.parts.len() as u8];
        for part in &self.parts {
            content.extend([names[part.component], (part.dc << 4 | part.ac) as u8]);
        }
        content.extend([self.first, self.last, self.lacked << 4 | self.lacks]);
        content
    }

    /// Units of the scan: what a restart interval counts.
    pub(super) fn units(&self, picture: &Picture) -> u32 {
        match self.parts.as_slice() {
            [alone] => picture.blocks(alone.component),
            _ => picture.units(),
        }
    }

    /// The parts in the order of a unit's blocks, each as often as it has blocks there.
    pub(super) fn blocks_of_a_unit(&self, picture: &Picture) -> Vec<Part> {
        match self.parts.as_slice() {
            [alone] => vec![*alone],
            several => several
                .iter()
                .flat_map(|part| {
                    let blocks = picture.components[part.component].blocks_a_unit();
                    std::iter::repeat_n(*part, blocks)
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 15] = [8, 0, 97, 0, 130, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];

    #[test]
    fn blocks_and_units_of_a_subsampled_picture() {
        let picture = Picture::parse(&HEADER, false).expect("a header");
        assert_eq!((picture.width, picture.height), (130, 97));
        // 9 × 7 units of 16 × 16 pixels; 17 × 13 blocks of luma, 9 × 7 of colour.
        assert_eq!(picture.units(), 63);
        assert_eq!(picture.blocks(0), 17 * 13);
        assert_eq!(picture.blocks(2), 63);
        let scan = [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0];
        let scan = Scan::parse(&scan, &picture).expect("a scan");
        assert_eq!(scan.units(&picture), 63);
        let blocks: Vec<usize> = scan
            .blocks_of_a_unit(&picture)
            .iter()
            .map(|b| b.dc)
            .collect();
        assert_eq!(blocks, [0, 0, 0, 0, 1, 1]);
        assert_eq!(picture.content(&[1, 2, 3, 4]), HEADER);
        assert_eq!(
            scan.content(&[1, 2, 3, 4]),
            [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]
        );
    }

    #[test]
    fn a_grey_picture_is_read_block_by_block_whatever_its_sampling() {
        let header = [8, 0, 64, 0, 80, 1, 1, 0x22, 0];
        let picture = Picture::parse(&header, false).expect("a header");
        let scan = Scan::parse(&[1, 1, 0, 0, 63, 0], &picture).expect("a scan");
        assert_eq!(scan.units(&picture), 80);
        assert_eq!(scan.blocks_of_a_unit(&picture).len(), 1);
    }

    #[test]
    fn headers_that_are_none_are_refused() {
        let changed = |at: usize, to: u8| {
            let mut header = HEADER;
            header[at] = to;
            Picture::parse(&header, false).is_ok()
        };
        assert!(changed(0, 8) && !changed(0, 12));
        assert!(!changed(5, 2) && !changed(5, 4) && !changed(5, 0));
        assert!(!changed(7, 0x02) && !changed(7, 0x52) && changed(7, 0x41));
        for length in 0..HEADER.len() {
            assert!(Picture::parse(&HEADER[..length], false).is_err());
        }
        let picture = Picture::parse(&HEADER, false).expect("a header");
        for bad in [
            [1, 9, 0, 0, 63, 0].as_slice(),
            &[2, 1, 0, 1, 0, 0, 63, 0],
            &[1, 1, 0x40, 0, 63, 0],
            &[1, 1, 0, 0, 63],
            &[0, 0, 63, 0],
            &[],
        ] {
            assert!(Scan::parse(bad, &picture).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_progressive_scan_has_one_band_and_one_bit() {
        let picture = Picture::parse(&HEADER, true).expect("a header");
        let scan = |bytes: &[u8]| Scan::parse(bytes, &picture).is_ok();
        assert!(scan(&[3, 1, 0, 2, 0, 3, 0, 0, 0, 1]));
        assert!(scan(&[1, 1, 0, 1, 5, 2]) && scan(&[1, 1, 0, 1, 63, 0x21]));
        assert!(!scan(&[1, 1, 0, 0, 63, 0]) && !scan(&[1, 1, 0, 6, 5, 0]));
        assert!(!scan(&[2, 1, 0, 2, 0, 1, 5, 0]) && !scan(&[1, 1, 0, 1, 63, 0x20]));
    }
}
