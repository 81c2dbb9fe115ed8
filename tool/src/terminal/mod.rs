//! What every command of the program shares: groups of arguments, opening what they name, results as text or JSON, exit
//! codes.

pub(crate) mod args;
pub(crate) mod device;
mod interrupt;
pub(crate) mod json;
pub(crate) mod opening;
mod outcome;
mod output;

pub(crate) use interrupt::Interrupt;
pub(crate) use outcome::Outcome;
pub(crate) use output::Output;
