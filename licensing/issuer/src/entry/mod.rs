//! What a record says, and its one encoding in bytes. `docs/ledger-format.md` has the table.

mod codec;
mod content;

pub use content::{
    Entry, Grant, Issue, IssueRequest, KeyChange, LedgerId, List, Order, REASON_MAX, Revocation,
    Scope,
};
