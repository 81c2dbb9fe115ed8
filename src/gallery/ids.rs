//! Ids of groups and persons, numbers of faces. The rules of their texts, and what makes ids of
//! texts, are in `text`.

use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Of a text that was checked.
            pub(super) fn from_checked(id: &str) -> Self {
                Self(id.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of a group, unique in its gallery. Upper and lower case differ.
    #[derive(Debug)]
    GroupId
}

id! {
    /// The id of a person, unique in the gallery, not only within a group. Its `Debug` says nothing:
    /// an id is personal data.
    PersonId
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonId(..)")
    }
}

/// The number of a face: counted up by the gallery and never given twice.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FaceId(pub(super) u64);

impl FaceId {
    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// The face of this number, if there is one.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for FaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
