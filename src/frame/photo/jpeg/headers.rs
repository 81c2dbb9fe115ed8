//! A file up to its first scan.

use super::components::{Picture, Scan};
use super::markers::{
    APP0, APP1, APP14, BEGINNING, DHT, DQT, DRI, EOI, Markers, Refused, SOF_EXTENDED,
    SOF_PROGRESSIVE, SOF_SEQUENTIAL, SOI, SOS, append,
};
use super::tables::{Class, Tables};
use crate::frame::photo::exif;

/// What has been read of a file, and the plain stream that is made of it.
pub(in crate::frame::photo) struct Headers<'a> {
    pub(super) markers: Markers<'a>,
    pub(super) picture: Picture,
    /// What the plain stream calls the components.
    pub(super) names: [u8; 4],
    pub(super) tables: Tables<'a>,
    /// Units of a restart interval; 0 for none.
    pub(super) interval: u16,
    pub(super) plain: Vec<u8>,
    orientation: Option<u8>,
}

/// What the segments before the first scan say of colour.
#[derive(Default)]
struct Colour {
    jfif: bool,
    /// Adobe's number of the transform.
    adobe: Option<u8>,
}

impl<'a> Headers<'a> {
    /// Reads a file up to its first scan.
    ///
    /// # Errors
    /// [`Refused`] for a file that has none, or headers that no decoder can follow.
    pub(in crate::frame::photo) fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        if !bytes.starts_with(BEGINNING) {
            return Err(Refused::Malformed("does not begin as one"));
        }
        let mut headers = Self {
            markers: Markers {
                bytes,
                at: BEGINNING.len(),
            },
            picture: Picture::default(),
            names: [1, 2, 3, 4],
            tables: Tables::default(),
            interval: 0,
            plain: Vec::with_capacity(bytes.len() + 1024),
            orientation: None,
        };
        let mut colour = Colour::default();
        headers.plain.extend(BEGINNING);
        while let Some((code, content)) = headers.segment()? {
            match code {
                EOI => return Err(Refused::Ended),
                SOS => {
                    headers.finish(&colour)?;
                    return Ok(headers);
                }
                _ => headers.heed(code, content, &mut colour)?,
            }
        }
        Err(Refused::Ended)
    }

    /// Width and height in pixels.
    pub(in crate::frame::photo) fn size(&self) -> (u32, u32) {
        (self.picture.width, self.picture.height)
    }

    /// Whether the picture has one component.
    pub(in crate::frame::photo) fn is_grey(&self) -> bool {
        self.picture.components.len() == 1
    }

    /// Which way up the picture is, as EXIF numbers it.
    pub(in crate::frame::photo) fn orientation(&self) -> Option<u8> {
        self.orientation
    }

    /// The next marker with the content of its segment, tables and restart interval taken in; at
    /// the start of a scan and the end of the picture it stands behind the marker. `None` where the
    /// file ends.
    pub(super) fn segment(&mut self) -> Result<Option<(u8, &'a [u8])>, Refused> {
        let Some(code) = self.markers.next() else {
            return Ok(None);
        };
        match code {
            // What the caller reads on from, and markers that stand alone.
            SOS | EOI | 0x01 | 0xd0..=0xd7 => return Ok(Some((code, &[]))),
            SOI => return Err(Refused::Malformed("begins twice")),
            SOF_SEQUENTIAL | SOF_EXTENDED | SOF_PROGRESSIVE
                if !self.picture.components.is_empty() =>
            {
                return Err(Refused::Malformed("has two frame headers"));
            }
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err(Refused::Malformed(
                    "is lossless, hierarchical or coded arithmetically",
                ));
            }
            0x02..=0xbf | 0xc8 | 0xde..=0xdf | 0xf0..=0xfd => {
                return Err(Refused::Malformed("has a marker that is not known"));
            }
            _ => {}
        }
        let Some(content) = self.markers.segment()? else {
            return Ok(None);
        };
        match code {
            DHT => self.tables.define(content)?,
            DQT => append(&mut self.plain, DQT, content),
            DRI => {
                let interval = content.try_into().map(u16::from_be_bytes);
                let bad = Refused::Malformed("has a restart interval that is none");
                self.interval = interval.map_err(|_| bad)?;
            }
            _ => {}
        }
        Ok(Some((code, content)))
    }

    /// Takes in what stands before the first scan alone.
    fn heed(&mut self, code: u8, content: &[u8], colour: &mut Colour) -> Result<(), Refused> {
        match code {
            SOF_SEQUENTIAL | SOF_EXTENDED | SOF_PROGRESSIVE => {
                self.picture = Picture::parse(content, code == SOF_PROGRESSIVE)?;
            }
            APP0 => colour.jfif |= content.len() >= 14 && content.starts_with(b"JFIF\0"),
            APP1 if self.orientation.is_none() => {
                let data = content.strip_prefix(b"Exif\0\0");
                self.orientation = data.and_then(exif::orientation);
            }
            APP14 if content.len() >= 12 && content.starts_with(b"Adobe") => {
                colour.adobe = Some(content[11]);
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes the frame header, and what the decoder goes by to tell the colours apart, as libjpeg
    /// tells them apart: the names of three components, and Adobe's segment beside four.
    fn finish(&mut self, colour: &Colour) -> Result<(), Refused> {
        let picture = &self.picture;
        let is_rgb = match (colour.jfif, colour.adobe) {
            (true, _) => false,
            (false, Some(transform)) => transform == 0,
            (false, None) => picture.is_named_rgb(),
        };
        match (picture.components.len(), colour.adobe) {
            (0, _) => return Err(Refused::Malformed("has a scan without a frame header")),
            (3, _) if is_rgb => self.names = *b"RGB\0",
            (4, Some(transform)) => {
                let transform = if transform == 0 { 0 } else { 2 };
                let content = [b"Adobe\0d\0\0\0\0".as_slice(), &[transform]].concat();
                append(&mut self.plain, APP14, &content);
            }
            _ => {}
        }
        let code = match picture.progressive {
            true => SOF_PROGRESSIVE,
            false => SOF_SEQUENTIAL,
        };
        append(&mut self.plain, code, &picture.content(&self.names));
        Ok(())
    }

    /// The tables that a scan reads with.
    pub(super) fn tables_of(&self, scan: &Scan) -> Vec<(Class, usize)> {
        let dc = scan.parts.iter().map(|part| (Class::Dc, part.dc));
        let ac = scan.parts.iter().map(|part| (Class::Ac, part.ac));
        match (self.picture.progressive, scan.first, scan.lacked) {
            (false, ..) => dc.chain(ac).collect(),
            (true, 0, 0) => dc.collect(),
            (true, 0, _) => vec![],
            (true, ..) => ac.collect(),
        }
    }

    /// Puts the standard's tables where a sequential scan names some that the file does not have.
    pub(super) fn supply_tables(&mut self, scan: &Scan) {
        for (class, number) in self.tables_of(scan) {
            self.tables.supply(class, number);
        }
    }

    /// Writes a scan up to its data: the tables and the restart interval that the plain stream
    /// lacks, and the scan header. `written` is the interval that it has.
    pub(super) fn write_scan(&mut self, scan: &Scan, written: u16) -> Result<(), Refused> {
        for (class, number) in self.tables_of(scan) {
            self.tables.write(class, number, &mut self.plain)?;
        }
        if written != self.interval {
            append(&mut self.plain, DRI, &self.interval.to_be_bytes());
        }
        append(&mut self.plain, SOS, &scan.content(&self.names));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREY: [u8; 9] = [8, 0, 64, 0, 64, 1, 1, 0x11, 0];
    const COLOUR: [u8; 15] = [8, 0, 64, 0, 64, 3, 5, 0x11, 0, 6, 0x11, 0, 7, 0x11, 0];

    fn file(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![0xff, SOI];
        for (code, content) in segments {
            append(&mut bytes, *code, content);
        }
        bytes
    }

    fn refused(bytes: &[u8]) -> Option<Refused> {
        Headers::read(bytes).err()
    }

    #[test]
    fn headers_end_at_the_first_scan() {
        let bytes = file(&[(SOF_SEQUENTIAL, &GREY), (SOS, &[])]);
        let headers = Headers::read(&bytes).expect("headers");
        assert_eq!(headers.size(), (64, 64));
        assert_eq!(headers.markers.at, bytes.len() - 2);
        for length in 2..bytes.len() - 2 {
            assert_eq!(refused(&bytes[..length]), Some(Refused::Ended), "{length}");
        }
        let ended = file(&[(SOF_SEQUENTIAL, &GREY), (EOI, &[])]);
        assert_eq!(refused(&ended), Some(Refused::Ended));
    }

    #[test]
    fn what_no_decoder_can_follow_is_named() {
        let frame = (SOF_SEQUENTIAL, GREY.as_slice());
        for (segments, word) in [
            (vec![(SOS, [].as_slice())], "without a frame header"),
            (vec![frame, frame, (SOS, &[])], "two frame headers"),
            (vec![(SOI, &[]), frame, (SOS, &[])], "begins twice"),
            (vec![(0xc9, &GREY), (SOS, &[])], "arithmetically"),
            (vec![(0xf7, &[]), frame, (SOS, &[])], "not known"),
            (vec![(DRI, &[1]), frame, (SOS, &[])], "restart interval"),
        ] {
            let Some(Refused::Malformed(why)) = refused(&file(&segments)) else {
                panic!("{word}");
            };
            assert!(why.contains(word), "{why}");
        }
        assert!(matches!(refused(b"\xff\xd9"), Some(Refused::Malformed(_))));
        assert!(matches!(refused(b""), Some(Refused::Malformed(_))));
    }

    #[test]
    fn colours_are_told_apart_as_libjpeg_does() {
        const JFIF: (u8, &[u8]) = (APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let adobe = |transform: u8| [b"Adobe\0d\0\0\0\0".as_slice(), &[transform]].concat();
        let mut rgb = COLOUR;
        [rgb[6], rgb[9], rgb[12]] = *b"RGB";
        let names = |before: &[(u8, &[u8])], frame: &[u8]| {
            let segments = [before, &[(SOF_SEQUENTIAL, frame), (SOS, &[])]].concat();
            Headers::read(&file(&segments)).expect("headers").names
        };
        assert_eq!(names(&[], &COLOUR), [1, 2, 3, 4]);
        assert_eq!(names(&[], &rgb), *b"RGB\0");
        assert_eq!(names(&[JFIF], &rgb), [1, 2, 3, 4]);
        assert_eq!(names(&[(APP14, &adobe(0))], &COLOUR), *b"RGB\0");
        assert_eq!(names(&[(APP14, &adobe(1))], &rgb), [1, 2, 3, 4]);
        assert_eq!(names(&[JFIF, (APP14, &adobe(0))], &COLOUR), [1, 2, 3, 4]);
    }

    #[test]
    fn the_first_orientation_counts() {
        let exif = |number: u8| {
            let entry = [0x12, 1, 1, 0, 1, 0, 0, 0, number, 0, 0, 0];
            [b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0".as_slice(), &entry].concat()
        };
        let (none, six, three) = (exif(0), exif(6), exif(3));
        let bytes = file(&[
            (APP1, b"http://ns.adobe.com/xap/1.0/\0"),
            (APP1, &none),
            (APP1, &six),
            (APP1, &three),
            (SOF_SEQUENTIAL, &GREY),
            (SOS, &[]),
        ]);
        let headers = Headers::read(&bytes).expect("headers");
        assert_eq!(headers.orientation(), Some(6));
    }
}
