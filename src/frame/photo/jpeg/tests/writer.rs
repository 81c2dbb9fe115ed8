//! Writes JPEG files from coefficients, so that tests know every block of them.

use super::super::huffman::Codes;
use super::super::markers::{
    DHT, DQT, DRI, EOI, SOF_PROGRESSIVE, SOF_SEQUENTIAL, SOI, SOS, append,
};
use super::super::standard;
use super::codes::{BitWriter, FLAT, Run};

/// A component: blocks in a unit across and down, and all of its blocks, row by row, each in the
/// order of a zigzag.
pub(super) struct Plane {
    across: usize,
    down: usize,
    blocks: Vec<[i16; 64]>,
}

/// A picture as its coefficients.
pub(super) struct Coefficients {
    width: usize,
    height: usize,
    planes: Vec<Plane>,
}

/// Numbers that look like chance.
fn chance(state: &mut u32) -> u32 {
    *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *state >> 16
}

impl Coefficients {
    /// A picture whose planes are sampled like this.
    pub(super) fn new(width: usize, height: usize, sampling: &[(usize, usize)]) -> Self {
        let mut state = 7;
        let mut coefficients = Self {
            width,
            height,
            planes: vec![],
        };
        let most = |side: fn(&(usize, usize)) -> usize| sampling.iter().map(side).max().unwrap();
        let units = width.div_ceil(8 * most(|s| s.0)) * height.div_ceil(8 * most(|s| s.1));
        for &(across, down) in sampling {
            let blocks = (0..units * across * down)
                .map(|_| block(&mut state))
                .collect();
            coefficients.planes.push(Plane {
                across,
                down,
                blocks,
            });
        }
        coefficients
    }

    fn units_across(&self) -> usize {
        let most = self.planes.iter().map(|p| p.across).max().unwrap();
        self.width.div_ceil(8 * most)
    }

    fn units(&self) -> usize {
        let plane = &self.planes[0];
        plane.blocks.len() / (plane.across * plane.down)
    }

    /// The blocks of each unit of a scan: plane and place in it. One plane alone has blocks that
    /// hold a part of the picture, several have all.
    fn scan(&self, planes: &[usize]) -> Vec<Vec<(usize, usize)>> {
        let most = |side: fn(&Plane) -> usize| self.planes.iter().map(side).max().unwrap();
        if let [alone] = *planes {
            let Plane { across, down, .. } = self.planes[alone];
            let stride = self.units_across() * across;
            let columns = (self.width * across).div_ceil(8 * most(|p| p.across));
            let rows = (self.height * down).div_ceil(8 * most(|p| p.down));
            let places = (0..rows).flat_map(|row| (0..columns).map(move |c| row * stride + c));
            return places.map(|place| vec![(alone, place)]).collect();
        }
        let unit = |unit: usize| {
            let (row, column) = (unit / self.units_across(), unit % self.units_across());
            let mut blocks = vec![];
            for &plane in planes {
                let Plane { across, down, .. } = self.planes[plane];
                for y in 0..down {
                    for x in 0..across {
                        let place = (row * down + y) * self.units_across() * across;
                        blocks.push((plane, place + column * across + x));
                    }
                }
            }
            blocks
        };
        (0..self.units()).map(unit).collect()
    }

    /// The file up to its first scan.
    fn head(&self, sof: u8, interval: u16) -> Vec<u8> {
        let mut bytes = vec![0xff, SOI];
        append(&mut bytes, DQT, &[[0].as_slice(), &[3; 64]].concat());
        let mut frame = vec![8];
        frame.extend((self.height as u16).to_be_bytes());
        frame.extend((self.width as u16).to_be_bytes());
        frame.push(self.planes.len() as u8);
        for (plane, id) in self.planes.iter().zip(1..) {
            frame.extend([id, (plane.across << 4 | plane.down) as u8, 0]);
        }
        append(&mut bytes, sof, &frame);
        if interval > 0 {
            append(&mut bytes, DRI, &interval.to_be_bytes());
        }
        bytes
    }

    /// A file of one scan, with the standard's tables in it or without.
    pub(super) fn baseline(&self, interval: u16, with_tables: bool) -> Vec<u8> {
        let mut bytes = self.head(SOF_SEQUENTIAL, interval);
        if with_tables {
            append_tables(&mut bytes, &standard::DC, &standard::AC);
        }
        let planes: Vec<usize> = (0..self.planes.len()).collect();
        self.sequential_scan(&mut bytes, &planes, interval);
        bytes.extend([0xff, EOI]);
        bytes
    }

    /// A file of one scan for each plane.
    pub(super) fn by_planes(&self, interval: u16) -> Vec<u8> {
        let mut bytes = self.head(SOF_SEQUENTIAL, interval);
        append_tables(&mut bytes, &standard::DC, &standard::AC);
        for plane in 0..self.planes.len() {
            self.sequential_scan(&mut bytes, &[plane], interval);
        }
        bytes.extend([0xff, EOI]);
        bytes
    }

