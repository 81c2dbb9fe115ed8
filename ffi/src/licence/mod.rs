//! The device and its licence.

pub mod device;
pub mod grant;
pub mod parts;
