//! The vendor's side of Vultus licences.
//!
//! A signing key that is encrypted at rest ([`keyfile`]), the price list ([`price`]), and a ledger
//! ([`ledger`]) from whose records every balance is recomputed: who bought how many seats, which
//! device has which licence, who has had a trial. The rules stand in one place ([`book`]); an
//! operation and the replay of `ledger verify` run the same code.
//!
//! `docs/ledger-format.md` has the byte tables and says what the chain proves and what it does not.
//! Nothing here reaches a device.

#![forbid(unsafe_code)]
#![warn(missing_debug_implementations)]

pub mod book;
pub mod chain;
pub mod customer;
pub mod entry;
pub mod environment;
pub mod error;
pub mod issuer;
pub mod keyfile;
pub mod ledger;
pub mod price;
pub mod record;
pub mod refusal;
pub mod report;
pub mod signer;
pub mod storage;

mod bytes;
mod hex;

/// The bytes of an id that was printed: exactly 32 hexadecimal digits.
#[must_use]
pub fn parse_id(text: &str) -> Option<[u8; 16]> {
    hex::read(text)
}
