//! The Huffman tables that a file has defined so far.

use super::huffman::{Codes, Table};
use super::markers::{DHT, Refused, append};
use super::standard;

const BAD: Refused = Refused::Malformed("has a Huffman table that is none");

/// What the codes of a table are for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Class {
    /// The first coefficient of a block.
    Dc = 0,
    /// The others.
    Ac = 1,
}

/// A table as it was defined; what reads with it is made when a scan needs it.
struct Slot<'a> {
    codes: Codes<'a>,
    table: Option<Table>,
    /// Whether the plain stream has it.
    written: bool,
}

/// By class and number.
#[derive(Default)]
pub(super) struct Tables<'a> {
    slots: [[Option<Slot<'a>>; 4]; 2],
}

impl<'a> Tables<'a> {
    /// Reads the tables of a segment. The last of a number holds.
    ///
    /// # Errors
    /// For tables that are none.
    pub(super) fn define(&mut self, content: &'a [u8]) -> Result<(), Refused> {
        let mut rest = content;
        while let Some((&kind, behind)) = rest.split_first() {
            let (codes, behind) = Codes::split(behind).ok_or(BAD)?;
            let class = match kind >> 4 {
                0 => Class::Dc,
                1 => Class::Ac,
                _ => return Err(BAD),
            };
            let slots = &mut self.slots[class as usize];
            *slots.get_mut(usize::from(kind & 15)).ok_or(BAD)? = Some(Slot::new(codes));
            rest = behind;
        }
        Ok(())
    }

    /// Puts the standard's table where the file has none of this number.
    pub(super) fn supply(&mut self, class: Class, number: usize) {
        let codes = match class {
            Class::Dc => standard::DC.get(number),
            Class::Ac => standard::AC.get(number),
        };
        let slot = &mut self.slots[class as usize][number];
        if slot.is_none() {
            *slot = codes.map(|&codes| Slot::new(codes));
        }
    }

    /// Appends a table to the plain stream where that lacks it.
    ///
    /// # Errors
    /// Where the file has none of this number.
    pub(super) fn write(
        &mut self,
        class: Class,
        number: usize,
        plain: &mut Vec<u8>,
    ) -> Result<(), Refused> {
        let slot = self.slot(class, number)?;
        if !slot.written {
            let kind = (class as u8) << 4 | number as u8;
            let Codes { counts, symbols } = slot.codes;
            append(plain, DHT, &[&[kind], counts.as_slice(), symbols].concat());
            slot.written = true;
        }
        Ok(())
    }

    /// Makes a table ready to read a scan with.
    ///
    /// # Errors
    /// As [`write`](Self::write), and for codes that are none.
    pub(super) fn prepare(&mut self, class: Class, number: usize) -> Result<(), Refused> {
        let slot = self.slot(class, number)?;
        if slot.table.is_none() {
            let sizes = slot.codes.symbols;
            if class == Class::Dc && sizes.iter().any(|&size| size > 15) {
                return Err(BAD);
            }
            slot.table = Some(Table::new(slot.codes)?);
        }
        Ok(())
    }

    fn slot(&mut self, class: Class, number: usize) -> Result<&mut Slot<'a>, Refused> {
        let slot = self.slots[class as usize][number].as_mut();
        slot.ok_or(Refused::Malformed(
            "names a Huffman table that it does not have",
        ))
    }

    /// A table that was made ready.
    pub(super) fn ready(&self, class: Class, number: usize) -> &Table {
        let slot = self.slots[class as usize][number].as_ref();
        let table = slot.and_then(|slot| slot.table.as_ref());
        table.expect("a scan makes its tables ready")
    }
}

impl<'a> Slot<'a> {
    fn new(codes: Codes<'a>) -> Self {
        Self {
            codes,
            table: None,
            written: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_tables_become_the_standards_and_are_written_once() {
        let mut tables = Tables::default();
        let mut plain = Vec::new();
        assert!(tables.write(Class::Dc, 0, &mut plain).is_err());
        assert!(tables.prepare(Class::Dc, 0).is_err());
        for _ in 0..2 {
            tables.supply(Class::Dc, 0);
            tables.supply(Class::Ac, 1);
            assert_eq!(tables.write(Class::Dc, 0, &mut plain), Ok(()));
            assert_eq!(tables.write(Class::Ac, 1, &mut plain), Ok(()));
        }
        let dc_length = 2 + 2 + 17 + 12;
        assert_eq!(plain.len(), dc_length + 2 + 2 + 17 + 162);
        tables.supply(Class::Ac, 2);
        assert!(tables.write(Class::Ac, 2, &mut plain).is_err());
        // What is written is what is read.
        let mut again = Tables::default();
        assert_eq!(again.define(&plain[4..dc_length]), Ok(()));
        let mut copy = Vec::new();
        assert_eq!(again.write(Class::Dc, 0, &mut copy), Ok(()));
        assert_eq!(copy, plain[..dc_length]);
    }

    #[test]
    fn a_files_own_table_comes_before_the_standards() {
        let mut content = vec![0; 17];
        content[1] = 1;
        content.push(9);
        let mut tables = Tables::default();
        assert_eq!(tables.define(&content), Ok(()));
        tables.supply(Class::Dc, 0);
        let mut plain = Vec::new();
        assert_eq!(tables.write(Class::Dc, 0, &mut plain), Ok(()));
        assert_eq!(plain[4..], content);
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        let mut content = vec![0; 18];
        content[1] = 1;
        let defined = |change: fn(&mut Vec<u8>)| {
            let mut content = content.clone();
            change(&mut content);
            let mut tables = Tables::default();
            let class = [Class::Dc, Class::Ac][usize::from(content[0] >> 4 & 1)];
            let number = usize::from(content[0] & 3);
            let defined = tables.define(&content);
            defined.and_then(|()| tables.prepare(class, number))
        };
        assert!(defined(|_| ()).is_ok());
        assert!(defined(|c| c[0] = 0x13).is_ok());
        assert!(defined(|c| c[0] = 4).is_err() && defined(|c| c[0] = 0x20).is_err());
        assert!(defined(|c| c.truncate(17)).is_err() && defined(|c| c.push(0)).is_err());
        assert!(defined(|c| c[1] = 2).is_err());
        // The size of a first coefficient is at most 15 bits.
        assert!(defined(|c| c[17] = 16).is_err());
    }
}