    fn sequential_scan(&self, bytes: &mut Vec<u8>, planes: &[usize], interval: u16) {
        append_scan(bytes, planes, [0, 63, 0], |plane| plane.min(1) as u8 * 0x11);
        let mut before = [0; 4];
        self.units_of(bytes, planes, interval, |bits, plane, block| {
            let Some(block) = block else {
                before = [0; 4];
                return;
            };
            let table = plane.min(1);
            bits.signed(standard::DC[table], 0, block[0] - before[plane]);
            before[plane] = block[0];
            let mut zeros = 0;
            for &value in &block[1..] {
                if value == 0 {
                    zeros += 1;
                    continue;
                }
                while zeros > 15 {
                    bits.symbol(standard::AC[table], 0xf0);
                    zeros -= 16;
                }
                bits.signed(standard::AC[table], zeros, value);
                zeros = 0;
            }
            if zeros > 0 {
                bits.symbol(standard::AC[table], 0);
            }
        });
    }

    /// A file of many scans: first bits, then two more of most coefficients.
    pub(super) fn progressive(&self, interval: u16) -> Vec<u8> {
        let mut bytes = self.head(SOF_PROGRESSIVE, interval);
        append_tables(&mut bytes, &[FLAT], &[FLAT]);
        let all: Vec<usize> = (0..self.planes.len()).collect();
        self.dc_scan(&mut bytes, &all, interval, true);
        for &plane in &all {
            self.ac_scan(&mut bytes, plane, (1, 5), (0, 2), interval);
            self.ac_scan(&mut bytes, plane, (6, 63), (0, 2), interval);
            self.ac_scan(&mut bytes, plane, (1, 63), (2, 1), interval);
        }
        self.dc_scan(&mut bytes, &all, interval, false);
        for &plane in &all {
            self.ac_scan(&mut bytes, plane, (1, 63), (1, 0), interval);
        }
        bytes.extend([0xff, EOI]);
        bytes
    }

    fn dc_scan(&self, bytes: &mut Vec<u8>, planes: &[usize], interval: u16, first: bool) {
        let bits_of_it = if first { 1 } else { 0x10 };
        append_scan(bytes, planes, [0, 0, bits_of_it], |_| 0);
        let mut before = [0; 4];
        self.units_of(bytes, planes, interval, |bits, plane, block| {
            let Some(block) = block else {
                before = [0; 4];
                return;
            };
            if first {
                bits.signed(FLAT, 0, (block[0] >> 1) - before[plane]);
                before[plane] = block[0] >> 1;
            } else {
                bits.put(block[0] as u32 & 1, 1);
            }
        });
    }

    fn ac_scan(
        &self,
        bytes: &mut Vec<u8>,
        plane: usize,
        band: (usize, usize),
        (lacked, lacks): (u8, u8),
        interval: u16,
    ) {
        let header = [band.0 as u8, band.1 as u8, lacked << 4 | lacks];
        append_scan(bytes, &[plane], header, |_| 0);
        let mut run = Run::default();
        self.units_of(bytes, &[plane], interval, |bits, _, block| {
            let Some(block) = block else {
                run.end(bits);
                return;
            };
            let band = &block[band.0..=band.1];
            if lacked == 0 {
                run.first(bits, band, lacks);
            } else {
                run.more(bits, band, lacks);
            }
        });
    }

    /// Writes the units of a scan. `write` gets no block where an interval ends.
    fn units_of(
        &self,
        bytes: &mut Vec<u8>,
        planes: &[usize],
        interval: u16,
        mut write: impl FnMut(&mut BitWriter, usize, Option<&[i16; 64]>),
    ) {
        let mut bits = BitWriter::default();
        for (at, unit) in self.scan(planes).iter().enumerate() {
            if interval > 0 && at > 0 && at % usize::from(interval) == 0 {
                write(&mut bits, 0, None);
                bits.flush();
                let restart = (at / usize::from(interval) - 1) % 8;
                bits.bytes.extend([0xff, 0xd0 + restart as u8]);
            }
            for &(plane, place) in unit {
                write(&mut bits, plane, Some(&self.planes[plane].blocks[place]));
            }
        }
        write(&mut bits, 0, None);
        bits.flush();
        bytes.extend(bits.bytes);
    }
}

/// Few large coefficients in front, small ones here and there, and often nothing.
fn block(state: &mut u32) -> [i16; 64] {
    let mut block = [0; 64];
    block[0] = (chance(state) % 400) as i16 - 200;
    let busy = chance(state) % 4;
    for (at, value) in block.iter_mut().enumerate().skip(1) {
        if chance(state) % 100 < busy * 60 / (at as u32 + 2) + busy {
            let size = 1 << (chance(state) % (7 - at as u32 / 16));
            *value = (chance(state) % (2 * size + 1)) as i16 - size as i16;
        }
    }
    block
}

fn append_tables(bytes: &mut Vec<u8>, dc: &[Codes<'_>], ac: &[Codes<'_>]) {
    let mut content = vec![];
    for (class, tables) in [(0, dc), (0x10, ac)] {
        for (number, codes) in (0..).zip(tables) {
            content.push(class + number);
            content.extend(codes.counts);
            // A first coefficient has at most 15 bits.
            let limit = if class == 0 { 15 } else { 255 };
            content.extend(codes.symbols.iter().map(|&symbol| symbol & limit));
        }
    }
    append(bytes, DHT, &content);
}

fn append_scan(bytes: &mut Vec<u8>, planes: &[usize], band: [u8; 3], tables: impl Fn(usize) -> u8) {
    let mut content = vec![planes.len() as u8];
    for &plane in planes {
        content.extend([plane as u8 + 1, tables(plane)]);
    }
    content.extend(band);
    append(bytes, SOS, &content);
}
