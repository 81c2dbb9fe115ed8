//! What may be left of a disk when the power fails.

use crate::disk::{Step, put};
use vultus_test_basics::Rng;

/// What a disk writes whole or not at all; redb asks for one byte only.
const SECTOR: u64 = 512;

/// What may be left of a disk after a power cut: the bytes of the last sync, and of the steps
/// since then whatever it pleased the disk to write.
#[derive(Clone, Debug)]
pub struct PowerCut {
    durable: Vec<u8>,
    pending: Vec<Step>,
}

impl PowerCut {
    pub fn new(bytes: &[u8]) -> Self {
        Self {
            durable: bytes.to_vec(),
            pending: Vec::new(),
        }
    }

    /// The disk does one more step before the power fails.
    pub fn step(&mut self, step: &Step) {
        if matches!(step, Step::Sync) {
            self.durable = self.image(|_| true);
            self.pending.clear();
        } else {
            self.pending.push(step.clone());
        }
    }

    /// Nothing since the last sync was written.
    pub fn none(&self) -> Vec<u8> {
        self.durable.clone()
    }

    /// Everything was.
    pub fn all(&self) -> Vec<u8> {
        self.image(|_| true)
    }

    /// Any sectors and changes of length were; the last of the sectors may be torn at any byte.
    pub fn some(&self, rng: &mut Rng) -> Vec<u8> {
        // Few, half or most of them.
        let share = [10, 50, 90][rng.below(3)];
        let mut image = self.image(|_| rng.below(100) < share);
        if let Some(Step::Write(offset, data)) = self.pending.last() {
            let torn = rng.below(data.len() + 1);
            put(&mut image, *offset, &data[..torn]);
        }
        image
    }

    fn image(&self, mut is_kept: impl FnMut(&Step) -> bool) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        for step in &self.pending {
            match step {
                Step::Resize(length) if is_kept(step) => bytes.resize(*length as usize, 0),
                Step::Write(offset, data) => {
                    let mut at = 0;
                    while at < data.len() {
                        let sector_end = (offset + at as u64) / SECTOR * SECTOR + SECTOR;
                        let end = data.len().min((sector_end - offset) as usize);
                        if is_kept(step) {
                            put(&mut bytes, offset + at as u64, &data[at..end]);
                        }
                        at = end;
                    }
                }
                _ => {}
            }
        }
        bytes
    }
}
