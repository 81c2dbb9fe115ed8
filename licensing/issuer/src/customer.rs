//! Customers: a short account code that the vendor chooses, and the id that licences carry.

use crate::refusal::Refusal;
use ring::digest;
use std::fmt;
use vultus_licensing::licence::CustomerId;

/// Longest code in characters.
pub const CODE_MAX: usize = 64;

/// An account code: 1 to 64 of `a-z 0-9 . _ -`, beginning with a letter or digit. One spelling a
/// customer, because a second spelling would be a second trial.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Customer(String);

impl Customer {
    /// The customer of this code.
    ///
    /// # Errors
    /// [`Refusal::CustomerCode`].
    pub fn new(code: &str) -> Result<Self, Refusal> {
        let allowed =
            |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'_' | b'-');
        let begins = code
            .bytes()
            .next()
            .is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !begins || code.len() > CODE_MAX || !code.bytes().all(allowed) {
            return Err(Refusal::CustomerCode);
        }
        Ok(Self(code.to_owned()))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The id in licences: first half of the SHA-256 of a context and the code. It follows from
    /// the code, so that no table has to be kept beside the ledger.
    #[must_use]
    pub fn id(&self) -> CustomerId {
        let mut hash = digest::Context::new(&digest::SHA256);
        hash.update(b"vultus/customer/v1\0");
        hash.update(self.0.as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finish().as_ref()[..16]);
        CustomerId(id)
    }
}

impl fmt::Display for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{CODE_MAX, Customer};

    #[test]
    fn codes_have_one_spelling() {
        let longest = "a".repeat(CODE_MAX);
        for good in ["a", "7", "acme-gates.cn_2", &longest] {
            assert!(Customer::new(good).is_ok(), "{good}");
        }
        let longer = "a".repeat(CODE_MAX + 1);
        for bad in ["", "-a", ".a", "Acme", "a b", "a\n", "ä", &longer] {
            assert!(Customer::new(bad).is_err(), "{bad:?}");
        }
        let id = |code| Customer::new(code).unwrap().id();
        assert_ne!(id("acme"), id("acme2"));
    }
}
