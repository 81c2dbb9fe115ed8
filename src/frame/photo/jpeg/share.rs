//! Which share of a picture its scans have brought.

use super::components::{Picture, Scan};

/// How far one component has come.
struct Arrived {
    blocks: u32,
    /// Of each coefficient the bits that it lacks; `NOTHING` before its first scan.
    lacks: [u8; 64],
    /// Of each coefficient the most blocks that one of its scans has not brought.
    lost: [u32; 64],
}

const NOTHING: u8 = u8::MAX;

impl Arrived {
    fn new(blocks: u32) -> Self {
        Self {
            blocks,
            lacks: [NOTHING; 64],
            lost: [0; 64],
        }
    }

    /// Notes that a scan lost so many of its units.
    fn note(&mut self, scan: &Scan, lost: u32, units: u32) {
        let lost = (u64::from(lost) * u64::from(self.blocks)).div_ceil(u64::from(units));
        for at in usize::from(scan.first)..=usize::from(scan.last) {
            let follows = scan.lacked == 0 || self.lacks[at] == scan.lacked;
            self.lacks[at] = if follows { scan.lacks } else { NOTHING };
            self.lost[at] = self.lost[at].max(lost as u32);
        }
    }

    /// Coefficients that have not come to their last bit.
    fn missing(&self) -> u64 {
        let coefficients = self.lacks.iter().zip(&self.lost);
        let missing = coefficients.map(|(&lacks, &lost)| match lacks {
            0 => u64::from(lost),
            _ => u64::from(self.blocks),
        });
        missing.sum()
    }
}

/// How far all components have come.
pub(super) struct Share(Vec<Arrived>);

impl Share {
    pub(super) fn none_of(picture: &Picture) -> Self {
        let components = 0..picture.components.len();
        Self(
            components
                .map(|at| Arrived::new(picture.blocks(at)))
                .collect(),
        )
    }

    /// Notes that a scan of so many units lost some of them.
    pub(super) fn note(&mut self, scan: &Scan, lost: u32, units: u32) {
        for part in &scan.parts {
            self.0[part.component].note(scan, lost, units);
        }
    }

    /// Whether the component has been in a scan.
    pub(super) fn has_begun(&self, component: usize) -> bool {
        self.0[component].lacks[0] != NOTHING
    }

    /// Whether all components have been in a scan.
    pub(super) fn all_have_begun(&self) -> bool {
        (0..self.0.len()).all(|component| self.has_begun(component))
    }

    /// The share of all coefficients that is missing, 0 to 1; 0 says that all are there.
    pub(super) fn missing(&self) -> f32 {
        let missing: u64 = self.0.iter().map(Arrived::missing).sum();
        let all: u64 = self.0.iter().map(|part| u64::from(part.blocks) * 64).sum();
        if missing == 0 {
            return 0.0;
        }
        (missing as f64 / all as f64) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::super::components::Part;
    use super::*;

    fn scan(components: &[usize], band: (u8, u8), lacked: u8, lacks: u8) -> Scan {
        let part = |&component: &usize| Part {
            component,
            dc: 0,
            ac: 0,
        };
        Scan {
            parts: components.iter().map(part).collect(),
            first: band.0,
            last: band.1,
            lacked,
            lacks,
        }
    }

    fn share() -> Share {
        let header = [8, 0, 80, 0, 80, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
        Share::none_of(&Picture::parse(&header, true).expect("a header"))
    }

    #[test]
    fn a_picture_of_one_scan_lacks_what_that_lost() {
        let mut share = share();
        assert_eq!(share.missing(), 1.0);
        share.note(&scan(&[0, 1, 2], (0, 63), 0, 0), 0, 25);
        assert_eq!(share.missing(), 0.0);
        share.note(&scan(&[0, 1, 2], (0, 63), 0, 0), 5, 25);
        assert_eq!(share.missing(), 0.2);
    }

    #[test]
    fn a_coefficient_is_there_when_its_last_bit_is_there() {
        let mut share = share();
        share.note(&scan(&[0, 1, 2], (0, 0), 0, 1), 0, 25);
        assert!(share.all_have_begun());
        assert_eq!(share.missing(), 1.0);
        share.note(&scan(&[0, 1, 2], (0, 0), 1, 0), 0, 25);
        for component in 0..3 {
            share.note(&scan(&[component], (1, 63), 0, 2), 0, 25);
            share.note(&scan(&[component], (1, 63), 2, 1), 0, 25);
        }
        assert_eq!(share.missing(), 63.0 / 64.0);
        for component in 0..3 {
            share.note(&scan(&[component], (1, 63), 1, 0), 0, 25);
        }
        assert_eq!(share.missing(), 0.0);
    }

    #[test]
    fn a_refinement_of_what_never_came_brings_nothing() {
        let mut share = share();
        share.note(&scan(&[0], (1, 63), 2, 1), 0, 100);
        share.note(&scan(&[0], (1, 63), 1, 0), 0, 100);
        assert_eq!(share.missing(), 1.0);
    }

    #[test]
    fn blocks_that_a_first_scan_lost_are_not_mended_by_the_next() {
        let mut share = share();
        share.note(&scan(&[0, 1, 2], (0, 63), 0, 1), 25, 25);
        share.note(&scan(&[0, 1, 2], (0, 63), 1, 0), 0, 25);
        assert_eq!(share.missing(), 1.0);
    }
}
