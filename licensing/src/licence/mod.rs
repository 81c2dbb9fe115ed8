//! A licence: what is in it. [`crate::signed_licence`] turns it into bytes and back.

mod content;
mod id;
mod tier;

pub use content::{Licence, REVOKED_MAX, Term};
pub use id::{CustomerId, LicenceId, Nonce, OrderId};
pub use tier::{LivenessKinds, Tier};
