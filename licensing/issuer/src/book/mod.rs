//! The state that the records add up to, and the rules by which one more may be added.
//!
//! [`Book::check`] is the only judge: an operation asks it before it signs, the replay of a ledger
//! asks it again for every record.

mod account;
mod devices;
mod licensing;
mod request;
mod rules;
mod state;

pub use account::{GrantAccount, OrderAccount, RevokedLicence};
pub use devices::Issued;
pub use licensing::{Decision, NewLicence, TRIAL_DEVICES};
pub use request::fingerprint_for;
pub use rules::{CLOCK_TOLERANCE, GALLERY_MAX};
pub use state::Book;
