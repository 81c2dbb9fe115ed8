//! The vendor's side of Vultus licences.
//!
//! A signing key that is encrypted at rest ([`keyfile`]), the price list ([`price`]), and a ledger
//! ([`ledger`]) from whose records every balance is recomputed: who bought how many seats, which
//! device has which licence, who has had a trial. The rules stand in one place ([`book`]); an
//! operation and the replay of `ledger verify` run the same code.
//!
//! `docs/ledger-format.md` has the byte tables and says what the chain proves and what it does not.
//! Nothing here reaches a device.
//!
//! **Order of the files.** A file uses only what comes before it here. The ground is `hex`, `reader`
//! (bounded reading) and `refusal`; then `hash`, `customer` and `price`; `error`; `signer` and
//! `environment`; `keyfile`, `entry`, the content of a record, and `record`, its hash and signature;
//! `book`, the state and its rules, and `storage`; `chain`, which checks records into a book;
//! `ledger`, a chain over a store; `issuer`, the vendor's operations; and `report`. The program
//! `vultus-issuer` stands on top.

#![forbid(unsafe_code)]
#![warn(missing_debug_implementations)]

pub mod book;
pub mod chain;
pub mod customer;
pub mod entry;
pub mod environment;
pub mod error;
pub mod hash;
pub mod issuer;
pub mod keyfile;
pub mod ledger;
pub mod price;
pub mod record;
pub mod refusal;
pub mod report;
pub mod signer;
pub mod storage;

mod hex;
mod reader;

pub use hex::parse_id;
