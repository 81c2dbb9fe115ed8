//! Changes to files that an attacker, or a bad cable, would make.

use super::{fields_of, payload_from};
use vultus_test_basics::Rng;

/// Changes bytes a little, in one to three of many ways.
pub fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=rng.below(3) {
        let at = rng.below(bytes.len().max(1));
        let there = !bytes.is_empty();
        match rng.below(9) {
            0 | 1 if there => bytes[at] ^= 1 << rng.below(8),
            2 if there => bytes[at] = rng.byte(),
            3 => bytes.truncate(at),
            4 => bytes.extend((0..rng.below(80)).map(|i| i as u8)),
            5 if there => drop(bytes.drain(at..(at + rng.below(40)).min(bytes.len()))),
            6 => drop(bytes.splice(at..at, other.iter().copied().skip(at).take(rng.below(64)))),
            7 => {
                bytes.truncate(at);
                bytes.extend(other.iter().skip(at));
            }
            // What lies on a length, most of the time.
            8 if bytes.len() > 4 => {
                let at = rng.below(bytes.len() - 3);
                let edge = *rng.pick(&[0, 1, 0x7f, 0xff, 0x100, 0xffff, 4096, 4097, u32::MAX]);
                bytes[at..at + 4].copy_from_slice(&edge.to_le_bytes());
            }
            _ => {}
        }
    }
}

/// Changes fields, or the bytes of the payload.
pub fn mutate_payload(rng: &mut Rng, payload: &[u8], other: &[u8]) -> Vec<u8> {
    let mut fields = fields_of(payload);
    for _ in 0..=rng.below(2) {
        let at = rng.below(fields.len());
        match rng.below(9) {
            0 => drop(fields.remove(at)),
            1 => fields.insert(at, fields[at].clone()),
            2 => fields[at].0 = rng.u64() as u16,
            3 => fields.swap(at, rng.below(at + 1)),
            4 => fields.push((0x8000 | rng.u64() as u16, rng.bytes(9))),
            5 => fields[at] = rng.pick(&fields_of(other)).clone(),
            6 => {
                let length = rng.below(fields[at].1.len() + 1);
                fields[at].1.truncate(length);
            }
            7 => mutate(rng, &mut fields[at].1, &[1, 2, 3]),
            _ if !fields[at].1.is_empty() => {
                let byte = rng.below(fields[at].1.len());
                fields[at].1[byte] ^= 1 << rng.below(8);
            }
            _ => {}
        }
        if fields.is_empty() {
            break;
        }
    }
    let mut payload = payload_from(&fields);
    if rng.below(10) == 0 {
        mutate(rng, &mut payload, other);
    }
    payload
}

/// The payload without the fields that may be skipped.
pub fn without_optional(payload: &[u8]) -> Vec<u8> {
    let mut fields = fields_of(payload);
    fields.retain(|field| field.0 < 0x8000);
    payload_from(&fields)
}
